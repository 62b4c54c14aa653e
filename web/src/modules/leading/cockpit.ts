/** What the cockpit makes of its answer: shares for the eye, and which rows fit into the little room there is. */
import type { Reporting } from '@/api'

export type Cockpit = Reporting['CockpitOut']
export type Told = Reporting['ExceptionOut']

/** Whole percent; null where there is nothing to be a share of. */
export const percent = (part: number, whole: number): number | null => (whole ? Math.floor((part / whole) * 100) : null)

/** The first and the last of a ranking, with a gap between, if it does not fit whole. */
export function ends<T>(
  rows: readonly T[],
  room: number,
  lastOnes: number,
): { first: T[]; last: T[]; between: number } {
  if (rows.length <= room) return { first: [...rows], last: [], between: 0 }
  const first = rows.slice(0, room - lastOnes)
  const last = rows.slice(-lastOnes)
  return { first, last, between: rows.length - first.length - last.length }
}

/** The mean of the month before the last one shown. */
export const before = (months: readonly Reporting['AverageOut'][]): string | null => months.at(-2)?.mean ?? null
