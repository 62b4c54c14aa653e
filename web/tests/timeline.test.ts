import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { i18n } from '@/i18n'
import type { Step } from '@/ui/timeline/steps'
import TimelineColumn from '@/ui/timeline/TimelineColumn.vue'

const step = (id: string, action: string): Step => ({
  id,
  at: `2026-11-0${id}T02:00:00Z`,
  actor: '王',
  action,
  reason: null,
  audit_seq: 7,
  audit_hash: 'ab'.repeat(32),
  before: {},
  after: {},
})
const column = () =>
  mount(TimelineColumn, {
    props: { steps: [step('1', 'submit'), step('2', 'claim')] },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })

describe('the link of a step', () => {
  beforeEach(() => (Element.prototype.scrollIntoView = () => {}))
  afterEach(() => history.replaceState(null, '', '/'))

  it('shows the step that it names, though small steps are folded', async () => {
    expect(column().findAll('li')).toHaveLength(1)
    history.replaceState(null, '', '/submissions/9#step-2')
    const found = column()
    await found.vm.$nextTick()
    expect(found.findAll('li')).toHaveLength(2)
    expect(found.find('li.named').attributes('id')).toBe('step-2')
  })

  it('stands beside the mark in the audit log', () => {
    expect(column().text()).toContain('审计记录第 7 条 · abababababab')
  })
})
