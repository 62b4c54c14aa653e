/** Forms that were finished without a network: sent one by one when it is back. Each has its key, so none goes twice. */
import { useQueryClient } from '@tanstack/vue-query'
import { onMounted, onUnmounted, ref } from 'vue'

import { asProblem } from '@/api'
import { useSession } from '@/app/session'
import { t } from '@/i18n'
import { report, tell } from '@/ui/states/report'

import { forget, keep, queued } from '../form'
import { sendForm } from './useDraft'

const AGAIN = 15_000
let busy = false

export function useQueue() {
  const owner = useSession().who?.account.id ?? ''
  const queries = useQueryClient()
  const waiting = ref(queued(owner).length)

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (const { slot, form } of queued(owner)) {
        try {
          const sent = await sendForm(form)
          forget(owner, slot)
          tell(t('submit.sent', { number: sent.number }))
          await queries.invalidateQueries()
        } catch (error) {
          if (asProblem(error).kind === 'offline') break
          // It will not get better by itself: back to the person as a draft.
          keep(owner, slot, { ...form, queued: false })
          report(error)
        }
      }
    } finally {
      busy = false
      waiting.value = queued(owner).length
    }
  }
  const start = () => void work()
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    window.addEventListener('online', start)
    timer = setInterval(() => queued(owner).length && start(), AGAIN)
    start()
  })
  onUnmounted(() => {
    window.removeEventListener('online', start)
    clearInterval(timer)
  })
  return { waiting, work }
}
