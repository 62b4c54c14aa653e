import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ApiProblem } from '@/api'
import { informTransport, send } from '@/api/transport'

const answers: Response[] = []
const seen: Request[] = []
const json = (status: number, body: object, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type, 'x-request-id': 'r-1' } })
const post = () => new Request('http://kaohe.test/api/x', { method: 'POST', body: '{"a":1}' })

beforeEach(() => {
  answers.length = 0
  seen.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request)
    const next = answers.shift()
    if (!next) throw new TypeError('Failed to fetch')
    return next
  })
  informTransport({ csrf: 'c-1', language: 'zh-CN', revive: async () => false })
})
afterEach(() => vi.unstubAllGlobals())

describe('the way out', () => {
  it('carries the security token and a key with everything that changes something', async () => {
    answers.push(json(200, {}))
    await send(post())
    expect(seen[0]?.headers.get('x-csrf-token')).toBe('c-1')
    expect(seen[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/)
  })
  it('asks with neither when it only reads', async () => {
    answers.push(json(200, {}))
    await send(new Request('http://kaohe.test/api/x'))
    expect(seen[0]?.headers.has('idempotency-key')).toBe(false)
  })
  it('goes on with the same key and body after the session came back', async () => {
    answers.push(json(401, {}), json(200, { ok: 1 }))
    informTransport({
      revive: async () => {
        informTransport({ csrf: 'c-2' })
        return true
      },
    })
    expect(await (await send(post())).json()).toEqual({ ok: 1 })
    expect(seen[1]?.headers.get('x-csrf-token')).toBe('c-2')
    expect(seen[1]?.headers.get('idempotency-key')).toBe(seen[0]?.headers.get('idempotency-key'))
    expect(await seen[1]?.text()).toBe('{"a":1}')
  })
  it('tells the refusal when nobody signs in again', async () => {
    answers.push(json(401, { code: 'unauthenticated', title: 't', detail: 'd' }))
    await expect(send(post())).rejects.toMatchObject({ kind: 'signed-out' })
  })
  it('calls a dead network offline', async () => {
    await expect(send(post())).rejects.toMatchObject({ kind: 'offline', passing: true })
  })
  it('finds the sentence for a field by the last part of its place', async () => {
    const errors = [{ place: 'body.quantity', code: 'greater_than', detail: '须大于 0' }]
    answers.push(json(422, { code: 'validation', title: 't', detail: 'd', errors }, 'application/problem+json'))
    const problem = await send(post()).catch((error: ApiProblem) => error)
    expect(problem).toBeInstanceOf(ApiProblem)
    expect((problem as ApiProblem).at('quantity')).toBe('须大于 0')
    expect((problem as ApiProblem).at('summary')).toBeUndefined()
  })
  it('keeps the request id of an answer that is no problem document', async () => {
    answers.push(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'x-request-id': 'r-2' } }))
    await expect(send(post())).rejects.toMatchObject({ kind: 'unavailable', requestId: 'r-2' })
  })
})
