/** Places within the unit, ties as ties: 1-2-2-4. */
export function rank<T extends { total_milli: number }>(rows: readonly T[]): (T & { rank: number })[] {
  const sorted = [...rows].sort((a, b) => b.total_milli - a.total_milli)
  let last = { total: Number.NaN, rank: 0 }
  return sorted.map((row, index) => {
    if (row.total_milli !== last.total) last = { total: row.total_milli, rank: index + 1 }
    return { ...row, rank: last.rank }
  })
}
