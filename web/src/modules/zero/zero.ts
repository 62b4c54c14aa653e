/** Which of the reasons say that nothing was achieved, and which that nothing was to be. */
import type { Reporting } from '@/api'

export type Reason = keyof Reporting['ZeroOut']['counts'] & string
export const REASONS = ['not_submitted', 'rejected', 'waiting', 'leave', 'training', 'not_applicable'] as const
const GRAVE: ReadonlySet<string> = new Set(['not_submitted', 'rejected'])

export const isGrave = (reason: string): boolean => GRAVE.has(reason)

/** The units with most people without points first; those with none are left out. */
export const worstFirst = (units: readonly Reporting['ZeroUnit'][]): Reporting['ZeroUnit'][] =>
  units.filter((one) => one.zero_officers > 0).sort((a, b) => b.zero_officers - a.zero_officers)
