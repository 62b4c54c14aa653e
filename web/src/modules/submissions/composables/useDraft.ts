/** The form of one submission: kept in the browser at once and on the server soon, found again, sent once. */
import { onUnmounted, ref, watch } from 'vue'

import { ApiProblem, asProblem, got, send, submissions, type Submissions } from '@/api'
import { useSession } from '@/app/session'

import { emptyForm, forget, isWorthKeeping, keep, recall, type Form } from '../form'

type Sent = Submissions['SubmissionSent']
const LOCAL = 800
const REMOTE = 20_000

export async function sendForm(form: Form): Promise<Sent> {
  return got(
    submissions.POST('/api/submissions/v1/submissions/send', {
      body: {
        target_id: form.target,
        event_date: form.day,
        quantity: form.quantity,
        summary: form.summary.trim(),
        case_number: form.caseNumber.trim() || null,
        client_key: form.key,
        evidence: form.files.map((file) => file.sha256),
        on_behalf: false,
      },
    }),
  )
}

export function useDraft(slot: string, initial: { target: string; day: string }) {
  const owner = useSession().who?.account.id ?? ''
  const form = ref<Form>(recall(owner, slot) ?? emptyForm(initial.target, initial.day))
  const restored = ref(isWorthKeeping(form.value))
  const savedAt = ref<string | null>(null)
  const offline = ref(!navigator.onLine)
  let version = 0
  let local: ReturnType<typeof setTimeout> | undefined
  let dirty = false

  async function saveRemote(): Promise<void> {
    if (!dirty || !isWorthKeeping(form.value)) return
    dirty = false
    try {
      const saved = await got(
        submissions.PUT('/api/submissions/v1/autosaves/{key}', {
          params: { path: { key: form.value.key } },
          body: { content: JSON.parse(JSON.stringify(form.value)), target_id: form.value.target || null, version },
        }),
      )
      version = saved.version
      savedAt.value = saved.saved_at
      offline.value = false
    } catch (error) {
      const problem = asProblem(error)
      offline.value = problem.kind === 'offline'
      dirty = problem.passing
    }
  }
  watch(
    form,
    () => {
      dirty = true
      clearTimeout(local)
      local = setTimeout(() => isWorthKeeping(form.value) && keep(owner, slot, form.value), LOCAL)
    },
    { deep: true },
  )
  const timer = setInterval(() => void saveRemote(), REMOTE)
  const flush = () => isWorthKeeping(form.value) && keep(owner, slot, form.value)
  window.addEventListener('pagehide', flush)
  onUnmounted(() => {
    clearTimeout(local)
    clearInterval(timer)
    window.removeEventListener('pagehide', flush)
    flush()
  })

  /** Sends it; without a network it is kept and `queued` is thrown back as null. */
  async function go(): Promise<Sent | null> {
    try {
      const sent = await sendForm(form.value)
      done()
      return sent
    } catch (error) {
      if (error instanceof ApiProblem && error.kind === 'offline') {
        form.value.queued = true
        keep(owner, slot, form.value)
        offline.value = true
        return null
      }
      throw error
    }
  }
  function done(): void {
    const { key } = form.value
    forget(owner, slot)
    const target = form.value.target
    form.value = emptyForm(target, initial.day)
    clearTimeout(local)
    restored.value = false
    if (version) {
      const address = `/api/submissions/v1/autosaves/${key}`
      void send(new Request(address, { method: 'DELETE' })).catch(() => undefined)
    }
    version = 0
    dirty = false
  }
  return { form, restored, savedAt, offline, go, discard: done }
}
