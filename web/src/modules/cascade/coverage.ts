/** The heat of units by indicators: rows, columns and the step of each cell. */
import type { Targets } from '@/api'

export type Cell = Targets['HeatCellOut']
type Count = Targets['services__targets__api__board_schemas__CountsOut']['counts'][number]

const STEPS = 5

/** 0 for nothing settled to 4 for all; the step in between is rounded down, so that 4 is said of the whole only. */
export function stepOf(cell: Pick<Cell, 'targets' | 'settled'>): number {
  return cell.targets ? Math.floor((cell.settled / cell.targets) * (STEPS - 1)) : 0
}

export interface Row {
  id: string
  name: string
  cells: Map<string, Cell>
}

export function rowsOf(cells: readonly Cell[]): Row[] {
  const rows = new Map<string, Row & { code: string }>()
  for (const cell of cells) {
    const row = rows.get(cell.unit_id) ?? {
      id: cell.unit_id,
      code: cell.unit_code,
      name: cell.unit_name,
      cells: new Map(),
    }
    row.cells.set(cell.indicator_id, cell)
    rows.set(cell.unit_id, row)
  }
  return [...rows.values()].sort((a, b) => a.code.localeCompare(b.code))
}

/** Level → state → how many. */
export function byLevel(counts: readonly Count[]): { level: number; states: Map<string, number>; all: number }[] {
  const levels = new Map<number, Map<string, number>>()
  for (const one of counts) levels.set(one.level, (levels.get(one.level) ?? new Map()).set(one.state, one.targets))
  return [...levels.entries()]
    .sort(([a], [b]) => a - b)
    .map(([level, states]) => ({ level, states, all: [...states.values()].reduce((sum, n) => sum + n, 0) }))
}
