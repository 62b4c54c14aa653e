/** Long work that a service does by itself: looked at until it has ended. Leaving the page does not stop it. */
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue'

import { send, type Org } from '@/api'
import { useRead } from '@/api/read'

export type Errand = Org['ErrandOut']
type Service = 'org' | 'targets' | 'scoring' | 'submissions' | 'reporting'

const POLL_MS = 800

export const isRunning = (errand: Errand | undefined): boolean =>
  errand?.state === 'waiting' || errand?.state === 'running'

/** `onEnded` once for each errand, also for one that had ended before it was first looked at. */
export function useErrand(
  service: Service,
  id: MaybeRefOrGetter<string | null | undefined>,
  onEnded: (errand: Errand) => void,
) {
  const errand = useRead<Errand>({
    queryKey: computed(() => ['errand', service, toValue(id)]),
    enabled: computed(() => Boolean(toValue(id))),
    queryFn: async () => {
      const answer = await send(new Request(`/api/${service}/v1/errands/${toValue(id)}`))
      return (await answer.json()) as Errand
    },
    refetchInterval: (query) => (query.state.data && !isRunning(query.state.data) ? false : POLL_MS),
  })
  watch(
    () => (errand.data && !isRunning(errand.data) ? errand.data.id : null),
    (ended) => ended && errand.data && onEnded(errand.data),
    { immediate: true },
  )
  return errand
}
