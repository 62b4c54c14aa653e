/** A step of a timeline as people read it. */
import { t } from '@/i18n'

import { quantity } from '../format'

export interface Step {
  id: string
  at: string
  actor: string
  /** The absent person in whose place a substitute did it. */
  acts_for_name?: string | null
  action: string
  reason: string | null
  /** Its record in the audit log, once that is chained. */
  audit_seq?: number | null
  audit_hash?: string | null
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** Steps that say little by themselves are folded away. */
const QUIET = new Set([
  'correct',
  'evidence_add',
  'evidence_reuse',
  'evidence_remove',
  'claim',
  'claim_expired',
  'release',
  'restore',
])
const SHOWN: Record<string, (value: unknown) => string> = {
  quantity: (value) => quantity(value as string),
  accepted_quantity: (value) => quantity(value as string),
  points: (value) => quantity(value as string),
  summary: String,
  event_date: String,
}

/** Where a step stands for good, to be sent to others. */
export const linkTo = (step: Step) => `${location.origin}${location.pathname}#step-${step.id}`

export const isQuiet = (step: Step) => QUIET.has(step.action)

/** What changed, in words: `数量 6 → 4`. */
export function changes(step: Step): string[] {
  return Object.keys(SHOWN)
    .filter((key) => key in step.after && step.after[key] !== step.before[key] && step.after[key] !== null)
    .map((key) => {
      const say = SHOWN[key] ?? String
      const before = step.before[key]
      const from = before === undefined || before === null ? '' : `${say(before)} → `
      return `${t(`timeline.field.${key}`)} ${from}${say(step.after[key])}`
    })
}
