import { VueQueryPlugin } from '@tanstack/vue-query'
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'

import { isRunning, useErrand, type Errand } from '@/ui/errands/useErrand'

const states: Record<string, string[]> = {}
const ended: string[] = []
const asked = ref<string | null>(null)

/** A page that waits for the errand in `asked`; each look at one takes the next of its `states`, the last stays. */
const Page = defineComponent(() => {
  const errand = useErrand('org', asked, (one: Errand) => ended.push(`${one.id} ${one.state}`))
  return () => h('p', isRunning(errand.data) ? 'running' : 'still')
})

enableAutoUnmount(afterEach)
beforeEach(() => {
  vi.useFakeTimers()
  asked.value = null
  ended.length = 0
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    const id = url.split('/').at(-1) ?? ''
    const left = states[id] ?? []
    const state = left.length > 1 ? left.shift() : left[0]
    return new Response(JSON.stringify({ id, state }), { headers: { 'content-type': 'application/json' } })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const open = () => mount(Page, { global: { plugins: [VueQueryPlugin] } })

describe('long work', () => {
  it('is told ended when it was over before the first look', async () => {
    states.quick = ['done']
    open()
    asked.value = 'quick'
    await vi.waitFor(() => expect(ended).toEqual(['quick done']))
  })

  it('is looked at until it ends, and told once', async () => {
    states.slow = ['waiting', 'running', 'failed']
    const page = open()
    asked.value = 'slow'
    await vi.waitFor(() => expect(page.text()).toBe('running'))
    expect(ended).toEqual([])
    await vi.advanceTimersByTimeAsync(10_000)
    await flushPromises()
    expect(ended).toEqual(['slow failed'])
  })

  it('is told for each errand that follows on the page', async () => {
    states.check = ['done']
    states.apply = ['done']
    open()
    asked.value = 'check'
    await vi.waitFor(() => expect(ended).toEqual(['check done']))
    asked.value = 'apply'
    await vi.waitFor(() => expect(ended).toEqual(['check done', 'apply done']))
  })
})
