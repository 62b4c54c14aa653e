/** Names for ids: units, officers and indicators, each read once and kept for minutes. */
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { every, got, org, targets, type Org, type Targets } from '@/api'

const LONG = 10 * 60_000
const PAGE = 200

export type Unit = Org['UnitOut']
export type Officer = Org['OfficerOut']
export type Indicator = Targets['IndicatorOut']

const byId = <T extends { id: string }>(items: T[] | undefined) => new Map((items ?? []).map((one) => [one.id, one]))

/** All units that one may see. */
export function useUnits() {
  const query = useQuery({
    queryKey: ['units'],
    staleTime: LONG,
    queryFn: () => every((after) => got(org.GET('/api/org/v1/units', { params: { query: { limit: PAGE, after } } }))),
  })
  const units = computed(() => byId(query.data.value))
  const nameOf = (id: string | null | undefined) => (id ? (units.value.get(id)?.name ?? '…') : '—')
  return { query, units, nameOf }
}

/** The officers whose primary posting lies in a unit or below it. */
export function useOfficers(under: MaybeRefOrGetter<string | null | undefined>, options: { direct?: boolean } = {}) {
  const query = useQuery({
    queryKey: computed(() => ['officers', toValue(under), options.direct]),
    staleTime: LONG,
    enabled: computed(() => Boolean(toValue(under))),
    queryFn: async () => {
      const unit_id = toValue(under) ?? ''
      // People below a unit are asked for by its path.
      const below = async () =>
        (await got(org.GET('/api/org/v1/units/{unit_id}', { params: { path: { unit_id } } }))).path
      const where = options.direct ? { unit_id } : { under: await below() }
      return every((after) =>
        got(org.GET('/api/org/v1/officers', { params: { query: { limit: PAGE, after, ...where } } })),
      )
    },
  })
  const officers = computed(() => byId(query.data.value))
  return { query, officers }
}

/** The indicators of a scheme. */
export function useIndicators(schemeId: MaybeRefOrGetter<string | null | undefined>) {
  const query = useQuery({
    queryKey: computed(() => ['indicators', toValue(schemeId)]),
    staleTime: LONG,
    enabled: computed(() => Boolean(toValue(schemeId))),
    queryFn: () =>
      every((after) =>
        got(
          targets.GET('/api/targets/v1/schemes/{scheme_id}/indicators', {
            params: { path: { scheme_id: toValue(schemeId) ?? '' }, query: { limit: PAGE, after } },
          }),
        ),
      ),
  })
  const indicators = computed(() => byId(query.data.value))
  return { query, indicators }
}
