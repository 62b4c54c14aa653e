/** What the service makes of a rule that is being written: the sentence, what is wrong with it, the trial. */
import { keepPreviousData } from '@tanstack/vue-query'
import { computed, onUnmounted, ref, watch, type Ref } from 'vue'

import { got, targets } from '@/api'
import { useRead } from '@/api/read'

import type { RuleData } from './rules'

const PAUSE_MS = 300

export function useRulePreview(rule: Ref<RuleData>, facts: Ref<RuleData | null>) {
  const written = computed(() => JSON.stringify([rule.value, facts.value]))
  const asked = ref(written.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(written, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => (asked.value = now), PAUSE_MS)
  })
  onUnmounted(() => clearTimeout(timer))
  return useRead({
    queryKey: computed(() => ['rule-preview', asked.value]),
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () => {
      const [given, tried] = JSON.parse(asked.value) as [RuleData, RuleData | null]
      const query = { rule: JSON.stringify(given), ...(tried ? { facts: JSON.stringify(tried) } : {}) }
      return got(targets.GET('/api/targets/v1/rules/preview', { params: { query } }))
    },
  })
}
