/** A roster on its way to the service; it is checked there. */
import { send, type Org } from '@/api'

export type RosterImport = Org['ImportOut']

export interface Counts {
  rows: number
  importable: number
  errors: number
  warnings: number
  units: { new: number; changed: number; same: number }
  people: Record<Effect, number>
  head_count: { before: number; after: number; percent: number; confirm: boolean }
}
export interface Sheet {
  sheet: string
  kind: 'units' | 'people'
  header_row: number
  headers: string[]
  columns: Record<string, string>
  missing: string[]
  fields: Record<string, string>
}
export const EFFECTS = ['new', 'returned', 'moved', 'changed', 'left'] as const
export type Effect = (typeof EFFECTS)[number] | 'same'

/** Counts are there once the roster is checked. */
export const countsOf = (one: RosterImport): Counts | null => ('people' in one.counts ? (one.counts as never) : null)

export async function sendRoster(file: File): Promise<RosterImport> {
  const body = new FormData()
  body.append('workbook', file)
  const answer = await send(new Request('/api/org/v1/roster/imports', { method: 'POST', body }))
  return (await answer.json()) as RosterImport
}
