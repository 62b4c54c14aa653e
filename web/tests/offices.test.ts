import { describe, expect, it } from 'vitest'

import { byLevel, rowsOf, stepOf, type Cell } from '@/modules/cascade/coverage'
import { isOpen, published, type Closing } from '@/modules/publicity/publicity'
import { chosen, fitting, following, isBoard, ROWS, speed } from '@/modules/wall/boards'
import { worstFirst } from '@/modules/zero/zero'

describe('the heat of units by indicators', () => {
  it('is darkest for the whole only, and white for nothing', () => {
    expect([0, 1, 99, 100].map((settled) => stepOf({ targets: 100, settled }))).toEqual([0, 0, 3, 4])
    expect(stepOf({ targets: 0, settled: 0 })).toBe(0)
  })
  it('has a row a unit, by code, and no cell where there is no target', () => {
    const cell = (unit: string, indicator_id: string) =>
      ({ unit_id: unit, unit_code: unit, unit_name: unit, indicator_id, targets: 1, settled: 0 }) as Cell
    const rows = rowsOf([cell('B', '1'), cell('A', '1'), cell('B', '2')])
    expect(rows.map((one) => [one.name, [...one.cells.keys()]])).toEqual([
      ['A', ['1']],
      ['B', ['1', '2']],
    ])
  })
  it('adds up the states of each level', () => {
    const found = byLevel([
      { level: 2, state: 'issued', targets: 3 },
      { level: 1, state: 'draft', targets: 1 },
      { level: 2, state: 'refused', targets: 4 },
    ])
    expect(found.map((one) => [one.level, one.all])).toEqual([
      [1, 1],
      [2, 7],
    ])
  })
})

describe('public notice', () => {
  const closing = (change: Partial<Closing>) =>
    ({ status: 'public', public_from: '2026-11-01', objections_until: '2026-11-05T10:00:00Z', ...change }) as Closing
  it('shows what is or was public, the newest first', () => {
    const all = [
      closing({ public_from: '2026-10-01', status: 'sealed' }),
      closing({}),
      closing({ status: 'withdrawn' }),
      closing({ status: 'checking', public_from: null }),
    ]
    expect(published(all).map((one) => one.public_from)).toEqual(['2026-11-01', '2026-10-01'])
  })
  it('takes objections until its last moment', () => {
    expect(isOpen(closing({}), Date.parse('2026-11-05T09:59:59Z'))).toBe(true)
    expect(isOpen(closing({}), Date.parse('2026-11-05T10:00:00Z'))).toBe(false)
    expect(isOpen(closing({ status: 'sealed' }), 0)).toBe(false)
  })
})

describe('the wall', () => {
  it('turns through all boards and begins again', () => {
    expect(chosen('zero,unheard,ranking')).toEqual(['ranking', 'zero'])
    expect(chosen(undefined)).toHaveLength(3)
    expect([speed('30'), speed('7'), speed(undefined)]).toEqual([30, 15, 15])
    expect(following('ranking')).toBe('progress')
    expect(following('zero')).toBe('ranking')
    expect(isBoard('all')).toBe(false)
    expect(following('ranking', ['ranking', 'zero'])).toBe('zero')
  })
  it('shows as many rows as can be read, the largest first', () => {
    const rows = Array.from({ length: 30 }, (_, n) => n)
    expect(fitting(rows, (n) => n)).toEqual(Array.from({ length: ROWS }, (_, n) => 29 - n))
  })
})

it('leaves units in which nobody is without points out of the zero drive', () => {
  const unit = (name: string, zero_officers: number) => ({ unit_id: name, name, zero_officers, exempt_officers: 0 })
  expect(worstFirst([unit('a', 0), unit('b', 1), unit('c', 5)]).map((one) => one.name)).toEqual(['c', 'b'])
})
