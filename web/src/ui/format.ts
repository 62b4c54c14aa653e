/** How figures, days and moments are written. Decimals stay text: they were exact when they came. */
import { language, t } from '@/i18n'

const ZONE = 'Asia/Shanghai'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOTHING = '—'

type Exact = string | number | null | undefined

const grouped = (whole: string) => whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** A score with two decimals, or three where the third is not nought: `3.00`, `−0.125`, `1,204.50`. */
export function points(value: Exact): string {
  if (value === null || value === undefined) return NOTHING
  const [whole = '0', fraction = ''] = String(value).replace('-', '').split('.')
  const kept = fraction.replace(/0+$/, '').padEnd(2, '0')
  const minus = String(value).startsWith('-') && /[1-9]/.test(whole + fraction) ? '−' : ''
  return `${minus}${grouped(whole)}.${kept}`
}

/** A score that is a difference: always with its sign. */
export function change(value: Exact): string {
  const text = points(value)
  return text === NOTHING || text.startsWith('−') || !/[1-9]/.test(text) ? text : `+${text}`
}

/** A whole number of thousandths as exact text; null stays null. */
export function thousandths(milli: number): string
export function thousandths(milli: number | null | undefined): string | null
export function thousandths(milli: number | null | undefined): string | null {
  if (milli === null || milli === undefined) return null
  const digits = String(Math.abs(milli)).padStart(4, '0')
  return `${milli < 0 ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`
}

/** A difference of two figures in thousandths as exact text; null where one of them is missing. */
export const difference = (milli: number, before: number | null): string | null =>
  before === null ? null : thousandths(milli - before)

/** A quantity without trailing noughts. */
export function quantity(value: Exact): string {
  if (value === null || value === undefined) return NOTHING
  const [whole = '0', fraction = ''] = String(value).split('.')
  const kept = fraction.replace(/0+$/, '')
  const minus = whole.startsWith('-') ? '−' : ''
  return `${minus}${grouped(whole.replace('-', ''))}${kept ? `.${kept}` : ''}`
}

const parts = (moment: Date, options: Intl.DateTimeFormatOptions) =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hourCycle: 'h23', ...options })
      .formatToParts(moment)
      .map((part) => [part.type, part.value]),
  )

/** Today in the bureau's zone, `2026-11-28`. */
export function today(now = new Date()): string {
  const p = parts(now, { year: 'numeric', month: '2-digit', day: '2-digit' })
  return `${p.year}-${p.month}-${p.day}`
}

/** `11月28日` or `28 Nov`, with the year if it is another one. */
export function day(value: string | null | undefined, now = new Date()): string {
  if (!value) return NOTHING
  const moment = new Date(value.length > 10 ? value : `${value}T12:00:00+08:00`)
  const p = parts(moment, { year: 'numeric', month: 'numeric', day: 'numeric' })
  const other = p.year !== String(now.getFullYear())
  if (language() === 'zh-CN') return `${other ? `${p.year}年` : ''}${Number(p.month)}月${Number(p.day)}日`
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE,
    day: 'numeric',
    month: 'short',
    ...(other ? { year: 'numeric' } : {}),
  }).format(moment)
}

/** Day and minute. */
export function moment(value: string | null | undefined, now = new Date()): string {
  if (!value) return NOTHING
  const p = parts(new Date(value), { hour: '2-digit', minute: '2-digit' })
  return `${day(value, now)} ${p.hour}:${p.minute}`
}

function span(milliseconds: number): string {
  if (milliseconds >= DAY) {
    const days = t('time.days', { n: Math.floor(milliseconds / DAY) })
    const hours = Math.floor((milliseconds % DAY) / HOUR)
    if (milliseconds >= 7 * DAY || !hours) return days
    return `${days}${language() === 'zh-CN' ? '' : ' '}${t('time.hours', { n: hours })}`
  }
  if (milliseconds >= HOUR) return t('time.hours', { n: Math.floor(milliseconds / HOUR) })
  return t('time.minutes', { n: Math.max(1, Math.floor(milliseconds / MINUTE)) })
}

/** How long until `deadline`; null when it has passed. */
export function left(deadline: string, now = Date.now()): string | null {
  const remaining = Date.parse(deadline) - now
  return remaining > 0 ? span(remaining) : null
}

export const since = (start: string, now = Date.now()): string => span(Math.max(0, now - Date.parse(start)))

/** `normal`, `soon` (under two days) or `late`: what a deadline looks like. */
export function urgency(deadline: string | null | undefined, now = Date.now()): 'normal' | 'soon' | 'late' {
  if (!deadline) return 'normal'
  const remaining = Date.parse(deadline) - now
  if (remaining <= 0) return 'late'
  return remaining < 2 * DAY ? 'soon' : 'normal'
}

/** `2026-11` as `2026年11月` or `Nov 2026`; other codes as they are. */
export function periodName(code: string): string {
  const found = /^(\d{4})-(\d{2})$/.exec(code)
  if (!found) return code
  const [, year = '', month = ''] = found
  if (language() === 'zh-CN') return `${year}年${Number(month)}月`
  return new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${year}-${month}-15T00:00:00Z`),
  )
}

export function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
