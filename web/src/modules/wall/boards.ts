/** Which boards there are, which comes next, and what fits on one. */
export const BOARDS = ['ranking', 'progress', 'zero'] as const
export type Board = (typeof BOARDS)[number]
export const ROWS = 12

export const isBoard = (name: string): name is Board => (BOARDS as readonly string[]).includes(name)

/** The boards of an address like `?boards=ranking,zero`; without any that is known, all of them. */
export function chosen(given: unknown): Board[] {
  const named = typeof given === 'string' ? given.split(',') : []
  const found = BOARDS.filter((one) => named.includes(one))
  return found.length ? found : [...BOARDS]
}

export const SPEEDS = [10, 15, 30, 60] as const
const SPEED = 15
/** Seconds that a board stays, of an address like `?seconds=30`. */
export const speed = (given: unknown): number => SPEEDS.find((one) => String(one) === given) ?? SPEED

/** The next one of those that take turns. */
export const following = (board: Board, among: readonly Board[] = BOARDS): Board =>
  among[(among.indexOf(board) + 1) % among.length] ?? board

/** Rows of one board, longest first, as many as can be read at five metres. */
export const fitting = <T>(rows: readonly T[], by: (row: T) => number): T[] =>
  [...rows].sort((a, b) => by(b) - by(a)).slice(0, ROWS)
