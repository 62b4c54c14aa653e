/** Who is signed in, what they may do, and how a session goes on. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { ApiProblem, got, org, send, type Org } from '@/api'
import { informTransport } from '@/api/transport'

export type Role = Org['Role']
type Who = Org['WhoOut']

const HALF = 0.5
const SOONEST = 20_000
const ADDRESS = '/api/org/v1/session'
/** Set while somebody is signed in here: without it there is nothing to go on with, and nobody is asked. */
const SIGN = 'kaohe:signed-in'

export const useSession = defineStore('session', () => {
  const who = shallowRef<Who | null>(null)
  const known = ref(false)
  const mustChangePassword = ref(false)
  /** The re-login dialog is open; requests that were refused wait for it. */
  const asking = ref(false)
  let answerAsked: ((signedIn: boolean) => void) | null = null
  let asked: Promise<boolean> | null = null
  let reviving: Promise<boolean> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const roles = computed(() => new Set((who.value?.grants ?? []).map((grant) => grant.role as Role)))
  const permissions = computed(() => new Set((who.value?.permissions ?? []).map((one) => one.name)))
  const may = (permission: string) => permissions.value.has(permission)
  const is = (...wanted: Role[]) => wanted.some((role) => roles.value.has(role))

  /** The unit a role works from: where it was granted, else the person's own. */
  const unitOf = (...wanted: Role[]) =>
    who.value?.grants.find((grant) => wanted.includes(grant.role as Role))?.scope_unit_id ?? who.value?.unit?.id ?? null

  function keepAlive(session: Org['SessionOut']): void {
    clearTimeout(timer)
    informTransport({ csrf: session.csrf })
    mustChangePassword.value = session.must_change_password
    const left = Date.parse(session.expires_at) - Date.now()
    timer = setTimeout(() => void refresh(), Math.max(SOONEST, left * HALF))
  }

  /** A new token by the secret of the session; false if the session is over. */
  async function refresh(): Promise<boolean> {
    try {
      const answer = await send(new Request(`${ADDRESS}/refresh`, { method: 'POST' }), { revive: false })
      keepAlive((await answer.json()) as Org['SessionOut'])
      return true
    } catch (error) {
      if (error instanceof ApiProblem && error.passing) timer = setTimeout(() => void refresh(), SOONEST)
      return false
    }
  }

  async function readWho(): Promise<void> {
    const answer = await send(new Request(ADDRESS), { revive: false })
    who.value = (await answer.json()) as Who
    informTransport({ csrf: who.value.csrf })
  }

  /** At the start of the page: is a session still alive? */
  async function begin(): Promise<void> {
    if (known.value) return
    try {
      if (localStorage.getItem(SIGN) && (await refresh())) await readWho()
    } catch {
      who.value = null
    }
    known.value = true
  }

  async function signIn(username: string, password: string): Promise<void> {
    const body = JSON.stringify({ username, password })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await send(new Request(ADDRESS, { method: 'POST', body, headers }), { revive: false })
    keepAlive((await answer.json()) as Org['SessionOut'])
    localStorage.setItem(SIGN, '1')
    await readWho()
    known.value = true
  }

  async function signOut(): Promise<void> {
    clearTimeout(timer)
    try {
      await got(org.DELETE('/api/org/v1/session'))
    } finally {
      localStorage.removeItem(SIGN)
      who.value = null
      informTransport({ csrf: '' })
    }
  }

  async function revive(): Promise<boolean> {
    if (!who.value) return false
    reviving ??= refresh().finally(() => (reviving = null))
    if (await reviving) return true
    asked ??= new Promise<boolean>((resolve) => {
      asking.value = true
      answerAsked = resolve
    }).finally(() => {
      asking.value = false
      asked = null
    })
    return asked
  }

  /** Called by the re-login dialog: the waiting requests go on, or fail. */
  const answer = (signedIn: boolean) => answerAsked?.(signedIn)

  informTransport({ revive })
  return { who, known, mustChangePassword, asking, roles, may, is, unitOf, begin, signIn, signOut, readWho, answer }
})
