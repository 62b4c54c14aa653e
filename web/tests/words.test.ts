import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { i18n } from '@/i18n'

const SOURCE = join(__dirname, '../src')
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf-8' }).filter((name) => /\.(vue|ts)$/.test(name))
const text = new Map(files.map((name) => [name, readFileSync(join(SOURCE, name), 'utf-8')]))

/** Loads the words of every module, as its pages do. */
const loaded = Promise.all(Object.values(import.meta.glob('../src/modules/*/words.ts')).map((load) => load()))

const leaves = (value: object, path = ''): [string, string][] =>
  Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? [[path + key, inner] as [string, string]] : leaves(inner as object, `${path}${key}.`),
  )
const all = (language: 'zh-CN' | 'en') => new Map(leaves(i18n.global.getLocaleMessage(language)))
const used = [...text].flatMap(([file, content]) =>
  [...content.matchAll(/\bt\(\s*'([a-z][\w]*(?:\.[\w]+)+)'/gi)].map((found) => [file, found[1] ?? ''] as const),
)
const built = [...text].flatMap(([file, content]) =>
  [...content.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)].map((found) => [file, found[1] ?? ''] as const),
)

describe('words', () => {
  it('has every key that a page asks for', async () => {
    await loaded
    const known = all('zh-CN')
    expect(used.length).toBeGreaterThan(100)
    expect(used.filter(([, key]) => !known.has(key))).toEqual([])
  })

  it('has the group of every key that is put together', async () => {
    await loaded
    const known = [...all('zh-CN').keys()]
    expect(built.filter(([, start]) => !known.some((key) => key.startsWith(`${start}.`)))).toEqual([])
  })

  it('says the same things in both languages, with the same places to fill in', async () => {
    await loaded
    const [zh, en] = [all('zh-CN'), all('en')]
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
    const holes = (sentence: string | undefined) => [...(sentence ?? '').matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
    expect([...zh.keys()].filter((key) => holes(zh.get(key)).join() !== holes(en.get(key)).join())).toEqual([])
  })

  it('leaves no Chinese in the English', async () => {
    await loaded
    expect([...all('en')].filter(([, sentence]) => /[\u4e00-\u9fff]/.test(sentence))).toEqual([])
  })

  it('keeps Chinese out of the pages themselves', () => {
    const allowed = /zh: '|title: \{ zh|中文|\/\*\*|^\s*\*|^\s*\/\/|<!--/
    const stray = [...text].flatMap(([file, content]) =>
      file.endsWith('words.ts') || file.endsWith('format.ts')
        ? []
        : content
            .split('\n')
            .filter((line) => /[\u4e00-\u9fff]/.test(line) && !allowed.test(line))
            .map((line) => `${file}: ${line.trim()}`),
    )
    expect(stray).toEqual([])
  })
})
