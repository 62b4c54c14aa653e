/** How a parameter's value is read and written. */
import { language } from '@/i18n'
import type { Org } from '@/api'

export type Parameter = Org['ParameterNow']
export type Change = Org['ChangeLine']

export const labelOf = (one: { zh: string; en: string }): string => (language() === 'zh-CN' ? one.zh : one.en)

/** A whole number within the bounds; the service decides again. */
export const fits = (one: Pick<Parameter, 'least' | 'most'>, value: string): boolean =>
  /^\d{1,9}$/.test(value) && Number(value) >= one.least && Number(value) <= one.most
