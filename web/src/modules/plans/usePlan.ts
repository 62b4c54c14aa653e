/** A scheme with its indicators and what the check says of it; read by all parts of its page. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { every, got, targets, type Targets } from '@/api'
import { useRead } from '@/api/read'
import { tell } from '@/ui/states/report'

import type { Indicator } from './rules'

export type Scheme = Targets['SchemeOut']
export type Revision = Targets['SchemeRevisionOut']
export type Fields = Omit<Targets['IndicatorChange'], 'version' | 'reason'>
const PAGE = 200

export function usePlan(scheme_id: string) {
  const params = { path: { scheme_id } }
  const scheme = useRead({
    queryKey: ['scheme', scheme_id],
    queryFn: () => got(targets.GET('/api/targets/v1/schemes/{scheme_id}', { params })),
  })
  const indicators = useRead<Indicator[]>({
    queryKey: ['scheme', scheme_id, 'indicators'],
    queryFn: () =>
      every((after) =>
        got(
          targets.GET('/api/targets/v1/schemes/{scheme_id}/indicators', {
            params: { path: { scheme_id }, query: { limit: PAGE, after } },
          }),
        ),
      ),
  })
  const check = useRead({
    queryKey: ['scheme', scheme_id, 'check'],
    queryFn: () => got(targets.GET('/api/targets/v1/schemes/{scheme_id}/check', { params })),
  })
  const revisions = useRead<Revision[]>({
    queryKey: ['scheme', scheme_id, 'revisions'],
    queryFn: async () => (await got(targets.GET('/api/targets/v1/schemes/{scheme_id}/revisions', { params }))).items,
  })
  /** Still being written: everything may be changed. Later, only by a revision with its day and reason. */
  const unbound = computed(() => scheme.data?.status === 'draft' || scheme.data?.status === 'consultation')
  const published = computed(() => scheme.data?.status === 'published')
  const pending = computed(() => revisions.data?.find((one) => one.status === 'open' || one.status === 'scheduled'))
  return { scheme_id, scheme, indicators, check, revisions, unbound, published, pending }
}
export type Plan = ReturnType<typeof usePlan>

/** Writes, then reads anew whatever stands on the page. */
export function useWrite<A, R>(
  plan: Plan,
  write: (given: A) => Promise<R>,
  options: { said?: string; done?: () => void },
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    meta: { told: true },
    onSuccess: async () => {
      options.done?.()
      if (options.said) tell(options.said)
      await Promise.all(
        [['scheme', plan.scheme_id], ['plans'], ['schemes'], ['indicators'], ['periods']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      )
    },
  })
}

/** Into the revision that is pending, or a new one: what an indicator is to be from a day on. */
export function reviseIndicator(plan: Plan, id: string, fields: Fields, day: string, reason: string) {
  const found = plan.pending.value
  const before = (found?.changes ?? {}) as {
    scheme?: Targets['SchemePart']
    indicators?: Record<string, Fields>
    add?: Targets['IndicatorBody'][]
    retire?: string[]
  }
  const indicators = { ...before.indicators, [id]: { ...before.indicators?.[id], ...fields } }
  const body = {
    effective_from: day,
    reason,
    changes: {
      scheme: before.scheme ?? {},
      indicators: Object.entries(indicators).map(([one, change]) => ({ id: one, ...change })),
      add: before.add ?? [],
      retire: before.retire ?? [],
    },
  }
  return found
    ? got(
        targets.PUT('/api/targets/v1/revisions/{revision_id}', {
          params: { path: { revision_id: found.id } },
          body: { ...body, version: found.version },
        }),
      )
    : got(
        targets.POST('/api/targets/v1/schemes/{scheme_id}/revisions', {
          params: { path: { scheme_id: plan.scheme_id } },
          body,
        }),
      )
}
