import { describe, expect, it } from 'vitest'

import { concernedBy } from '@/app/live'
import { byDay, morningAfter, placeOf, titleOf } from '@/modules/inbox/inbox'
import { targetsOf, touched, treeOf, type Unit } from '@/modules/people/tree'
import { groupsOf, linesOf } from '@/modules/security/matrix'

describe('a hint', () => {
  it('concerns the bell always, and the lists of its kind', () => {
    expect([...concernedBy(['org.grant'])]).toEqual(['bell', 'todos', 'messages', 'grants', 'roles'])
    expect([...concernedBy(['scoring.entry'])]).toEqual(['bell', 'todos', 'messages'])
  })
})

describe('what waits', () => {
  it('is dealt with where its action says, else where its object is shown', () => {
    const work = { object_kind: 'submission', object_id: '7' }
    expect(placeOf({ ...work, action: 'review' })).toBe('/review/7')
    expect(placeOf({ ...work, action: 'repair' })).toBe('/submissions/7')
    expect(placeOf({ object_kind: 'award', object_id: '7', action: 'confirm_award' })).toBe('/approvals')
    expect(placeOf({ object_kind: 'entry_appeal', object_id: '7', action: 'decide_entry_appeal' })).toBe(
      '/appeals/points/7',
    )
    expect(placeOf({ object_kind: 'unheard-of', object_id: '7' })).toBeNull()
  })

  it('comes back at eight in the morning of the bureau', () => {
    expect(morningAfter(1, Date.parse('2026-11-28T15:30:00Z'))).toBe('2026-11-29T08:00:00+08:00')
    expect(morningAfter(1, Date.parse('2026-11-28T16:30:00Z'))).toBe('2026-11-30T08:00:00+08:00')
  })

  it('is called by what is known of it', () => {
    const one = { facts: { number: 'KH-1', other: 2 }, indicator_name: null, subject_name: 'A' }
    expect(titleOf(one)).toBe('A · KH-1')
    expect(titleOf({ ...one, facts: {}, subject_name: null })).toBe('')
  })

  it('stands under its day', () => {
    const found = byDay([{ at: 'a1' }, { at: 'a2' }, { at: 'b1' }], (at) => at.slice(0, 1))
    expect(found.map((one) => [one.day, one.items.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })
})

describe('units', () => {
  const unit = (id: string, parent_id: string | null, path: string, valid_to: string | null = null): Unit =>
    ({ id, parent_id, path, code: id, name: id, valid_to }) as Unit
  const units = [
    unit('c', null, 'c/'),
    unit('b', 'c', 'c/b/'),
    unit('a', 'c', 'c/a/', '2026-01-01'),
    unit('d', 'b', 'c/b/d/'),
  ]

  it('hang below their parents, those that ended last', () => {
    const [top] = treeOf(units, '2026-11-28')
    expect(top?.children.map((one) => [one.id, one.ended])).toEqual([
      ['b', false],
      ['a', true],
    ])
    expect(treeOf(units, '2026-01-01')[0]?.children.map((one) => one.ended)).toEqual([false, false])
  })

  it('can go neither into themselves nor below, nor into what has ended', () => {
    expect(targetsOf(units[1] as Unit, units, '2026-11-28').map((one) => one.id)).toEqual(['c'])
  })

  it('touch what is not nought', () => {
    expect(touched({ units: 0, people: 3 })).toEqual([['people', 3]])
  })
})

describe('the table of roles', () => {
  const table = {
    permissions: ['org:read', 'org:roster', 'audit:read'].map((name) => ({ name, zh: name, en: name })),
    roles: [
      { role: 'auditor', permissions: ['org:read', 'audit:read'], holders: 1, apart: [] },
      { role: 'roster_admin', permissions: ['org:read', 'org:roster'], holders: 1, apart: [] },
    ],
  } as Parameters<typeof linesOf>[0]

  it('has a row for what one of the shown roles may, by service', () => {
    const lines = linesOf(table, ['auditor'])
    expect(lines.map((one) => one.name)).toEqual(['org:read', 'audit:read'])
    expect(groupsOf(lines).map((one) => one.service)).toEqual(['org', 'audit'])
  })

  it('may be narrowed to what differs', () => {
    const lines = linesOf(table, ['auditor', 'roster_admin'], true)
    expect(lines.map((one) => [one.name, ...one.given])).toEqual([
      ['org:roster', false, true],
      ['audit:read', true, false],
    ])
  })
})
