/** How a parameter's value is read and written. */
import { language } from '@/i18n'
import type { Org } from '@/api'

export type Parameter = Org['ParameterNow']
export type Change = Org['ChangeLine']

export const labelOf = (one: { zh: string; en: string }): string => (language() === 'zh-CN' ? one.zh : one.en)

/** The key of the words for a value that is a word, null where the value speaks for itself. */
export function wordOf(key: string, value: string): string | null {
  if (value === 'true' || value === 'false') return `params.switch.${value}`
  return key === 'ties' || key === 'names' ? `params.words.${key}-${value}` : null
}

/** Within the bounds and as exact as the kind allows; the service decides again. */
export function fits(one: Parameter, value: string): boolean {
  if (one.kind === 'switch') return value === 'true' || value === 'false'
  if (one.words.length) return one.words.includes(value)
  const shape = one.kind === 'whole' ? /^-?\d{1,9}$/ : /^-?\d{1,9}(\.\d{1,4})?$/
  if (!shape.test(value)) return false
  const number = Number(value)
  return (one.least === null || number >= Number(one.least)) && (one.most === null || number <= Number(one.most))
}
