import { describe, expect, it } from 'vitest'

import { addressOf, askedAgain, askedBy, questionOf, valueAt, type Answer } from '@/modules/analysis/question'

describe('a question to the work', () => {
  it('begins with the period that is looked at', () => {
    expect(askedBy({}, 'p1')).toMatchObject({
      periods: ['p1'],
      rows: ['branch'],
      column: '',
      measures: ['submissions', 'points'],
    })
  })

  it('is the same question again from its address and from a view', () => {
    const asked = askedBy(
      { periods: 'p1,p2', rows: 'unit,indicator', column: 'state', measures: 'points', states: 'accepted', unit: 'u' },
      'p3',
    )
    expect(askedBy(addressOf(asked) as Record<string, string>, undefined)).toEqual(asked)
    expect(askedAgain(questionOf(asked))).toEqual(asked)
  })

  it('takes nothing from an address that it does not know', () => {
    const asked = askedBy({ rows: 'shoe,unit,unit2', measures: 'grams', column: 'x' }, 'p1')
    expect(asked).toMatchObject({ rows: ['unit'], column: '', measures: ['submissions', 'points'] })
  })

  it('leaves a combination that does not occur without a figure, which is not zero', () => {
    const row = { labels: [], cells: [{ column: 'a', values: ['0'] }] } as unknown as Answer['rows'][number]
    expect([valueAt(row, 'a', 0), valueAt(row, 'b', 0), valueAt(row, 'a', 1)]).toEqual(['0', null, null])
  })
})
