/** What is asked of the work, as it stands in the address, so that a link is the question. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

import type { Reporting } from '@/api'

export type Question = Reporting['Question']
export type Answer = Reporting['AnalysisOut']
export const SIDES = ['indicator', 'branch', 'unit', 'officer', 'period', 'state'] as const
export const MEASURES = ['submissions', 'quantity', 'accepted', 'points'] as const
export const STATES = [
  'submitted',
  'in_review',
  'returned',
  'accepted',
  'refused',
  'under_appeal',
  'upheld',
  'changed',
  'closed',
] as const
export type Side = (typeof SIDES)[number]
export type Measure = (typeof MEASURES)[number]

export interface Asked {
  periods: string[]
  rows: Side[]
  column: Side | ''
  measures: Measure[]
  states: string[]
  unit: string
}

const listOf = (value: LocationQuery[string] | undefined) =>
  typeof value === 'string' && value ? value.split(',') : []
const known = <T extends string>(all: readonly T[], given: string[]) => all.filter((one) => given.includes(one))
/** In the order that was asked for. */
const ordered = <T extends string>(all: readonly T[], given: string[]) =>
  given.filter((one): one is T => (all as readonly string[]).includes(one))

export function askedBy(query: LocationQuery, period: string | undefined): Asked {
  const rows = ordered(SIDES, listOf(query.rows)).slice(0, 3)
  const measures = known(MEASURES, listOf(query.measures))
  const periods = listOf(query.periods)
  return {
    periods: periods.length ? periods : period ? [period] : [],
    rows: rows.length ? rows : ['branch'],
    column: ordered(SIDES, listOf(query.column))[0] ?? '',
    measures: measures.length ? measures : ['submissions', 'points'],
    states: known(STATES, listOf(query.states)),
    unit: typeof query.unit === 'string' ? query.unit : '',
  }
}

export const addressOf = (asked: Asked): LocationQueryRaw => ({
  periods: asked.periods.join(','),
  rows: asked.rows.join(','),
  column: asked.column || undefined,
  measures: asked.measures.join(','),
  states: asked.states.join(',') || undefined,
  unit: asked.unit || undefined,
})

export const questionOf = (asked: Asked): Question =>
  ({
    period_id: asked.periods,
    rows: asked.rows,
    column: asked.column || null,
    measure: asked.measures,
    state: asked.states,
    unit_id: asked.unit || null,
  }) as Question

export const askedAgain = (question: Question): Asked => ({
  periods: [...question.period_id],
  rows: [...(question.rows ?? ['branch'])] as Side[],
  column: (question.column ?? '') as Side | '',
  measures: [...(question.measure ?? ['submissions'])] as Measure[],
  states: [...(question.state ?? [])],
  unit: question.unit_id ?? '',
})

/** What stands at a row, a column and a measure; null where the combination does not occur. */
export function valueAt(row: Answer['rows'][number], column: string, measure: number): string | null {
  const cell = row.cells.find((one) => one.column === column)
  const found = cell?.values[measure]
  return found === undefined ? null : String(found)
}
