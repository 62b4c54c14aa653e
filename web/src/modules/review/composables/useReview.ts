/** The queue: what waits, what is before me, and decisions that can be taken back for eight seconds before they are sent. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, onUnmounted, ref, watch } from 'vue'

import { asProblem, got, submissions, type Submissions } from '@/api'
import { useRead } from '@/api/read'
import { report } from '@/ui/states/report'

export type Item = Submissions['SubmissionOut']
export interface Decision {
  kind: 'accept' | 'reduce' | 'return' | 'refuse'
  item: Item
  quantity?: string
  reason?: string
  clause?: string
  days?: number
}

const GRACE = 8000
const POLL = 20_000
const LIMIT = 100
const DAY = 86_400_000

/** Sends a decision; resolves when the service has it. */
export async function carryOut(decision: Decision): Promise<void> {
  const params = { path: { submission_id: decision.item.id } }
  const { reason = '', clause = '' } = decision
  if (decision.kind === 'return') {
    const repair_until = decision.days ? new Date(Date.now() + decision.days * DAY).toISOString() : null
    await got(
      submissions.POST('/api/submissions/v1/submissions/{submission_id}/return', {
        params,
        body: { reason, repair_until },
      }),
    )
  } else if (decision.kind === 'refuse') {
    await got(
      submissions.POST('/api/submissions/v1/submissions/{submission_id}/refuse', { params, body: { reason, clause } }),
    )
  } else {
    const body = decision.kind === 'reduce' ? { quantity: decision.quantity, reason, clause } : {}
    await got(submissions.POST('/api/submissions/v1/submissions/{submission_id}/accept', { params, body }))
  }
}

export function useReview(filters: () => { indicator_id?: string; unit_id?: string }) {
  const queries = useQueryClient()
  const decided = ref(new Set<string>())
  const skipped = ref<string[]>([])
  const chosen = ref<string | null>(null)
  const pending = ref<Decision | null>(null)
  const count = ref(0)
  const began = Date.now()
  let timer: ReturnType<typeof setTimeout> | undefined

  const queue = useRead({
    queryKey: computed(() => ['review-queue', filters()]),
    refetchInterval: POLL,
    queryFn: () =>
      got(submissions.GET('/api/submissions/v1/reviews/queue', { params: { query: { limit: LIMIT, ...filters() } } })),
  })
  /** Skipped ones come last, in the order in which they were skipped. */
  const items = computed(() => {
    const waiting = (queue.data?.items ?? []).filter((one) => !decided.value.has(one.id))
    const rank = (one: Item) => skipped.value.indexOf(one.id)
    return [...waiting].sort((a, b) => rank(a) - rank(b))
  })
  const current = computed(() => items.value.find((one) => one.id === chosen.value) ?? items.value[0] ?? null)
  const more = computed(() => Boolean(queue.data?.next))

  function step(by: 1 | -1): void {
    const at = items.value.findIndex((one) => one.id === current.value?.id)
    chosen.value = items.value[at + by]?.id ?? chosen.value
  }
  function skip(): void {
    const now = current.value
    if (!now) return
    const at = items.value.indexOf(now)
    const next = items.value[at + 1] ?? null
    skipped.value = [...skipped.value.filter((id) => id !== now.id), now.id]
    chosen.value = next?.id ?? null
  }
  async function flush(): Promise<void> {
    clearTimeout(timer)
    const decision = pending.value
    pending.value = null
    if (!decision) return
    try {
      await carryOut(decision)
    } catch (error) {
      // Back into the queue: nothing was decided.
      decided.value = new Set([...decided.value].filter((id) => id !== decision.item.id))
      count.value--
      report(error)
    }
    if (items.value.length < LIMIT / 2) await queries.invalidateQueries({ queryKey: ['review-queue'] })
  }
  function decide(decision: Decision): void {
    void flush()
    const at = items.value.findIndex((one) => one.id === decision.item.id)
    const next = items.value[at + 1] ?? items.value[at - 1] ?? null
    decided.value = new Set(decided.value).add(decision.item.id)
    chosen.value = next?.id ?? null
    pending.value = decision
    count.value++
    timer = setTimeout(() => void flush(), GRACE)
  }
  function undo(): void {
    const decision = pending.value
    if (!decision) return
    clearTimeout(timer)
    pending.value = null
    decided.value = new Set([...decided.value].filter((id) => id !== decision.item.id))
    chosen.value = decision.item.id
    count.value--
  }

  /** A soft lock, so that two do not look at the same item; whoever has it, is told of. */
  const another = ref(false)
  watch(
    () => current.value?.id,
    async (id) => {
      another.value = false
      if (!id) return
      try {
        await got(
          submissions.POST('/api/submissions/v1/submissions/{submission_id}/claim', {
            params: { path: { submission_id: id } },
          }),
        )
      } catch (error) {
        if (current.value?.id === id && asProblem(error).kind === 'conflict') another.value = true
      }
    },
    { immediate: true },
  )
  const leave = () => void flush()
  window.addEventListener('pagehide', leave)
  onUnmounted(() => {
    window.removeEventListener('pagehide', leave)
    leave()
  })
  const pace = computed(() => (count.value ? Math.round((Date.now() - began) / 1000 / count.value) : 0))
  return { queue, items, current, more, chosen, pending, count, pace, another, step, skip, decide, undo, flush }
}
