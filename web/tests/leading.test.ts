import { weeksOf } from '@/modules/bulletins/bulletin'
import { describe, expect, it } from 'vitest'

import type { Reporting, Scoring } from '@/api'
import { changes, firmest, type Words } from '@/modules/bulletins/bulletin'
import { inOrder, isSignable, type Paper } from '@/modules/leading/papers'
import { before, ends, percent } from '@/modules/leading/cockpit'

describe('the cockpit', () => {
  it('knows no share of nothing and rounds no share up to the whole', () => {
    expect(percent(0, 0)).toBeNull()
    expect(percent(999, 1000)).toBe(99)
  })
  it('shows the first and the last of a ranking that is too long, and all of one that is not', () => {
    const rows = Array.from({ length: 12 }, (_, n) => n + 1)
    expect(ends(rows, 10, 3)).toEqual({ first: [1, 2, 3, 4, 5, 6, 7], last: [10, 11, 12], between: 2 })
    expect(ends(rows, 12, 3)).toEqual({ first: rows, last: [], between: 0 })
  })
  it('compares with the month before, if there is one', () => {
    const month = (mean: string | null) => ({ mean }) as Reporting['AverageOut']
    expect(before([month('1.000'), month('2.000')])).toBe('1.000')
    expect(before([month('2.000')])).toBeNull()
  })
})

describe('what waits for a signature', () => {
  const closing = (change: Partial<Scoring['ClosingOut']>) =>
    ({
      status: 'public',
      objections_until: '2026-11-01T00:00:00Z',
      approved_by: null,
      ...change,
    }) as Scoring['ClosingOut']
  const now = Date.parse('2026-11-02T00:00:00Z')
  it('is a period whose publicity is over and that I have not signed', () => {
    expect(isSignable(closing({}), 'me', now)).toBe(true)
    expect(isSignable(closing({ approved_by: 'other' }), 'me', now)).toBe(true)
    expect(isSignable(closing({ approved_by: 'me' }), 'me', now)).toBe(false)
    expect(isSignable(closing({ objections_until: '2026-11-03T00:00:00Z' }), 'me', now)).toBe(false)
    expect(isSignable(closing({ status: 'checking' }), 'me', now)).toBe(false)
  })
  it('comes oldest first', () => {
    const paper = (id: string, at: string) => ({ id, at, kind: 'bulletin' }) as Paper
    expect(inOrder([paper('b', '2026-11-02'), paper('a', '2026-11-01')]).map((one) => one.id)).toEqual(['a', 'b'])
  })
})

describe('a bulletin', () => {
  const words: Words = { title: 'T', addressees: 'A', copies: '', texts: { one: 'x', two: 'y' } }
  it('is made of the firmest figures there are', () => {
    expect(firmest([{ kind: 'trial' }, { kind: 'public' }])).toBe('public')
    expect(firmest([])).toBe('live')
  })
  it('sends what was changed and nothing else', () => {
    expect(changes(words, { ...words, texts: { one: 'x', two: 'z' } })).toEqual({ texts: { two: 'z' } })
    expect(changes(words, { ...words, copies: 'C' })).toEqual({ texts: {}, copies: 'C' })
    expect(changes(words, { ...words })).toBeNull()
  })
})

it('offers the weeks that end within the period and have begun', () => {
  const period = { starts_on: '2026-10-26', ends_on: '2026-11-25' }
  expect(weeksOf(period, '2026-11-12')).toEqual(['2026-11-09', '2026-11-02', '2026-10-26'])
  expect(weeksOf({ starts_on: '2026-11-01', ends_on: '2026-11-30' }, '2026-11-01')).toEqual(['2026-10-26'])
})
