/** The audit logs of the five services: asked for alike, shown alike. */
import { got, org, reporting, scoring, submissions, targets, type Org } from '@/api'
import { t } from '@/i18n'

export const SERVICES = ['org', 'targets', 'submissions', 'scoring', 'reporting'] as const
export type ServiceName = (typeof SERVICES)[number]
export type AuditRecord = Org['RecordOut']
export type Summary = Org['SummaryOut']
export type Chain = Org['AuditChainOut']
export type Events = Org['ChainOut']

export const isService = (name: string | undefined): name is ServiceName => SERVICES.some((one) => one === name)

export interface Wanted {
  kind?: string | undefined
  action?: string | undefined
  object?: string | undefined
  account?: string | undefined
  request?: string | undefined
  since?: string | undefined
  until?: string | undefined
  limit?: number
  after?: string | undefined
}

export function recordsOf(service: ServiceName, query: Wanted): Promise<{ items: AuditRecord[]; next: string | null }> {
  const params = { query }
  if (service === 'org') return got(org.GET('/api/org/v1/audit/records', { params }))
  if (service === 'targets') return got(targets.GET('/api/targets/v1/audit/records', { params }))
  if (service === 'submissions') return got(submissions.GET('/api/submissions/v1/audit/records', { params }))
  if (service === 'scoring') return got(scoring.GET('/api/scoring/v1/audit/records', { params }))
  return got(reporting.GET('/api/reporting/v1/audit/records', { params }))
}

export function summaryOf(service: ServiceName, days: number): Promise<Summary> {
  const params = { query: { days } }
  if (service === 'org') return got(org.GET('/api/org/v1/audit/summary', { params }))
  if (service === 'targets') return got(targets.GET('/api/targets/v1/audit/summary', { params }))
  if (service === 'submissions') return got(submissions.GET('/api/submissions/v1/audit/summary', { params }))
  if (service === 'scoring') return got(scoring.GET('/api/scoring/v1/audit/summary', { params }))
  return got(reporting.GET('/api/reporting/v1/audit/summary', { params }))
}

export function verifyLog(service: ServiceName): Promise<Chain> {
  if (service === 'org') return got(org.POST('/api/org/v1/audit/verify'))
  if (service === 'targets') return got(targets.POST('/api/targets/v1/audit/verify'))
  if (service === 'submissions') return got(submissions.POST('/api/submissions/v1/audit/verify'))
  if (service === 'scoring') return got(scoring.POST('/api/scoring/v1/audit/verify'))
  return got(reporting.POST('/api/reporting/v1/audit/verify'))
}

export function verifyEvents(service: ServiceName): Promise<Events> {
  if (service === 'org') return got(org.POST('/api/org/v1/integrity/verify'))
  if (service === 'targets') return got(targets.POST('/api/targets/v1/integrity/verify'))
  if (service === 'submissions') return got(submissions.POST('/api/submissions/v1/integrity/verify'))
  if (service === 'scoring') return got(scoring.POST('/api/scoring/v1/integrity/verify'))
  return got(reporting.POST('/api/reporting/v1/integrity/verify'))
}

/** What each tab of the log asks for; `service` where only one has such records. */
export const TABS: Readonly<Record<string, { kind?: string; action?: string; service?: ServiceName }>> = {
  all: {},
  signins: { kind: 'session', service: 'org' },
  refused: { action: 'sign-in-refused', service: 'org' },
  grants: { kind: 'grant', service: 'org' },
  exports: { action: 'exported' },
}

const DAY_MS = 86_400_000
const startOf = (day: string | undefined) => (day ? new Date(`${day}T00:00:00+08:00`) : undefined)

/** What the filters of the page ask of which service; both days count whole. */
export function askedBy(filters: Record<string, string | undefined>): { service: ServiceName; wanted: Wanted } {
  const tab = TABS[filters.tab ?? 'all'] ?? {}
  const last = startOf(filters.until)
  return {
    service: tab.service ?? (isService(filters.service) ? filters.service : 'org'),
    wanted: {
      kind: tab.kind ?? filters.kind,
      action: tab.action ?? filters.action,
      object: filters.object?.trim() || undefined,
      account: filters.account,
      request: filters.request?.trim() || undefined,
      since: startOf(filters.since)?.toISOString(),
      until: last && new Date(last.getTime() + DAY_MS).toISOString(),
    },
  }
}

/** The whole log as a file, with the same filters. */
export function exportPath(service: ServiceName, wanted: Wanted, format: 'csv' | 'jsonl'): string {
  const query = new URLSearchParams({ format })
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, String(value))
  return `/api/${service}/v1/audit/export?${query}`
}

/** A word of the log in words: `sign-in-refused` by the table of the pages, or as it is if they have none for it. */
export function word(group: 'actions' | 'kinds', name: string): string {
  const key = `audit.${group}.${name.replace(/[-.]/g, '_')}`
  const found = t(key)
  return found === key ? name.replace(/[-_.]/g, ' ') : found
}

export interface Change {
  name: string
  before: string | null
  after: string | null
}

const shown = (value: unknown): string =>
  value === null || value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value)

/** What is different between before and after, by name; what only one of the two has is missing in the other. */
export function changesOf(record: Pick<AuditRecord, 'before' | 'after'>): Change[] {
  const names = [...new Set([...Object.keys(record.before), ...Object.keys(record.after)])].sort()
  return names
    .map((name) => ({
      name,
      before: name in record.before ? shown(record.before[name]) : null,
      after: name in record.after ? shown(record.after[name]) : null,
    }))
    .filter((one) => one.before !== one.after)
}

const KEPT_DAYS = 180

/** Since when the log reaches back, in days; null while it is empty. Under 180 days only a young installation is right. */
export const reachOf = (summaries: readonly Summary[], now = Date.now()): number | null => {
  const first = summaries.flatMap((one) => (one.first_at ? [Date.parse(one.first_at)] : []))
  return first.length ? Math.floor((now - Math.min(...first)) / DAY_MS) : null
}
export const reachesFar = (days: number | null): boolean => days !== null && days >= KEPT_DAYS

export interface Tally {
  service: ServiceName
  action: string
  kind: string
  count: number
  by_night: number
  last_at: string
}

export const talliesOf = (found: readonly { service: ServiceName; summary: Summary }[]): Tally[] =>
  found
    .flatMap(({ service, summary }) => summary.tallies.map((one) => ({ ...one, service })))
    .sort((a, b) => b.count - a.count)

export const countOf = (tallies: readonly Tally[], fits: (one: Tally) => boolean, of: 'count' | 'by_night' = 'count') =>
  tallies.filter(fits).reduce((total, one) => total + one[of], 0)
