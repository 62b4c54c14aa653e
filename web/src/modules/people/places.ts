/** Changes of where somebody serves: what each kind asks for. */
import type { Org } from '@/api'

export const CHANGES = ['moved', 'lent', 'away', 'beside', 'departed'] as const
export type Change = (typeof CHANGES)[number]

export const KINDS = [
  'moved',
  'secondment',
  'loan',
  'task_detail',
  'concurrent',
  'probation',
  'leave',
  'training',
  'retired',
  'left',
] as const
export type Kind = (typeof KINDS)[number]

const ELSEWHERE: ReadonlySet<Kind> = new Set(['moved', 'secondment', 'loan', 'task_detail', 'concurrent'])
const ENDS: ReadonlySet<Kind> = new Set(['retired', 'left'])

/** The list in which an entry of this kind is found. */
export const listOf = (kind: Kind): Change =>
  kind === 'moved'
    ? 'moved'
    : ENDS.has(kind)
      ? 'departed'
      : kind === 'leave' || kind === 'training'
        ? 'away'
        : kind === 'concurrent' || kind === 'probation'
          ? 'beside'
          : 'lent'

export const goesElsewhere = (kind: Kind): boolean => ELSEWHERE.has(kind)
export const endsService = (kind: Kind): boolean => ENDS.has(kind)

export interface Wish {
  kind: Kind
  unit: string
  post: string
  from: string
  to: string | null
}

/** Several people may be moved at once; everything else is entered one by one. */
export const isComplete = (wish: Wish, people: number): boolean =>
  people > 0 &&
  (wish.kind === 'moved' || people === 1) &&
  (!goesElsewhere(wish.kind) || wish.unit !== '') &&
  (wish.to === null || wish.to >= wish.from)

/** Leave, training and probation are spent in the own unit and post. */
export function postingOf(wish: Wish, who: Org['OfficerOut']): Org['PostingIn'] {
  return {
    officer_id: who.id,
    unit_id: goesElsewhere(wish.kind) ? wish.unit : (who.unit_id ?? ''),
    post: wish.post.trim() || (who.post ?? ''),
    kind: wish.kind as Org['PostingKind'],
    is_primary: false,
    role_coefficient: '1',
    valid_from: wish.from,
    valid_to: wish.to,
  }
}
