/** What can be chosen of a board, as it stands in the address. */
import type { Reporting } from '@/api'

export const SPANS = ['month', 'quarter', 'half', 'year'] as const
export const BYS = ['total', 'improvement'] as const

export type Board = Reporting['BoardOut']
export type Row = Board['items'][number]

export interface Chosen {
  span: (typeof SPANS)[number]
  version: Reporting['VersionKind']
  module?: Reporting['ModuleKind']
  by: (typeof BYS)[number]
  appeals: boolean
}
