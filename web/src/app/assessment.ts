/** Which scheme and which period is being looked at: one choice for all pages, remembered in the browser. */
import { useQuery } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed } from 'vue'

import { every, got, targets, type Targets } from '@/api'
import { kept } from '@/ui/preferences'

import { useSession } from './session'

type Scheme = Targets['SchemeOut']
type Period = Targets['PeriodOut']
const LONG = 5 * 60_000
const PAGE = 200

export const useAssessment = defineStore('assessment', () => {
  const me = useSession()
  const enabled = computed(() => Boolean(me.who) && me.may('targets:read'))
  const schemeId = kept<string | null>('scheme', null)
  const periodId = kept<string | null>('period', null)

  const schemesQuery = useQuery({
    queryKey: ['schemes'],
    enabled,
    staleTime: LONG,
    queryFn: () =>
      every((after) => got(targets.GET('/api/targets/v1/schemes', { params: { query: { limit: PAGE, after } } }))),
  })
  const schemes = computed<Scheme[]>(() => (schemesQuery.data.value ?? []).filter((one) => one.status !== 'draft'))
  const scheme = computed<Scheme | null>(
    () =>
      schemes.value.find((one) => one.id === schemeId.value) ??
      schemes.value.find((one) => one.status === 'published') ??
      schemes.value[0] ??
      null,
  )

  const periodsQuery = useQuery({
    queryKey: computed(() => ['periods', scheme.value?.id]),
    enabled: computed(() => Boolean(scheme.value)),
    staleTime: LONG,
    queryFn: () =>
      every((after) =>
        got(
          targets.GET('/api/targets/v1/schemes/{scheme_id}/periods', {
            params: { path: { scheme_id: scheme.value?.id ?? '' }, query: { limit: PAGE, after } },
          }),
        ),
      ),
  })
  const periods = computed<Period[]>(() => periodsQuery.data.value ?? [])

  /** Without a choice: the period that runs now, else the last that has begun. */
  const period = computed<Period | null>(() => {
    const chosen = periods.value.find((one) => one.id === periodId.value)
    if (chosen) return chosen
    const begun = periods.value.filter((one) => Date.parse(one.starts_on) <= Date.now())
    return begun.reduce<Period | null>((last, one) => (!last || one.starts_on > last.starts_on ? one : last), null)
  })

  /** The words of the scheme for a module's code. */
  const moduleName = (code: string) =>
    schemes.value.flatMap((one) => one.modules).find((one) => one.code === code)?.name ?? code

  function choose(to: { scheme?: string; period?: string }): void {
    if (to.scheme && to.scheme !== scheme.value?.id) {
      // The same month of the other scheme, if it has one.
      const code = period.value?.code
      schemeId.value = to.scheme
      periodId.value = null
      void periodsQuery.refetch().then(() => {
        periodId.value = periods.value.find((one) => one.code === code)?.id ?? null
      })
    }
    if (to.period) periodId.value = to.period
  }

  return { schemes, scheme, periods, period, moduleName, choose, schemesQuery, periodsQuery }
})
