/** What a form can say of each kind of rule. Anything else that the rule language knows is written as data. */
import type { Targets } from '@/api'

export type RuleData = Record<string, unknown>
export type Indicator = Targets['IndicatorOut']
export interface Field {
  key: string
  kind: 'number' | 'choice' | 'threshold' | 'levels' | 'bands'
  choices?: readonly string[]
}

const number = (key: string): Field => ({ key, kind: 'number' })
const choice = (key: string, ...choices: string[]): Field => ({ key, kind: 'choice', choices })
export const OPERATORS = ['>=', '>', '<=', '<'] as const

export const FORMS: Readonly<Record<string, readonly Field[]>> = {
  ratio: [
    number('full'),
    choice('direction', 'higher_is_better', 'lower_is_better'),
    number('cap'),
    number('floor'),
    number('decimals'),
  ],
  step: [
    number('base'),
    { key: 'threshold', kind: 'threshold' },
    number('step'),
    choice('unit', 'count', 'percent_of_target', 'points', 'minutes', 'hours', 'days'),
    number('above'),
    number('below'),
    choice('mode', 'whole', 'started', 'proportional'),
    number('cap_plus'),
    number('cap_minus'),
    number('floor'),
  ],
  band: [
    choice('of', 'actual', 'percent_of_target'),
    { key: 'bands', kind: 'bands' },
    number('otherwise'),
    number('decimals'),
  ],
  all_or_nothing: [number('full'), choice('op', ...OPERATORS), { key: 'threshold', kind: 'threshold' }],
  events: [
    number('each'),
    { key: 'levels', kind: 'levels' },
    number('item_cap'),
    number('cap'),
    number('floor'),
    number('decimals'),
  ],
}
export const KINDS = Object.keys(FORMS)

const START: Readonly<Record<string, RuleData>> = {
  ratio: { full: '10', direction: 'higher_is_better', cap: '1', floor: '0' },
  step: { base: '0', threshold: 'target', step: '1', unit: 'count', above: '0', below: '-1', mode: 'whole' },
  band: { of: 'actual', bands: [{ op: '>=', bound: '1', points: '10' }], otherwise: '0' },
  all_or_nothing: { full: '10', op: '>=', threshold: 'target' },
  events: { each: '1', cap: '10' },
}

/** A rule of this kind to begin with; the full marks that were there already are kept. */
export function begun(kind: string, before: RuleData = {}): RuleData {
  const kept = typeof before.full === 'string' && 'full' in (START[kind] ?? {}) ? { full: before.full } : {}
  return { type: kind, ...structuredClone(START[kind]), ...kept }
}

/** Whether the form shows everything that the rule says. */
export function fits(rule: RuleData): boolean {
  const fields = FORMS[String(rule.type)]
  return (
    fields !== undefined && Object.keys(rule).every((key) => key === 'type' || fields.some((one) => one.key === key))
  )
}

/** With the field set, or without it where it is left empty. `decimals` is the only one that is no decimal text. */
export function put(rule: RuleData, key: string, value: unknown): RuleData {
  const { [key]: _, ...rest } = rule
  if (value === '' || value === null || value === undefined) return rest
  return { ...rest, [key]: key === 'decimals' && /^\d+$/.test(String(value)) ? Number(value) : value }
}

export interface TestFacts {
  target: string
  baseline: string
  actual: string
  events: { level: string; quantity: string }[]
}
export const noFacts = (): TestFacts => ({ target: '', baseline: '', actual: '', events: [] })

export const hasLevels = (rule: RuleData) => Object.keys((rule.levels as RuleData | undefined) ?? {}).length > 0

/** As a worked example says them; null while there is nothing to try with. */
export function factsOf(test: TestFacts, rule: RuleData): RuleData | null {
  const facts: RuleData = {}
  if (test.target.trim()) facts.target = test.target.trim()
  if (test.baseline.trim()) facts.baseline = test.baseline.trim()
  if (hasLevels(rule)) {
    const events = test.events
      .filter((one) => one.quantity.trim())
      .map((one) => ({ quantity: one.quantity.trim(), ...(one.level ? { level: one.level } : {}) }))
    return events.length ? { ...facts, events } : null
  }
  return test.actual.trim() ? { ...facts, actual: test.actual.trim() } : null
}

/** The facts of an example as the form has them. */
export function trialOf(example: Indicator['example']): TestFacts {
  const facts = ((example ?? {}) as { facts?: RuleData }).facts ?? {}
  const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  return {
    target: text(facts.target),
    baseline: text(facts.baseline),
    actual: text(facts.actual),
    events: ((facts.events as RuleData[] | undefined) ?? []).map((one) => ({
      level: text(one.level),
      quantity: text(one.quantity),
    })),
  }
}
