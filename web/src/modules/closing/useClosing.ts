/** A period and where its closing stands; null while it has not begun. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { asProblem, every, got, scoring, targets, type Targets } from '@/api'
import { useRead } from '@/api/read'
import { tell } from '@/ui/states/report'

import type { Closing } from './closing'

const PAGE = 200
const POLL_MS = 15_000
const PATH = '/api/scoring/v1/closings/{period_id}'

export function useClosing(id: string) {
  const params = { path: { period_id: id } }
  const queries = useQueryClient()
  const period = useRead<Targets['PeriodOut'] | null>({
    queryKey: ['period', id],
    queryFn: async () => {
      const all = await every((after) =>
        got(targets.GET('/api/targets/v1/periods', { params: { query: { limit: PAGE, after } } })),
      )
      return all.find((one) => one.id === id) ?? null
    },
  })
  const closing = useRead<Closing | null>({
    queryKey: ['closing', id],
    queryFn: async () => {
      try {
        return await got(scoring.GET(PATH, { params }))
      } catch (error) {
        if (asProblem(error).kind === 'missing') return null
        throw error
      }
    },
    refetchInterval: POLL_MS,
  })
  const changed = () =>
    Promise.all(
      [['closing', id], ['closings'], ['trial-lines'], ['objections', id], ['seals', id]].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    )
  /** One act of the wizard, told when done. */
  const act = <V>(mutationFn: (given: V) => Promise<unknown>, done: string) =>
    useMutation({
      mutationFn,
      onSuccess: () => {
        tell(done)
        return changed()
      },
    })
  return { params, period, closing, act, changed, status: computed(() => closing.data?.status ?? 'open') }
}
