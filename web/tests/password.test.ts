import { expect, it } from 'vitest'

import { passwordRules } from '@/modules/entry/passwordRules'

const kept = (fresh: string, current = '') =>
  passwordRules(fresh, current)
    .filter((one) => one.kept)
    .map((one) => one.name)

it('ticks each rule off as soon as it is kept', () => {
  expect(kept('')).toEqual([])
  expect(kept('abc')).toEqual(['fresh'])
  expect(kept('Abcdefgh12')).toEqual(['long', 'mixed', 'fresh'])
  expect(kept('abcdefgh12')).toEqual(['long', 'fresh'])
  expect(kept('Abcdefgh12', 'Abcdefgh12')).toEqual(['long', 'mixed'])
})
