/** What a person has chosen to see: kept in the browser, by account. */
import { ref, watch, type Ref } from 'vue'

export function kept<T>(name: string, initial: T): Ref<T> {
  const key = `kaohe:${name}`
  let found = initial
  try {
    const stored = localStorage.getItem(key)
    if (stored !== null) found = JSON.parse(stored) as T
  } catch {
    // unreadable: start anew
  }
  const value = ref(found) as Ref<T>
  watch(value, (now) => localStorage.setItem(key, JSON.stringify(now)), { deep: true })
  return value
}

export type TextSize = 'normal' | 'large' | 'largest'
export const textSize = kept<TextSize>('text-size', 'normal')
export const shortcuts = kept('shortcuts', true)

watch(textSize, (size) => (document.documentElement.dataset.print = size), { immediate: true })
