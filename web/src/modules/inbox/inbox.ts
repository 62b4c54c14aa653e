/** Where what waits, or what was told, is dealt with; and until when it can be put off. */
import type { Reporting } from '@/api'

export type Todo = Reporting['TodoOut']
export type Message = Reporting['MessageOut']

const DAY_MS = 86_400_000
const ZONE_MS = 8 * 3_600_000

/** What waits for a second signature is given it in one place. */
const SIGNED = new Set(['confirm_award', 'sign_seal', 'sign_correction'])

/** The address of the page for it; whether there is such a page, and for whom, the router knows. */
export function placeOf(one: Pick<Todo, 'object_kind' | 'object_id'> & { action?: string }): string | null {
  const id = one.object_id
  if (one.action === 'review') return `/review/${id}`
  if (one.action === 'submit') return `/my/submissions/new?target=${id}`
  if (one.action === 'acknowledge') return `/my/tasks/${id}`
  if (one.action && SIGNED.has(one.action)) return '/approvals'
  const pages: Record<string, string> = {
    submission: `/submissions/${id}`,
    appeal: `/appeals/${id}`,
    target: `/my/tasks/${id}`,
    grant: '/security/grants',
    bulletin: `/bulletins/${id}`,
    closing: '/my/scores',
    period: '/my/scores',
    objection: '/publicity',
    entry_appeal: `/appeals/points/${id}`,
  }
  return pages[one.object_kind] ?? null
}

/** Eight in the morning of the bureau, so many days from now. */
export const morningAfter = (days: number, now = Date.now()): string =>
  `${new Date(now + days * DAY_MS + ZONE_MS).toISOString().slice(0, 10)}T08:00:00+08:00`

/** What the object is called in a line: its number or name, as far as they are known. */
export function titleOf(one: {
  facts: Record<string, unknown>
  indicator_name: string | null
  subject_name: string | null
}): string {
  const number = one.facts['number'] ?? one.facts['title'] ?? one.facts['name'] ?? one.facts['valid_to']
  return [one.subject_name, one.indicator_name, typeof number === 'string' ? number : null].filter(Boolean).join(' · ')
}

/** Messages by the day on which they came, in the order in which they are given. */
export function byDay<T extends { at: string }>(messages: readonly T[], dayOf: (at: string) => string) {
  const days: { day: string; items: T[] }[] = []
  for (const one of messages) {
    const day = dayOf(one.at)
    const last = days.at(-1)
    if (last?.day === day) last.items.push(one)
    else days.push({ day, items: [one] })
  }
  return days
}
