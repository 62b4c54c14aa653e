/** Which closings are or were public, and whether one may still object. */
import type { Scoring } from '@/api'

export type Closing = Scoring['ClosingOut']

/** Newest publicity first; what was never public is not shown. */
export const published = (closings: readonly Closing[]): Closing[] =>
  closings
    .filter((one) => one.public_from !== null && (one.status === 'public' || one.status === 'sealed'))
    .sort((a, b) => (b.public_from ?? '').localeCompare(a.public_from ?? ''))

export const isOpen = (closing: Closing, now = Date.now()): boolean =>
  closing.status === 'public' && closing.objections_until !== null && Date.parse(closing.objections_until) > now
