/** How each service stands; one that does not answer is shown as such, and hides none of the others. */
import { useQuery } from '@tanstack/vue-query'

import { asProblem, got, org, reporting, scoring, submissions, targets, type Org } from '@/api'

export type Work = Org['WorkOut']
export type Parked = Org['ParkedWorkOut']
export const SERVICES = ['org', 'targets', 'submissions', 'scoring', 'reporting'] as const
export type ServiceName = (typeof SERVICES)[number]
export interface Service {
  name: ServiceName
  work: Work | null
}
const EVERY = 15_000

const read: Record<ServiceName, () => Promise<Work>> = {
  org: () => got(org.GET('/api/org/v1/work')),
  targets: () => got(targets.GET('/api/targets/v1/work')),
  submissions: () => got(submissions.GET('/api/submissions/v1/work')),
  scoring: () => got(scoring.GET('/api/scoring/v1/work')),
  reporting: () => got(reporting.GET('/api/reporting/v1/work')),
}
const again = (path: string) => ({ params: { path: { event_id: path } } })
export const retry: Record<ServiceName, (event: string) => Promise<unknown>> = {
  org: (event) => got(org.POST('/api/org/v1/work/parked/{event_id}/retry', again(event))),
  targets: (event) => got(targets.POST('/api/targets/v1/work/parked/{event_id}/retry', again(event))),
  submissions: (event) => got(submissions.POST('/api/submissions/v1/work/parked/{event_id}/retry', again(event))),
  scoring: (event) => got(scoring.POST('/api/scoring/v1/work/parked/{event_id}/retry', again(event))),
  reporting: (event) => got(reporting.POST('/api/reporting/v1/work/parked/{event_id}/retry', again(event))),
}

/** What one service says; null where it does not answer. Being refused or offline is no answer of a service. */
async function ask(name: ServiceName): Promise<Service> {
  try {
    return { name, work: await read[name]() }
  } catch (error) {
    const { kind } = asProblem(error)
    if (kind === 'forbidden' || kind === 'offline') throw error
    return { name, work: null }
  }
}

export const useWork = () =>
  useQuery({ queryKey: ['work'], refetchInterval: EVERY, queryFn: () => Promise.all(SERVICES.map(ask)) })

export type Look = 'good' | 'warns' | 'bad'

/** Bad: down, or a stream has stopped; a warning: something waits for a person. */
export function lookOf(one: Service): Look {
  const { work } = one
  if (!work || Object.values(work.dependencies).includes(false)) return 'bad'
  if (work.streams.some((stream) => stream.mode === 'halted')) return 'bad'
  return work.parked.length || work.incidents ? 'warns' : 'good'
}
