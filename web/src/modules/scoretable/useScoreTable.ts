/** The table of one choice, read piece by piece as it is scrolled. */
import { useQueries } from '@tanstack/vue-query'
import { computed, reactive, ref, type Ref } from 'vue'

import { got, reporting } from '@/api'

import { PIECE, piecesOf, type Row, type Span, type Table } from './grid'

export interface Choice {
  scheme_id: string
  period_id: string
  subject_kind: 'unit' | 'officer'
  series_id?: string | undefined
  unassigned?: boolean
  version: 'live' | 'trial' | 'public' | 'sealed'
}
const FRESH = 30_000
export const MOST_PRINTED = 1000

const read = (choice: Choice, start: number, limit: number): Promise<Table> =>
  got(reporting.GET('/api/reporting/v1/score-table', { params: { query: { ...choice, start, limit } } }))

export function useScoreTable(choice: Ref<Choice | null>) {
  const span = ref<Span>({ from: 0, to: 0 })
  const pieces = computed(() => [...new Set([0, ...piecesOf(span.value)])])
  const answers = useQueries({
    queries: computed(() =>
      pieces.value.map((piece) => ({
        queryKey: ['score-table', choice.value, piece],
        enabled: choice.value !== null,
        staleTime: FRESH,
        queryFn: () => read(choice.value as Choice, piece * PIECE, PIECE),
      })),
    ),
  })
  const head = computed(() => answers.value[0])
  const kept = computed(() => new Map(pieces.value.map((piece, n) => [piece, answers.value[n]?.data?.rows])))
  const rowAt = (at: number): Row | undefined => kept.value.get(Math.floor(at / PIECE))?.[at % PIECE]
  /** All rows, for paper. */
  async function all(): Promise<Row[]> {
    const given = choice.value as Choice
    const rows: Row[] = []
    const total = head.value?.data?.total ?? 0
    while (rows.length < total) {
      const more = (await read(given, rows.length, 500)).rows
      if (!more.length) break
      rows.push(...more)
    }
    return rows
  }
  const query = reactive({
    data: computed(() => head.value?.data),
    error: computed(() => head.value?.error),
    isPending: computed(() => head.value?.isPending ?? true),
    isFetching: computed(() => answers.value.some((one) => one.isFetching)),
    refetch: () => Promise.all(answers.value.map((one) => one.refetch())),
  })
  return { query, span, rowAt, all }
}
