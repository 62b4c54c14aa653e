import { describe, expect, it } from 'vitest'

import { spansOf, turned, weeksOf } from '@/modules/basics/calendar'
import { isWhole } from '@/modules/basics/terms'
import { lookOf, type Service } from '@/modules/operations/work'
import { fits } from '@/modules/parameters/values'
import { isComplete, listOf, postingOf } from '@/modules/people/places'

import { marginFor } from '../tools/oldgaps'

const off = (day: string, name = '国庆节') => ({ day, working: false, name })
const worked = (day: string) => ({ day, working: true, name: '国庆节' })

describe('a year of working days', () => {
  it('begins its weeks on Monday and knows the worked weekend from the free one', () => {
    const weeks = weeksOf(2026, 10, new Map([off('2026-10-01'), worked('2026-10-10')].map((one) => [one.day, one])))
    expect(weeks[0]?.map((cell) => cell?.number ?? null)).toEqual([null, null, null, 1, 2, 3, 4])
    expect(weeks[0]?.[3]?.working).toBe(false)
    const [saturday, sunday] = weeks[1]?.slice(5) ?? []
    expect([saturday?.working, sunday?.working]).toEqual([true, false])
  })

  it('forgets an exception that is turned round twice', () => {
    const cell = { day: '2026-10-01', number: 1, working: true, exception: null }
    const once = turned([], cell, '国庆节')
    expect(once).toEqual([off('2026-10-01')])
    expect(turned(once, { ...cell, working: false, exception: off('2026-10-01') }, '')).toEqual([])
  })

  it('tells days of one holiday as a span, over the weekend in between', () => {
    const days = ['01', '02', '05', '06', '07'].map((day) => off(`2026-10-${day}`))
    expect(spansOf([...days, worked('2026-10-10')]).map(({ from, to }) => [from, to])).toEqual([
      ['2026-10-01', '2026-10-07'],
      ['2026-10-10', '2026-10-10'],
    ])
  })
})

describe('a value of a parameter', () => {
  it('is a whole number within the bounds', () => {
    const bounded = { least: 1, most: 30 }
    expect(['1', '30'].map((value) => fits(bounded, value))).toEqual([true, true])
    expect(['0', '31', '1.5', '', '1e1'].map((value) => fits(bounded, value))).toEqual(Array(5).fill(false))
  })
})

describe('a change of where somebody serves', () => {
  const wish = { kind: 'moved', unit: 'u', post: '', from: '2026-11-01', to: null } as const
  it('is entered for several at once only if it is a move', () => {
    expect(isComplete(wish, 3)).toBe(true)
    expect(isComplete({ ...wish, kind: 'loan' }, 3)).toBe(false)
    expect(isComplete({ ...wish, kind: 'loan' }, 1)).toBe(true)
    expect(isComplete({ ...wish, unit: '' }, 1)).toBe(false)
    expect(isComplete({ ...wish, kind: 'leave', unit: '', to: '2026-10-31' }, 1)).toBe(false)
  })
  it('spends leave in the own unit and post', () => {
    const who = { id: 'o', unit_id: 'home', post: '民警' } as Parameters<typeof postingOf>[1]
    const leave = postingOf({ ...wish, kind: 'leave', unit: '' }, who)
    expect([leave.unit_id, leave.post, leave.is_primary]).toEqual(['home', '民警', false])
    expect(listOf('leave')).toBe('away')
    expect(listOf('retired')).toBe('departed')
  })
})

describe('a word of a dictionary', () => {
  it('has a code and both languages', () => {
    const wish = { code: 'no-evidence', zh: '材料不足', en: 'not enough evidence', position: 0 }
    expect(isWhole(wish)).toBe(true)
    expect(isWhole({ ...wish, code: '无' })).toBe(false)
    expect(isWhole({ ...wish, en: ' ' })).toBe(false)
  })
})

describe('a service', () => {
  const work = { dependencies: { database: true }, streams: [{ name: 'org', mode: 'live' }], parked: [], incidents: 0 }
  const look = (change: object) => lookOf({ name: 'org', work: { ...work, ...change } } as unknown as Service)
  it('is bad when it is silent, leans on what is down, or stopped a stream; it warns when a person is needed', () => {
    expect(lookOf({ name: 'org', work: null })).toBe('bad')
    expect(look({})).toBe('good')
    expect(look({ dependencies: { database: true, storage: false } })).toBe('bad')
    expect(look({ streams: [{ name: 'org', mode: 'halted' }] })).toBe('bad')
    expect(look({ parked: [{}] })).toBe('warns')
  })
})

describe('gaps for old browsers', () => {
  const of = (declared: Record<string, string>) => marginFor(new Map(Object.entries(declared)))
  it('are margins between the items, beside or below one another', () => {
    expect(of({ display: 'flex', gap: '8px' })).toEqual({ prop: 'margin-left', value: '8px' })
    expect(of({ display: 'flex', gap: '4px 16px' })).toEqual({ prop: 'margin-left', value: '16px' })
    expect(of({ display: 'flex', gap: '4px', 'flex-direction': 'column' })).toEqual({
      prop: 'margin-top',
      value: '4px',
    })
    expect(of({ display: 'grid', gap: '8px' })).toBeNull()
    expect(of({ display: 'flex', gap: '0' })).toBeNull()
  })
})
