/** The table of roles and permissions as rows, grouped by service. */
import type { Org } from '@/api'

export interface Line {
  name: string
  zh: string
  en: string
  service: string
  /** Whether each of the shown roles has it, in their order. */
  given: boolean[]
}

/** Rows for the roles in their order; with `different` only those on which two of them differ. */
export function linesOf(table: Org['RolesOut'], roles: readonly string[], different = false): Line[] {
  const sets = roles.map((role) => new Set(table.roles.find((one) => one.role === role)?.permissions ?? []))
  return table.permissions
    .map((one) => ({ ...one, service: one.name.split(':')[0] ?? '', given: sets.map((set) => set.has(one.name)) }))
    .filter((line) => line.given.some(Boolean))
    .filter((line) => !different || new Set(line.given).size > 1)
}

export function groupsOf(lines: readonly Line[]): { service: string; lines: Line[] }[] {
  const services = [...new Set(lines.map((one) => one.service))]
  return services.map((service) => ({ service, lines: lines.filter((one) => one.service === service) }))
}
