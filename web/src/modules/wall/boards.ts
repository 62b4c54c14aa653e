/** Which boards there are, which comes next, and what fits on one. */
export const BOARDS = ['ranking', 'progress', 'zero'] as const
export type Board = (typeof BOARDS)[number]
export const ROWS = 12

export const isBoard = (name: string): name is Board => (BOARDS as readonly string[]).includes(name)

export const following = (board: Board): Board => BOARDS[(BOARDS.indexOf(board) + 1) % BOARDS.length] ?? 'ranking'

/** Rows of one board, longest first, as many as can be read at five metres. */
export const fitting = <T>(rows: readonly T[], by: (row: T) => number): T[] =>
  [...rows].sort((a, b) => by(b) - by(a)).slice(0, ROWS)
