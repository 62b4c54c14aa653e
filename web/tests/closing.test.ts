import { describe, expect, it } from 'vitest'

import { proposedEnd, stepOf, windowOver, type Closing } from '@/modules/closing/closing'

const check = (count: number, blocks: boolean) => ({ code: 'x', count, blocks, zh: '', en: '', link: null })
const trial = { different: 0 } as Closing['trial']
const at = (given: Partial<Closing>): Closing =>
  ({ status: 'checking', checks: [], trial: null, current: false, objections_until: null, ...given }) as Closing

describe('the wizard', () => {
  it('stays at the checks while one blocks, whatever the trial says', () => {
    expect(stepOf(at({ checks: [check(1, true)], trial, current: true }))).toBe(0)
    expect(stepOf(at({ checks: [check(1, false), check(0, true)] }))).toBe(1)
  })

  it('goes to publicity only with a trial that is current and agrees with the ledger', () => {
    expect(stepOf(at({ trial, current: false }))).toBe(1)
    expect(stepOf(at({ trial: { different: 1 } as Closing['trial'], current: true }))).toBe(1)
    expect(stepOf(at({ trial, current: true }))).toBe(2)
  })

  it('goes to the signatures when publicity is over', () => {
    expect(stepOf(at({ status: 'public', objections_until: '2999-01-01T00:00:00Z' }))).toBe(2)
    expect(stepOf(at({ status: 'public', objections_until: '2000-01-01T00:00:00Z' }))).toBe(3)
    expect(windowOver(at({ objections_until: null }))).toBe(false)
  })
})

it('proposes a publicity that ends in the evening of a day of the bureau', () => {
  expect(proposedEnd(Date.parse('2026-11-28T06:00:00Z'))).toBe('2026-12-03T18:00:00+08:00')
})
