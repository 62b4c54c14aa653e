/** What a module tells the shell: its pages and its places in the menu. The shell finds modules; nobody lists them. */
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

import type { Text } from '@/i18n'

import type { useSession } from './session'

export type Group =
  'home' | 'leading' | 'mine' | 'unit' | 'review' | 'appeals' | 'office' | 'results' | 'admin' | 'security' | 'audit'
export type Me = ReturnType<typeof useSession>

declare module 'vue-router' {
  interface RouteMeta {
    /** In the menu, the breadcrumb and the window's title. */
    title: Text
    /** Page of the map in the design, e.g. `P13`; also the prefix of test ids. */
    page: string
    /** Who may come; a typed address of somebody else's page says who can grant it. Everybody who is signed in without it. */
    may?: (me: Me) => boolean
    /** Without shell and sign-in. */
    bare?: boolean
    /** The page above in the breadcrumb, by path. */
    above?: string
    /** Where these people begin, instead of at the workbench. */
    lands?: (me: Me) => boolean
    /** Uses the whole width and height; it scrolls by itself. */
    full?: boolean
  }
}

export interface MenuEntry {
  path: string
  group: Group
  /** Within the group; tens, so that others fit between. */
  order: number
  icon: Component
}

export interface Module {
  routes: RouteRecordRaw[]
  menu?: MenuEntry[]
}

export const defineModule = (module: Module): Module => module

export const GROUPS: readonly Group[] = [
  'home',
  'leading',
  'mine',
  'unit',
  'review',
  'appeals',
  'office',
  'results',
  'admin',
  'security',
  'audit',
]
