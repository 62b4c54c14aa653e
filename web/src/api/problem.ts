/** What a service answers when it cannot do what was asked (RFC 9457), and what becomes of it when nothing came back. */

export interface Finding {
  /** Where: `body.quantity`, `query.period_id`, `工作表1!C5` … */
  place: string
  code: string
  detail: string
}

interface Body {
  status: number
  code: string
  title: string
  detail: string
  request_id?: string | null
  errors?: Finding[]
}

export type Kind =
  'offline' | 'signed-out' | 'forbidden' | 'missing' | 'conflict' | 'invalid' | 'unavailable' | 'broken'

export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly errors: readonly Finding[]
  /** Further facts of the problem: `deadline`, `from`, `to` … */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(body: Body, requestId: string | null = null) {
    super(body.detail || body.title)
    this.name = 'ApiProblem'
    this.status = body.status
    this.code = body.code
    this.requestId = body.request_id ?? requestId
    this.errors = body.errors ?? []
    this.facts = { ...body }
  }

  get kind(): Kind {
    if (this.status === 0) return 'offline'
    if (this.status === 401) return 'signed-out'
    if (this.status === 403) return 'forbidden'
    if (this.status === 404) return 'missing'
    if (this.status === 409) return 'conflict'
    if (this.status >= 400 && this.status < 500) return 'invalid'
    return this.status === 503 || this.status === 502 || this.status === 504 ? 'unavailable' : 'broken'
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    return this.kind === 'offline' || this.kind === 'unavailable'
  }

  /** What is wrong with one field of the form, by the last part of its place. */
  at(field: string): string | undefined {
    return this.errors.find(
      (one) =>
        one.place
          .split(/[.[\]]/)
          .filter(Boolean)
          .pop() === field,
    )?.detail
  }
}

const NO_ANSWER = {
  zh: '网络不通，已填写的内容仍在本机',
  en: 'No connection; what you have written is kept on this machine',
}
const NO_REASON = { zh: '服务出现异常，请稍后再试', en: 'Something went wrong; please try again later' }

const inLanguage = (text: { zh: string; en: string }) => (document.documentElement.lang === 'en' ? text.en : text.zh)

export const unreachable = () =>
  new ApiProblem({ status: 0, code: 'offline', title: inLanguage(NO_ANSWER), detail: inLanguage(NO_ANSWER) })

/** Reads an answer that is not a success. A proxy's own page is no problem document; its status still tells. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const requestId = answer.headers.get('x-request-id')
  const nothing = inLanguage(NO_REASON)
  try {
    const body = (await answer.clone().json()) as Body
    if (typeof body.code === 'string') return new ApiProblem({ ...body, status: answer.status }, requestId)
  } catch {
    // not JSON
  }
  return new ApiProblem({ status: answer.status, code: 'unknown', title: nothing, detail: nothing }, requestId)
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem({ status: 500, code: 'page', title: inLanguage(NO_REASON), detail: String(error) })
