/** A bulletin as the pages use it: its blocks, and which figures a new one is best made of. */
import type { Reporting } from '@/api'

export type Bulletin = Reporting['BulletinDetail']
export type Block = Reporting['BlockOut']
export type Kind = Reporting['BulletinKind']
export type Figures = Reporting['VersionKind']

export interface Table {
  columns: { title: string; kind: string }[]
  rows: (string | null)[][]
  note: string
  low: number[]
}

export const KINDS: readonly Kind[] = ['week', 'month', 'quarter', 'half', 'year', 'campaign', 'zero']
/** Kinds that are about one week, with the figures of the moment. */
export const OF_A_WEEK: readonly Kind[] = ['week', 'zero']

const DAY_MS = 86_400_000

/** Mondays of the weeks that end within a period, the latest first; none that begins after today. */
export function weeksOf(period: { starts_on: string; ends_on: string }, today: string): string[] {
  const first = Date.parse(period.starts_on)
  const sunday = first + ((7 - new Date(first).getUTCDay()) % 7) * DAY_MS
  const found: string[] = []
  for (let end = sunday; end <= Date.parse(period.ends_on); end += 7 * DAY_MS) {
    const monday = new Date(end - 6 * DAY_MS).toISOString().slice(0, 10)
    if (monday <= today) found.unshift(monday)
  }
  return found
}

/** The firmest first. */
const FIRM: readonly Figures[] = ['sealed', 'public', 'trial']

export interface Asked {
  kind: Kind
  period_id: string
  figures: Figures
  week_of?: string | null
  campaign_id?: string | null
}

export const firmest = (there: readonly { kind: Figures }[]): Figures =>
  FIRM.find((kind) => there.some((one) => one.kind === kind)) ?? 'live'

export const tableOf = (block: Block): Table | null => block.table as Table | null

export const isWords = (block: Block): boolean => block.kind === 'text' || block.kind === 'heading'

export const textsOf = (bulletin: Bulletin): Record<string, string> =>
  Object.fromEntries(bulletin.blocks.filter((one) => one.kind === 'text').map((one) => [one.id, one.text]))

export interface Words {
  title: string
  addressees: string
  copies: string
  texts: Record<string, string>
}

export const wordsOf = (bulletin: Bulletin): Words => ({
  title: bulletin.title,
  addressees: bulletin.addressees,
  copies: bulletin.copies,
  texts: textsOf(bulletin),
})

/** What was changed and nothing else; null if nothing was. */
export function changes(before: Words, now: Words): Reporting['Edit'] | null {
  const texts = Object.fromEntries(Object.entries(now.texts).filter(([id, text]) => text !== before.texts[id]))
  const found: Reporting['Edit'] = { texts }
  if (now.title !== before.title) found.title = now.title
  if (now.addressees !== before.addressees) found.addressees = now.addressees
  if (now.copies !== before.copies) found.copies = now.copies
  return Object.keys(texts).length || Object.keys(found).length > 1 ? found : null
}

/** The chart of a block as it is drawn here: the service's option, in our frame; its title stands above it. */
export function optionOf(block: Block): Record<string, unknown> {
  const chart = block.chart ?? {}
  const { title: _, ...rest } = chart
  return { animation: false, grid: { left: 8, right: 56, top: 32, bottom: 8, containLabel: true }, ...rest }
}
const ROW = 28
const FRAME = 64
const UPRIGHT = 260
/** Lying bars need room for each name. */
export function heightOf(block: Block): number {
  const axis = (block.chart?.yAxis ?? {}) as { data?: unknown[] }
  return axis.data ? axis.data.length * ROW + FRAME : UPRIGHT
}
