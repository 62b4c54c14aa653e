/** Which boards a period has: their series, and the states in which their figures stand still. */
import { computed, type Ref } from 'vue'

import { got, reporting } from '@/api'
import { useRead } from '@/api/read'
import { useAssessment } from '@/app/assessment'

export const keyOf = (one: { series_id: string | null }) => one.series_id ?? 'none'

export function useBoards(kind: Ref<'unit' | 'officer'>, wanted: Ref<string>) {
  const assessment = useAssessment()
  const where = computed(() => ({
    scheme_id: assessment.scheme?.id ?? '',
    period_id: assessment.period?.id ?? '',
  }))
  const ready = computed(() => Boolean(where.value.scheme_id && where.value.period_id))
  const summary = useRead({
    queryKey: computed(() => ['boards', where.value]),
    enabled: ready,
    queryFn: () => got(reporting.GET('/api/reporting/v1/boards/summary', { params: { query: where.value } })),
  })
  const versions = useRead({
    queryKey: computed(() => ['board-versions', where.value]),
    enabled: ready,
    queryFn: () => got(reporting.GET('/api/reporting/v1/boards/versions', { params: { query: where.value } })),
  })
  /** Live figures are always there. */
  const kinds = computed(() => ['live', ...new Set((versions.data?.items ?? []).map((one) => one.kind as string))])
  const choices = computed(() =>
    (summary.data?.boards ?? []).filter((one) => one.subject_kind === kind.value).sort((a, b) => b.ranked - a.ranked),
  )
  /** Series are never mixed: one is always chosen, the largest if nobody did. */
  const series = computed(() => choices.value.find((one) => keyOf(one) === wanted.value) ?? choices.value[0])
  return { where, ready, summary, kinds, choices, series }
}
