/** Hints that something changed (`/api/live`): what is shown is asked for again. They say *that*, never *what*. */
import type { QueryClient } from '@tanstack/vue-query'

const ADDRESS = '/api/live'
/** Services hear of an event a moment after it; asked at once, they would not know it yet. */
const SETTLE_MS = 1500

/** The caches that a topic concerns, by the first word of their keys; to-dos and messages always. */
const CONCERNED: Readonly<Record<string, readonly string[]>> = {
  'org.grant': ['grants', 'roles'],
  'org.unit': ['units', 'unit-effects'],
  'org.officer': ['people'],
  'org.parameter': ['parameters', 'parameter-changes'],
  'org.term': ['terms'],
  'targets.target': ['my-work', 'targets'],
  'submissions.submission': ['my-work', 'submissions'],
  'submissions.appeal': ['appeals', 'my-appeals'],
  'scoring.closing': ['closings', 'closing'],
}
const ALWAYS = ['bell', 'todos', 'messages'] as const

export const concernedBy = (topics: Iterable<string>): Set<string> =>
  new Set([...ALWAYS, ...[...topics].flatMap((topic) => CONCERNED[topic] ?? [])])

/**
 * Listens while the page is in sight: a browser has six connections to a server, and hidden pages must not use them up.
 * Returns how to stop. Where there is no such endpoint the browser gives up by itself, and pages ask now and then.
 */
export function listen(queries: QueryClient): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let everything = false
  const topics = new Set<string>()

  function tell(): void {
    timer = undefined
    const keys = concernedBy(topics)
    void queries.invalidateQueries(everything ? {} : { predicate: (one) => keys.has(String(one.queryKey[0])) })
    topics.clear()
    everything = false
  }
  const soon = () => (timer ??= setTimeout(tell, SETTLE_MS))
  function heard(event: MessageEvent<string>): void {
    topics.add((JSON.parse(event.data) as { topic: string }).topic)
    soon()
  }
  function missed(): void {
    everything = true
    soon()
  }
  function open(): void {
    if (source || document.visibilityState !== 'visible' || !('EventSource' in window)) return
    source = new EventSource(ADDRESS)
    source.addEventListener('hint', heard)
    source.addEventListener('reset', missed)
  }
  function close(): void {
    source?.close()
    source = null
  }
  function turned(): void {
    if (document.visibilityState !== 'visible') return close()
    open()
    soon()
  }
  open()
  document.addEventListener('visibilitychange', turned)
  return () => {
    document.removeEventListener('visibilitychange', turned)
    clearTimeout(timer)
    close()
  }
}
