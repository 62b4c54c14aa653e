import { describe, expect, it } from 'vitest'

import {
  headsOf,
  MODULES,
  PIECE,
  piecesOf,
  ROW_PX,
  spanAt,
  valueOf,
  type Module,
  type Row,
} from '@/modules/scoretable/grid'

const modules = [
  {
    module: 'a',
    name: 'A',
    full_marks: '60',
    mean: null,
    indicators: [
      { id: '1', code: '1', name: 'one', full_marks: '30' },
      { id: '2', code: '2', name: 'two', full_marks: '30' },
    ],
  },
  {
    module: 'b',
    name: 'B',
    full_marks: '40',
    mean: null,
    indicators: [{ id: '3', code: '3', name: 'three', full_marks: '40' }],
  },
] as unknown as Module[]
const row = { modules: { a: '5.000', b: '0.000' }, cells: ['3.000', null, '0.000'] } as unknown as Row

describe('the score table', () => {
  it('draws a few rows more than are seen, however long it is', () => {
    const { from, to } = spanAt(5000 * ROW_PX, 640, 10_000)
    expect(from).toBeLessThan(5000)
    expect(to - from).toBeLessThan(60)
    expect(spanAt(0, 640, 3)).toEqual({ from: 0, to: 3 })
    expect(spanAt(1e9, 640, 100).to).toBe(100)
  })

  it('reads only the pieces that are drawn', () => {
    expect(piecesOf({ from: 0, to: 30 })).toEqual([0])
    expect(piecesOf({ from: PIECE - 5, to: PIECE + 5 })).toEqual([0, 1])
    expect(piecesOf({ from: PIECE - 5, to: PIECE })).toEqual([0])
    expect(piecesOf({ from: 0, to: 0 })).toEqual([0])
  })

  it('finds the cell of an indicator whatever columns are chosen', () => {
    const [only] = headsOf(modules, 'b', 'sum')
    expect(only?.leaves.map((leaf) => valueOf(row, leaf))).toEqual(['0.000', '0.000'])
    expect(headsOf(modules, MODULES, 'sum').map((head) => head.leaves.length)).toEqual([1, 1])
  })

  it('keeps what is missing apart from zero', () => {
    const [first] = headsOf(modules, 'all', 'sum')
    expect(first?.leaves.map((leaf) => valueOf(row, leaf))).toEqual(['5.000', '3.000', null])
  })
})
