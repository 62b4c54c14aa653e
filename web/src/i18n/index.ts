/** Two languages, zh-CN first. Each module adds its own words when it is loaded; a test finds keys that nobody has. */
import { createI18n } from 'vue-i18n'

import { informTransport } from '@/api/transport'

import { en, zh } from './words'

export type Language = 'zh-CN' | 'en'
export interface Text {
  zh: string
  en: string
}
export interface Words {
  [key: string]: string | Words
}
/** The same keys in the other language. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

const KEY = 'kaohe-language'

const stored = (): Language => (localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN')

export const i18n = createI18n({
  legacy: false,
  locale: stored(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh as Words, en: en as Words },
  missingWarn: false,
  fallbackWarn: false,
})

export const t = i18n.global.t

/** Adds the words of a module under its name. English has exactly the keys of Chinese, or it does not compile. */
export function addWords<T extends Words>(module: string, chinese: T, english: Same<T>): void {
  i18n.global.mergeLocaleMessage('zh-CN', { [module]: chinese })
  i18n.global.mergeLocaleMessage('en', { [module]: english as Words })
}

export const language = (): Language => i18n.global.locale.value as Language

export const said = (text: Text): string => (language() === 'en' ? text.en : text.zh)

/** What a business line is called. */
export const lineName = (code: string): string => (i18n.global.te(`line.${code}`, 'zh-CN') ? t(`line.${code}`) : code)

export function speak(wanted: Language): void {
  i18n.global.locale.value = wanted
  localStorage.setItem(KEY, wanted)
  document.documentElement.lang = wanted === 'en' ? 'en' : 'zh-CN'
  informTransport({ language: wanted })
}

speak(stored())
