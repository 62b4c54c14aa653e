import { describe, expect, it } from 'vitest'

import { rank } from '@/modules/unit/ranking'
import { divide, milli, stepOf } from '@/modules/unit/splitting'
import { rowsOf } from '@/modules/unit/useUnitWork'

describe('splitting', () => {
  it('gives whole things whole, and all of them', () => {
    expect(divide(10_000, [1, 1, 1], stepOf(10_000))).toEqual([4000, 3000, 3000])
  })
  it('adds up to the target whatever the weights', () => {
    for (const whole of [1, 7_000, 12_345, 100_001]) {
      const parts = divide(whole, [3, 0, 1.2, 0.7], stepOf(whole))
      expect(parts.reduce((sum, one) => sum + one, 0)).toBe(whole)
      expect(parts[1]).toBe(0)
    }
  })
  it('reads quantities exactly and takes nothing else', () => {
    expect(milli('0.125')).toBe(125)
    expect(milli('1e3')).toBe(0)
    expect(milli('-1')).toBe(0)
  })
})

it('ranks ties as ties', () => {
  expect(
    rank([{ total_milli: 5 }, { total_milli: 9 }, { total_milli: 5 }, { total_milli: 1 }]).map((one) => one.rank),
  ).toEqual([1, 2, 2, 4])
})

it('counts each target of a person once, returned before everything', () => {
  const target = (id: string) => ({ id, subject_kind: 'officer', subject_id: 'p', status: 'issued' })
  const work = (target_id: string, status: string) => ({ target_id, status })
  const rows = rowsOf(
    [target('a'), target('b'), target('c'), { ...target('d'), status: 'withdrawn' }] as never,
    [work('a', 'accepted'), work('a', 'returned'), work('b', 'in_review')] as never,
  )
  expect(rows.get('p')).toEqual({ id: 'p', targets: 3, open: 1, waiting: 1, returned: 1, done: 0 })
})
