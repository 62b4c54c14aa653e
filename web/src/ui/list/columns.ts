/** Which columns of a table are shown and how dense it is: chosen by the person, remembered by table. */
import { computed } from 'vue'

import { kept } from '../preferences'

export interface Column {
  /** Also the name of the slot that draws the cell, and of the field if there is none. */
  key: string
  label: string
  width?: number
  /** Grows with the table. */
  least?: number
  align?: 'left' | 'right' | 'center'
  fixed?: 'left' | 'right'
  /** Not shown until somebody asks for it. */
  hidden?: boolean
  /** Cannot be switched off. */
  always?: boolean
}
export type Density = 'tight' | 'normal' | 'loose'

export function useColumns(name: string, all: () => Column[]) {
  const chosen = kept<Record<string, boolean>>(`${name}:columns`, {})
  const order = kept<string[]>(`${name}:order`, [])
  const density = kept<Density>(`${name}:density`, 'normal')
  const place = (key: string) => {
    const found = order.value.indexOf(key)
    return found < 0 ? order.value.length + all().findIndex((one) => one.key === key) : found
  }
  const ordered = computed(() => [...all()].sort((a, b) => place(a.key) - place(b.key)))
  const isShown = (one: Column) => one.always || (chosen.value[one.key] ?? !one.hidden)
  const shown = computed(() => ordered.value.filter(isShown))
  const toggle = (one: Column) => (chosen.value = { ...chosen.value, [one.key]: !isShown(one) })
  function move(key: string, by: -1 | 1): void {
    const keys = ordered.value.map((one) => one.key)
    const from = keys.indexOf(key)
    const to = from + by
    if (to < 0 || to >= keys.length) return
    keys.splice(to, 0, ...keys.splice(from, 1))
    order.value = keys
  }
  const standard = () => {
    chosen.value = {}
    order.value = []
  }
  const pack = (wanted: Density) => (density.value = wanted)
  return { density, pack, ordered, shown, isShown, toggle, move, standard }
}
