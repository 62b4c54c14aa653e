import { beforeEach, describe, expect, it } from 'vitest'

import { speak } from '@/i18n'
import {
  change,
  day,
  difference,
  left,
  moment,
  periodName,
  points,
  quantity,
  thousandths,
  today,
  urgency,
} from '@/ui/format'

const NOW = Date.parse('2026-11-21T02:00:00Z')

describe('figures', () => {
  it('shows scores with two decimals and the third only when it says something', () => {
    expect(points('3')).toBe('3.00')
    expect(points('86.500')).toBe('86.50')
    expect(points('0.125')).toBe('0.125')
    expect(points('-0.5')).toBe('−0.50')
    expect(points('1204.5')).toBe('1,204.50')
    expect(points('-0.000')).toBe('0.00')
  })
  it('never turns a missing score into nought', () => {
    expect(points(null)).toBe('—')
    expect(quantity(undefined)).toBe('—')
  })
  it('keeps decimals that a number could not hold', () => {
    expect(points('9007199254740993.125')).toBe('9,007,199,254,740,993.125')
  })
  it('writes quantities without trailing noughts', () => {
    expect(quantity('6.000')).toBe('6')
    expect(quantity('2.50')).toBe('2.5')
  })
  it('gives differences a sign, nought none', () => {
    expect(change('1.5')).toBe('+1.50')
    expect(change('-1.5')).toBe('−1.50')
    expect(change('0')).toBe('0.00')
  })
})

describe('days and moments', () => {
  beforeEach(() => speak('zh-CN'))
  it('counts the day in the zone of the bureau, not of the machine', () => {
    expect(today(new Date('2026-11-25T16:30:00Z'))).toBe('2026-11-26')
    expect(moment('2026-11-25T10:00:00Z', new Date(NOW))).toBe('11月25日 18:00')
  })
  it('names the year only of another year', () => {
    expect(day('2025-12-31', new Date(NOW))).toBe('2025年12月31日')
    expect(day('2026-03-05', new Date(NOW))).toBe('3月5日')
  })
  it('names periods after their month, in both languages', () => {
    expect(periodName('2026-11')).toBe('2026年11月')
    speak('en')
    expect(periodName('2026-11')).toBe('Nov 2026')
    expect(periodName('campaign-1')).toBe('campaign-1')
  })
  it('tells how long is left, and nothing when the deadline has passed', () => {
    expect(left('2026-11-25T08:00:00Z', NOW)).toBe('4天6小时')
    expect(left('2026-11-21T02:30:00Z', NOW)).toBe('30分钟')
    expect(left('2026-11-21T02:00:00Z', NOW)).toBeNull()
  })
  it('calls the last two days soon and what has passed late', () => {
    expect(urgency('2026-11-25T08:00:00Z', NOW)).toBe('normal')
    expect(urgency('2026-11-22T08:00:00Z', NOW)).toBe('soon')
    expect(urgency('2026-11-21T01:00:00Z', NOW)).toBe('late')
  })
})

describe('figures in thousandths', () => {
  it('are exact, and a missing one is not nought', () => {
    expect(difference(1500, 1375)).toBe('0.125')
    expect(difference(0, 2500)).toBe('-2.500')
    expect(difference(7, 0)).toBe('0.007')
    expect(difference(7, null)).toBeNull()
    expect(thousandths(-1500)).toBe('-1.500')
    expect(thousandths(null)).toBeNull()
  })
})
