/** What the wizard makes of a closing: its step, and where what blocks it is dealt with. */
import type { Scoring } from '@/api'

export type Closing = Scoring['ClosingDetail']
export type Check = Scoring['CheckOut']

export const STEPS = ['checks', 'trial', 'publicity', 'seal', 'sealed'] as const

/** From 0; as many as there are steps when all is done. */
export function stepOf(closing: Closing): number {
  if (closing.status === 'sealed') return STEPS.length
  if (closing.status === 'public') return closing.approved_by || windowOver(closing) ? 3 : 2
  if (closing.trial && closing.current && closing.trial.different === 0) return blocking(closing.checks) ? 0 : 2
  return blocking(closing.checks) ? 0 : 1
}

export const blocking = (checks: readonly Check[]): number => checks.filter((one) => one.blocks && one.count > 0).length

export const windowOver = (closing: Closing, now = Date.now()): boolean =>
  closing.objections_until !== null && Date.parse(closing.objections_until) <= now

/** The page where what a check counts is dealt with; null where there is none. */
export const PAGE_OF: Readonly<Record<string, string>> = {
  undecided: '/review',
  'under-appeal': '/appeals',
  'awards-pending': '/points?state=pending',
  objections: '#objections',
}

const DAY_MS = 86_400_000
const ZONE_MS = 8 * 3_600_000
/** So many days of publicity are proposed; the service refuses fewer than one. */
const USUAL_DAYS = 5

/** The end of publicity that is proposed: at 18:00 of the bureau's day. */
export const proposedEnd = (now = Date.now()): string =>
  `${new Date(now + USUAL_DAYS * DAY_MS + ZONE_MS).toISOString().slice(0, 10)}T18:00:00+08:00`
