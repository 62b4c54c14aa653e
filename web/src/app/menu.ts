/** The menu of the person signed in: a page that they may not open is not in it. */
import { computed } from 'vue'
import { useRouter } from 'vue-router'

import { GROUPS, type Group, type MenuEntry } from './module'
import { modules } from './modules'
import { useSession } from './session'

export interface MenuGroup {
  group: Group
  entries: (MenuEntry & { title: { zh: string; en: string } })[]
}

export function useMenu() {
  const router = useRouter()
  const me = useSession()
  const all = modules.flatMap((module) => module.menu ?? [])
  return computed<MenuGroup[]>(() =>
    GROUPS.map((group) => ({
      group,
      entries: all
        .filter((entry) => entry.group === group)
        .sort((a, b) => a.order - b.order)
        .map((entry) => ({ ...entry, meta: router.resolve(entry.path).meta }))
        .filter((entry) => entry.meta.may?.(me) ?? true)
        .map(({ meta, ...entry }) => ({ ...entry, title: meta.title })),
    })).filter((one) => one.entries.length > 0),
  )
}
