/** The periods that are counted: those of the address, else the one that is being looked at. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { useAssessment } from '@/app/assessment'

export function usePeriods() {
  const route = useRoute()
  const router = useRouter()
  const assessment = useAssessment()
  const chosen = computed({
    get: () => {
      const asked = typeof route.query.periods === 'string' ? route.query.periods.split(',') : []
      const known = asked.filter((id) => assessment.periods.some((one) => one.id === id))
      return known.length ? known : assessment.period ? [assessment.period.id] : []
    },
    set: (ids: string[]) => void router.replace({ query: ids.length ? { periods: ids.join(',') } : {} }),
  })
  return { assessment, chosen }
}
