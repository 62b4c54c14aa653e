/** The dictionaries that a bureau keeps. */
export const DICTIONARIES = ['modules', 'unit-kinds', 'series', 'reasons', 'posts'] as const
export type Dictionary = (typeof DICTIONARIES)[number]

const CODE = /^[A-Za-z0-9_.-]{1,64}$/

export interface TermWish {
  code: string
  zh: string
  en: string
  position: number
}

export const isWhole = (wish: TermWish): boolean =>
  CODE.test(wish.code.trim()) && wish.zh.trim() !== '' && wish.en.trim() !== '' && wish.position >= 0
