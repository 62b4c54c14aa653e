/** Outcomes of the checks that the system makes by itself. */
import type { Scoring } from '@/api'
import { t } from '@/i18n'
import { today } from '@/ui/format'

export type Run = Scoring['services__scoring__api__verification__RunOut']
export type Light = 'whole' | 'broken' | 'unchecked'

/** The latest of each check; they come the latest first. */
export const latestOf = (runs: readonly Run[]): Run[] =>
  runs.filter((run, place) => runs.findIndex((other) => other.name === run.name) === place)

/** Red if any check that was the latest of its kind failed, amber if none was made today, else green. */
export function lightOf(latest: readonly Run[], now = new Date()): Light {
  if (latest.some((run) => run.failures > 0)) return 'broken'
  return latest.some((run) => today(new Date(run.ended_at)) === today(now)) ? 'whole' : 'unchecked'
}

export function checkName(name: string): string {
  const key = `audit.checks.${name.replace(/-/g, '_')}`
  const found = t(key)
  return found === key ? name : found
}
