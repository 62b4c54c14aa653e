/** Links to where something is dealt with, only where there is a page that one may open. */
import { useRouter } from 'vue-router'

import { useSession } from '@/app/session'

import { placeOf } from './inbox'

const NO_PAGE = 'P10'

export function usePlaces() {
  const router = useRouter()
  const me = useSession()
  return (one: Parameters<typeof placeOf>[0]): string | null => {
    const place = placeOf(one)
    if (!place) return null
    const { meta } = router.resolve(place)
    return meta.page !== NO_PAGE && (meta.may?.(me) ?? true) ? place : null
  }
}
