/** A year as it is shown: twelve months of weeks, each day a working day or not, and why where that is exceptional. */
import type { Targets } from '@/api'

type Exception = Targets['DayOut']
export interface Cell {
  day: string
  number: number
  working: boolean
  /** Only where the day is not what its weekday says. */
  exception: Exception | null
}
const DAYS = 7
const SATURDAY = 5

const iso = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

/** Monday first; days of other months are null. */
export function weeksOf(year: number, month: number, exceptions: ReadonlyMap<string, Exception>): (Cell | null)[][] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const before = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + DAYS - 1) % DAYS
  const cells: (Cell | null)[] = Array.from({ length: before }, () => null)
  for (let number = 1; number <= length; number++) {
    const day = iso(year, month, number)
    const exception = exceptions.get(day) ?? null
    const weekday = (before + number - 1) % DAYS
    cells.push({ day, number, working: exception ? exception.working : weekday < SATURDAY, exception })
  }
  while (cells.length % DAYS) cells.push(null)
  return Array.from({ length: cells.length / DAYS }, (_, week) => cells.slice(week * DAYS, (week + 1) * DAYS))
}

/** The exceptional days with one of them turned round; a day that is again what its weekday says is none any more. */
export function turned(exceptions: readonly Exception[], cell: Cell, name: string): Exception[] {
  const others = exceptions.filter((one) => one.day !== cell.day)
  return cell.exception ? others : [...others, { day: cell.day, working: !cell.working, name }].sort(byDay)
}
const byDay = (a: Exception, b: Exception) => a.day.localeCompare(b.day)

/** Days in a row with one name and arrangement, as a notice would say them. */
export function spansOf(exceptions: readonly Exception[]): { from: string; to: string; one: Exception; n: number }[] {
  const spans: { from: string; to: string; one: Exception; n: number }[] = []
  for (const one of [...exceptions].sort(byDay)) {
    const last = spans.at(-1)
    const joined = last && Date.parse(one.day) - Date.parse(last.to) <= 4 * 86_400_000
    if (joined && last.one.name === one.name && last.one.working === one.working)
      Object.assign(last, { to: one.day, n: last.n + 1 })
    else spans.push({ from: one.day, to: one.day, one, n: 1 })
  }
  return spans
}
