/** The services as typed clients: `await got(org.GET('/api/org/v1/units', { params: { query } }))`. */
import createClient from 'openapi-fetch'

import type { components as OrgParts, paths as OrgPaths } from './generated/org'
import type { components as ReportingParts, paths as ReportingPaths } from './generated/reporting'
import type { components as ScoringParts, paths as ScoringPaths } from './generated/scoring'
import type { components as SubmissionsParts, paths as SubmissionsPaths } from './generated/submissions'
import type { components as TargetsParts, paths as TargetsPaths } from './generated/targets'
import { send } from './transport'

const options = {
  fetch: (request: Request) => send(request),
  querySerializer: { array: { style: 'form', explode: true } },
} as const

export const org = createClient<OrgPaths>(options)
export const targets = createClient<TargetsPaths>(options)
export const submissions = createClient<SubmissionsPaths>(options)
export const scoring = createClient<ScoringPaths>(options)
export const reporting = createClient<ReportingPaths>(options)

export type Org = OrgParts['schemas']
export type Targets = TargetsParts['schemas']
export type Submissions = SubmissionsParts['schemas']
export type Scoring = ScoringParts['schemas']
export type Reporting = ReportingParts['schemas']

/** The body of an answer; what is not a success has been thrown before (`ApiProblem`). */
export async function got<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

interface Page<T> {
  items: T[]
  next: string | null
}

/** Every item of a list that is known to be short (units, indicators, periods), page by page. */
export async function every<T>(page: (after: string | undefined) => Promise<Page<T>>, most = 5000): Promise<T[]> {
  const items: T[] = []
  let after: string | undefined
  do {
    const found = await page(after)
    items.push(...found.items)
    after = found.next ?? undefined
  } while (after && items.length < most)
  return items
}

export { ApiProblem, asProblem } from './problem'
export { newKey, send } from './transport'
