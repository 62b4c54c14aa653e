/** Which rows of a long table are drawn, and which pieces of it have to be there for that. */
import type { Reporting } from '@/api'

export type Table = Reporting['ScoreTableOut']
export type Row = Reporting['TableRowOut']
export type Module = Reporting['ModuleColumnOut']

export const ROW_PX = 32
export const PIECE = 200
const AROUND = 8

export interface Span {
  /** The first row that is drawn, and the one after the last. */
  from: number
  to: number
}

/** A few rows more than can be seen, so that a small step needs no drawing. */
export function spanAt(top: number, height: number, total: number): Span {
  const from = Math.max(0, Math.min(Math.floor(top / ROW_PX) - AROUND, total))
  return { from, to: Math.min(total, Math.ceil((top + height) / ROW_PX) + AROUND) }
}

/** The pieces that a span lies in. */
export function piecesOf(span: Span): number[] {
  if (span.to <= span.from) return [0]
  const first = Math.floor(span.from / PIECE)
  return Array.from({ length: Math.floor((span.to - 1) / PIECE) - first + 1 }, (_, n) => first + n)
}

export interface Leaf {
  key: string
  title: string
  marks: string
  /** The place among the cells of a row; null is the module's own figure. */
  cell: number | null
  module: string
}
export interface Head {
  module: string
  name: string
  leaves: Leaf[]
}

export const ALL = 'all'
export const MODULES = 'modules'

/** The heads of the columns that were chosen: all, modules only, or one module with its indicators. */
export function headsOf(modules: readonly Module[], chosen: string, subtotal: string): Head[] {
  let cell = 0
  return modules
    .map((one) => ({
      module: one.module,
      name: one.name,
      leaves: [
        { key: one.module, title: subtotal, marks: one.full_marks, cell: null, module: one.module },
        ...one.indicators.map((indicator) => ({
          key: indicator.id,
          title: indicator.name,
          marks: String(indicator.full_marks),
          cell: cell++,
          module: one.module,
        })),
      ],
    }))
    .filter((one) => chosen === ALL || chosen === MODULES || one.module === chosen)
    .map((one) => (chosen === MODULES ? { ...one, leaves: one.leaves.slice(0, 1) } : one))
}

/** What stands in a column of a row; null is without a figure, which is not zero. */
export const valueOf = (row: Row, leaf: Leaf): string | null =>
  (leaf.cell === null ? row.modules[leaf.module] : row.cells[leaf.cell]) ?? null
