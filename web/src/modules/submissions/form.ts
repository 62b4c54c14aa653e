/** What is written on the form of a submission, what is wrong with it, and how it is kept until it is sent. */
import { newKey } from '@/api'

export interface Attached {
  sha256: string
  name: string
  size: number
  media_type: string
}

export interface Form {
  key: string
  target: string
  day: string
  quantity: string
  summary: string
  caseNumber: string
  files: Attached[]
  /** Waits for the network and is then sent by itself. */
  queued?: boolean
}

const PREFIX = 'kaohe:draft:'
const LONGEST = 200

export const emptyForm = (target: string, day: string): Form => ({
  key: newKey(),
  target,
  day,
  quantity: '',
  summary: '',
  caseNumber: '',
  files: [],
})

export type Fault = 'mustTask' | 'mustQuantity' | 'mustSummary' | 'mustFiles' | 'future'

export function faults(form: Form, needs: { files: boolean; today: string }): Partial<Record<keyof Form, Fault>> {
  const found: Partial<Record<keyof Form, Fault>> = {}
  if (!form.target) found.target = 'mustTask'
  if (!/^\d+(\.\d{1,3})?$/.test(form.quantity) || Number(form.quantity) <= 0) found.quantity = 'mustQuantity'
  if (!form.summary.trim() || form.summary.length > LONGEST) found.summary = 'mustSummary'
  if (form.day > needs.today) found.day = 'future'
  if (needs.files && !form.files.length) found.files = 'mustFiles'
  return found
}

export const isWorthKeeping = (form: Form) => Boolean(form.summary.trim() || form.files.length || form.caseNumber)

const keyOf = (owner: string, slot: string) => `${PREFIX}${owner}:${slot}`

/** Kept in the browser under the account, so that the next one at the same machine does not find it. */
export function keep(owner: string, slot: string, form: Form): void {
  localStorage.setItem(keyOf(owner, slot), JSON.stringify(form))
}

export function recall(owner: string, slot: string): Form | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(owner, slot)) ?? 'null') as Form | null
  } catch {
    return null
  }
}

export const forget = (owner: string, slot: string) => localStorage.removeItem(keyOf(owner, slot))

/** Forms that wait for the network. */
export function queued(owner: string): { slot: string; form: Form }[] {
  const start = keyOf(owner, '')
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(start))
    .flatMap((key) => {
      const slot = key.slice(start.length)
      const form = recall(owner, slot)
      return form?.queued ? [{ slot, form }] : []
    })
}
