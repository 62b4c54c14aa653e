import { describe, expect, it } from 'vitest'

import { actOf } from '@/modules/review/keys'

const key = (name: string, more: object = {}) => ({
  key: name,
  keyCode: 0,
  isComposing: false,
  repeat: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
})
const free = { typing: false, choosing: false }

describe('keys of the review queue', () => {
  it('decides with one key, in either case', () => {
    expect(actOf(key('a'), free)).toBe('accept')
    expect(actOf(key('R'), free)).toBe('return')
  })
  it('is deaf while somebody types', () => {
    expect(actOf(key('a'), { typing: true, choosing: false })).toBeNull()
  })
  it('is deaf while an input method composes, whatever the browser calls it', () => {
    expect(actOf(key('a', { isComposing: true }), free)).toBeNull()
    expect(actOf(key('a', { keyCode: 229 }), free)).toBeNull()
    expect(actOf(key('Process'), free)).toBeNull()
    expect(actOf(key('Enter', { isComposing: true, ctrlKey: true }), free)).toBeNull()
  })
  it('does not decide again and again while a key is held down', () => {
    expect(actOf(key('a', { repeat: true }), free)).toBeNull()
    expect(actOf(key('j', { repeat: true }), free)).toBe('next')
  })
  it('takes digits for phrases and Enter for yes only while a decision is open', () => {
    const choosing = { typing: false, choosing: true }
    expect(actOf(key('2'), choosing)).toBe('phrase-2')
    expect(actOf(key('Enter'), choosing)).toBe('confirm')
    expect(actOf(key('2'), free)).toBeNull()
    expect(actOf(key('a'), choosing)).toBeNull()
  })
  it('leaves the browser its own combinations', () => {
    expect(actOf(key('r', { ctrlKey: true }), free)).toBeNull()
  })
  it('confirms and closes also from a field', () => {
    const typing = { typing: true, choosing: true }
    expect(actOf(key('Enter', { ctrlKey: true }), typing)).toBe('confirm')
    expect(actOf(key('Escape'), typing)).toBe('close')
  })
})
