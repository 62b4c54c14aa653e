import { describe, expect, it } from 'vitest'

import { askedBy, changesOf, countOf, exportPath, reachesFar, reachOf, talliesOf } from '@/modules/audit/logs'
import { latestOf, lightOf, type Run } from '@/modules/audit/runs'

const run = (name: string, ended_at: string, failures = 0): Run =>
  ({ id: `${name}${ended_at}`, name, ended_at, failures, looked_at: 1, findings: [] }) as Run

describe('what a record changed', () => {
  it('is every field that differs, and what only one side has', () => {
    const found = changesOf({
      before: { name: '旧', level: 2, gone: null },
      after: { name: '新', level: 2, came: [1] },
    })
    expect(found).toEqual([
      { name: 'came', before: null, after: '[1]' },
      { name: 'gone', before: '—', after: null },
      { name: 'name', before: '旧', after: '新' },
    ])
  })
})

describe('the export', () => {
  it('has the filters of the page and nothing that is empty', () => {
    const path = exportPath('org', { kind: 'grant', object: '', since: '2026-11-01T00:00:00+08:00' }, 'csv')
    expect(path).toBe('/api/org/v1/audit/export?format=csv&kind=grant&since=2026-11-01T00%3A00%3A00%2B08%3A00')
  })
})

describe('the filters', () => {
  it('count both days whole, in the bureau; a tab decides kind and service', () => {
    const { service, wanted } = askedBy({
      tab: 'grants',
      service: 'scoring',
      kind: 'unit',
      since: '2026-11-01',
      until: '2026-11-30',
    })
    expect([service, wanted.kind]).toEqual(['org', 'grant'])
    expect(wanted.since).toBe('2026-10-31T16:00:00.000Z')
    expect(wanted.until).toBe('2026-11-30T16:00:00.000Z')
    expect(askedBy({ tab: 'all', service: 'nonsense' }).service).toBe('org')
  })
})

describe('the overview', () => {
  const summary = (first_at: string | null, count: number) => ({
    since: '2026-11-21T00:00:00Z',
    first_at,
    waiting: 0,
    tallies: [{ action: 'signed-in', kind: 'session', count, by_night: 1, last_at: '2026-11-27T00:00:00Z' }],
  })

  it('adds up over the services, the most frequent first', () => {
    const found = talliesOf([
      { service: 'org', summary: summary(null, 2) },
      { service: 'targets', summary: summary(null, 5) },
    ])
    expect(found.map((one) => one.count)).toEqual([5, 2])
    expect(countOf(found, () => true)).toBe(7)
    expect(countOf(found, (one) => one.service === 'org', 'by_night')).toBe(1)
  })

  it('reaches back as far as the oldest log; 180 days are enough', () => {
    const now = Date.parse('2026-11-28T00:00:00Z')
    expect(reachOf([summary('2026-11-27T00:00:00Z', 1), summary('2026-06-01T00:00:00Z', 1)], now)).toBe(180)
    expect(reachOf([summary(null, 0)], now)).toBeNull()
    expect([reachesFar(180), reachesFar(179), reachesFar(null)]).toEqual([true, false, false])
  })
})

describe('the light', () => {
  const now = new Date('2026-11-28T04:00:00Z')

  it('is red while the latest of any check failed, whatever came before', () => {
    const runs = latestOf([run('chain', '2026-11-28T03:00:00Z'), run('scores', '2026-11-27T19:30:00Z', 2)])
    expect(lightOf(runs, now)).toBe('broken')
    const mended = latestOf([run('scores', '2026-11-28T03:30:00Z'), run('scores', '2026-11-27T19:30:00Z', 2)])
    expect(lightOf(mended, now)).toBe('whole')
  })

  it('is amber when nothing was verified today, by the day of the bureau', () => {
    expect(lightOf([run('chain', '2026-11-27T15:59:00Z')], now)).toBe('unchecked')
    expect(lightOf([run('chain', '2026-11-27T16:01:00Z')], now)).toBe('whole')
    expect(lightOf([], now)).toBe('unchecked')
  })
})
