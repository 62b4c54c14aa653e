/** Arithmetic of the grid, in thousandths so that parts add up exactly. The service checks again. */
const MILLI = 1000

export const milli = (text: string): number => (/^\d+(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * MILLI) : 0)
export const text = (value: number): string => String(value / MILLI)

/** `whole` by weights in steps of `step`; what is left goes to the largest remainders, first come first. */
export function divide(whole: number, weights: readonly number[], step: number): number[] {
  const total = weights.reduce((sum, one) => sum + one, 0)
  if (!total || whole <= 0) return weights.map(() => 0)
  const steps = Math.floor(whole / step)
  const exact = weights.map((one) => (steps * one) / total)
  const parts = exact.map(Math.floor)
  const order = exact
    .map((one, index) => ({ index, rest: one - Math.floor(one) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  let open = steps - parts.reduce((sum, one) => sum + one, 0)
  for (const { index } of order) {
    if (!open) break
    parts[index] = (parts[index] ?? 0) + 1
    open--
  }
  const made = parts.map((one) => one * step)
  // Less than a step is left: to the first that has a part, so that nothing gets lost.
  const rest = whole - made.reduce((sum, one) => sum + one, 0)
  const first = weights.findIndex((one) => one > 0)
  if (rest && first >= 0) made[first] = (made[first] ?? 0) + rest
  return made
}

/** Whole things stay whole; what is already in fractions may be split into thousandths. */
export const stepOf = (whole: number): number => (whole % MILLI === 0 ? MILLI : 1)
