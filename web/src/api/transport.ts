/** One way out: the security token, the key against doing twice, going on after a session has ended. */
import { problemOf, unreachable } from './problem'

interface Session {
  csrf: string
  language: string
  /** Make the session live again, first silently, then by asking; false if the person gives up. */
  revive: () => Promise<boolean>
}

const session: Session = { csrf: '', language: 'zh-CN', revive: async () => false }
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Tells the transport who is signed in; called by the session store only. */
export const informTransport = (facts: Partial<Session>) => Object.assign(session, facts)

/** Random and unique. `crypto.randomUUID` exists only on https, and a county's intranet often has none. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function prepared(request: Request, key: string): Request {
  const ready = new Request(request)
  ready.headers.set('Accept-Language', session.language)
  if (!SAFE.has(request.method)) {
    ready.headers.set('X-CSRF-Token', session.csrf)
    if (!ready.headers.has('Idempotency-Key')) ready.headers.set('Idempotency-Key', key)
  }
  return ready
}

/** `fetch` that gives successes only; everything else is thrown as an ApiProblem. */
export async function send(request: Request, options: { revive?: boolean } = {}): Promise<Response> {
  const key = newKey()
  const attempt = async () => {
    try {
      return await fetch(prepared(request.clone(), key))
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw unreachable()
    }
  }
  let answer = await attempt()
  if (answer.status === 401 && options.revive !== false && (await session.revive())) answer = await attempt()
  if (!answer.ok) throw await problemOf(answer)
  return answer
}
