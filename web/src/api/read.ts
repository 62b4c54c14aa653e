/** Reading as a page uses it: one reactive value, so that `QueryStates` can be given it whole. */
import { useQuery, type UseQueryOptions } from '@tanstack/vue-query'
import { reactive, type UnwrapNestedRefs } from 'vue'

export interface Read<T> {
  data: T | undefined
  error: unknown
  isPending: boolean
  isFetching: boolean
  refetch: () => Promise<unknown>
}

export function useRead<T>(options: UseQueryOptions<T>): Read<T> {
  return reactive(useQuery(options)) as UnwrapNestedRefs<unknown> as Read<T>
}
