/** Units as a tree, and who can be named as the target of a change. */
import type { Org } from '@/api'

export type Unit = Org['UnitOut']
export interface Branch {
  id: string
  label: string
  ended: boolean
  children: Branch[]
}

export const hasEnded = (unit: Unit, day: string): boolean => unit.valid_to !== null && unit.valid_to < day

/** By code within each parent; ended units last and marked. A unit whose parent is not visible stands at the top. */
export function treeOf(units: readonly Unit[], day: string): Branch[] {
  const byId = new Map(units.map((one) => [one.id, branchOf(one, day)]))
  const top: Branch[] = []
  const order = (a: Unit, b: Unit) =>
    Number(hasEnded(a, day)) - Number(hasEnded(b, day)) || a.code.localeCompare(b.code)
  for (const one of [...units].sort(order)) {
    const branch = byId.get(one.id)
    if (branch) (byId.get(one.parent_id ?? '')?.children ?? top).push(branch)
  }
  return top
}
const branchOf = (one: Unit, day: string): Branch => ({
  id: one.id,
  label: one.name,
  ended: hasEnded(one, day),
  children: [],
})

/** Units into which it can be moved or merged: those that live, neither itself nor below it. */
export const targetsOf = (unit: Unit, units: readonly Unit[], day: string): Unit[] =>
  units.filter((one) => !one.path.startsWith(unit.path) && !hasEnded(one, day))

export type Effects = Readonly<Record<string, number>>
/** What is touched, by the names that have a word; nothing that is nought. */
export const touched = (effects: Effects): [string, number][] => Object.entries(effects).filter(([, n]) => n > 0)
