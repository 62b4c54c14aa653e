/** What can wait for a signature. */
import type { Org, Reporting, Scoring } from '@/api'

export type Paper =
  | { kind: 'bulletin'; id: string; at: string; of: Reporting['BulletinOut'] }
  | { kind: 'seal'; id: string; at: string; of: Scoring['ClosingOut'] }
  | { kind: 'correction'; id: string; at: string; of: Scoring['CorrectionOut'] }
  | { kind: 'award'; id: string; at: string; of: Scoring['AwardOut'] }
  | { kind: 'recusal'; id: string; at: string; of: Org['RecusalOut'] }
export type PaperKind = Paper['kind']

export const KINDS: readonly PaperKind[] = ['bulletin', 'seal', 'correction', 'award', 'recusal']
/** A closing that lacks nothing but signatures, one of them possibly mine. */
export const isSignable = (one: Scoring['ClosingOut'], account: string | undefined, now = Date.now()): boolean =>
  one.status === 'public' &&
  one.objections_until !== null &&
  Date.parse(one.objections_until) <= now &&
  one.approved_by !== account

/** Oldest first: it has waited longest. */
export const inOrder = (papers: readonly Paper[]): Paper[] => [...papers].sort((a, b) => a.at.localeCompare(b.at))
