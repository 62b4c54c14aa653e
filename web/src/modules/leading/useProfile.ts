/** A unit beside its series: the places it has, module by module, over time. */
import { computed, type Ref } from 'vue'

import { asProblem, got, reporting, type Reporting } from '@/api'
import { useRead } from '@/api/read'
import { useAssessment } from '@/app/assessment'
import { useUnits } from '@/reference'

const PLACES = 200
const DAY_MS = 86_400_000
type Module = Reporting['ModuleKind']

/** The answer, or null where the service has nothing: a unit without points is no fault. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (asProblem(error).kind === 'missing') return null
    throw error
  }
}

export function useProfile(id: Ref<string>) {
  const assessment = useAssessment()
  const { units, nameOf } = useUnits()
  const where = computed(() => ({
    scheme_id: assessment.scheme?.id ?? '',
    period_id: assessment.period?.id ?? '',
  }))
  const enabled = computed(() => Boolean(where.value.scheme_id && where.value.period_id))
  const unit = computed(() => units.value.get(id.value))

  const score = useRead({
    queryKey: computed(() => ['score', id.value, where.value.period_id]),
    enabled,
    queryFn: () =>
      orNull(
        got(
          reporting.GET('/api/reporting/v1/subjects/{subject_id}/periods/{period_id}', {
            params: { path: { subject_id: id.value, period_id: where.value.period_id } },
          }),
        ),
      ),
  })
  const boardOf = (module?: Module) =>
    got(
      reporting.GET('/api/reporting/v1/boards', {
        params: {
          query: {
            ...where.value,
            subject_kind: 'unit',
            series_id: unit.value?.series_id ?? undefined,
            unassigned: !unit.value?.series_id,
            module,
            limit: module ? 1 : PLACES,
          },
        },
      }),
    )
  const board = useRead({
    queryKey: computed(() => ['profile-board', id.value, where.value, unit.value?.series_id]),
    enabled: computed(() => enabled.value && Boolean(unit.value)),
    queryFn: () => orNull(boardOf()),
  })
  const place = computed(() => board.data?.items.find((one) => one.subject_id === id.value) ?? null)
  const means = useRead({
    queryKey: computed(() => ['profile-means', id.value, where.value, place.value?.subject_id]),
    enabled: computed(() => Boolean(place.value)),
    queryFn: async () => {
      const codes = Object.keys(place.value?.modules ?? {}) as Module[]
      const found = await Promise.all(codes.map(async (code) => ({ code, mean: (await boardOf(code)).board.mean })))
      return new Map<string, string>(found.map((one) => [one.code, one.mean]))
    },
  })
  const trend = useRead({
    queryKey: computed(() => ['trend', id.value, where.value.scheme_id]),
    enabled,
    queryFn: () =>
      orNull(
        got(
          reporting.GET('/api/reporting/v1/subjects/{subject_id}/trend', {
            params: { path: { subject_id: id.value }, query: { scheme_id: where.value.scheme_id, kind: 'unit' } },
          }),
        ),
      ),
  })
  const spread = useRead({
    queryKey: computed(() => ['distribution', id.value, where.value]),
    enabled,
    queryFn: () =>
      got(
        reporting.GET('/api/reporting/v1/distribution', {
          params: { query: { ...where.value, unit_id: id.value } },
        }),
      ),
  })
  /** The days of the period, whole. */
  const daysOf = () => {
    const period = assessment.period
    return period ? Math.round((Date.parse(period.ends_on) - Date.parse(period.starts_on)) / DAY_MS) + 1 : undefined
  }
  const zero = useRead({
    queryKey: computed(() => ['zero', id.value, where.value]),
    enabled,
    queryFn: () =>
      got(
        reporting.GET('/api/reporting/v1/zero', {
          params: {
            query: { ...where.value, unit_id: id.value, since: assessment.period?.starts_on, days: daysOf() },
          },
        }),
      ),
  })
  return { assessment, unit, nameOf, where, score, board, place, means, trend, spread, zero }
}
