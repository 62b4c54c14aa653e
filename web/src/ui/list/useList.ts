/** A list whose filters, page size and place are in the address: share the link, share the list. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, reactive, toRaw } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

import { kept } from '../preferences'

interface Page<T> {
  items: T[]
  next: string | null
}
type Filters = Record<string, string | undefined>
export interface Asked<F extends Filters> {
  filters: F
  limit: number
  after: string | undefined
}

export const SIZES = [20, 50, 100] as const
const MIDDLE = 50

/**
 * `name` keys cache and preferences; `filters` are those of the page with their standard values; `read` gets a page by
 * keyset. `also` is whatever else the answer depends on (a chosen period): when it changes, the list starts anew.
 */
export function useList<T, F extends Filters>(
  name: string,
  filters: F,
  read: (asked: Asked<F>) => Promise<Page<T>>,
  options: { also?: () => unknown; enabled?: () => boolean; poll?: number } = {},
) {
  const route = useRoute()
  const router = useRouter()
  const limit = kept<number>(`${name}:size`, MIDDLE)
  const trail = computed(() => {
    const given = route.query.trail
    return typeof given === 'string' && given ? given.split('~') : []
  })
  const current = computed<F>(() => {
    const read = { ...filters }
    for (const key of Object.keys(filters)) {
      const given = route.query[key]
      if (typeof given === 'string') (read as Filters)[key] = given || undefined
    }
    return read
  })
  const form = reactive({ ...current.value }) as F

  const go = (query: LocationQueryRaw) => router.replace({ query: { ...route.query, ...query } })
  const apply = () => {
    const given: LocationQueryRaw = {}
    for (const [key, value] of Object.entries(toRaw(form)))
      given[key] = value === filters[key] ? undefined : (value ?? '')
    return go({ ...given, trail: undefined })
  }
  const reset = () => {
    Object.assign(form, filters)
    return apply()
  }
  const set = (change: Partial<F>) => {
    Object.assign(form, change)
    return apply()
  }

  const query = useQuery({
    queryKey: computed(() => [name, current.value, limit.value, trail.value, options.also?.()]),
    queryFn: () => read({ filters: current.value, limit: limit.value, after: trail.value.at(-1) }),
    enabled: computed(() => options.enabled?.() ?? true),
    placeholderData: keepPreviousData,
    refetchInterval: options.poll ?? false,
  })
  const items = computed(() => query.data.value?.items ?? [])
  const following = computed(() => query.data.value?.next ?? null)
  const next = () => following.value && go({ trail: [...trail.value, following.value].join('~') })
  const previous = () => go({ trail: trail.value.slice(0, -1).join('~') || undefined })
  const first = () => go({ trail: undefined })
  const resize = (size: number) => {
    limit.value = size
    return first()
  }
  const narrowed = computed(() => Object.keys(filters).some((key) => current.value[key] !== filters[key]))

  return reactive({
    name,
    form,
    current,
    narrowed,
    apply,
    reset,
    set,
    query,
    items,
    limit,
    page: computed(() => trail.value.length + 1),
    following,
    next,
    previous,
    first,
    resize,
  })
}

export type List<T> = {
  name: string
  narrowed: boolean
  items: T[]
  limit: number
  page: number
  following: string | null
  query: { data: unknown; error: unknown; isPending: boolean; isFetching: boolean; refetch: () => unknown }
  reset: () => unknown
  next: () => unknown
  previous: () => unknown
  first: () => unknown
  resize: (size: number) => unknown
}
