/** The indicators of a scheme as a tree: modules, and in them the lines that are competent. */
import type { Indicator } from './rules'

export interface Line {
  name: string
  count: number
}
export interface Branch {
  code: string
  name: string
  count: number
  /** Full marks that the scheme gives the module. */
  marks: string
  lines: Line[]
}

function linesOf(indicators: readonly Indicator[]): Line[] {
  const counts = new Map<string, number>()
  for (const one of indicators) counts.set(one.line, (counts.get(one.line) ?? 0) + 1)
  return [...counts].map(([name, count]) => ({ name, count }))
}

export const treeOf = (modules: readonly Record<string, unknown>[], indicators: readonly Indicator[]): Branch[] =>
  modules.map((module) => {
    const own = indicators.filter((one) => one.module === module.code)
    return {
      code: String(module.code),
      name: String(module.name),
      count: own.length,
      marks: String(module.full_marks ?? ''),
      lines: linesOf(own),
    }
  })

export interface Competence {
  line: string
  indicators: number
  modules: string[]
  kinds: Set<string>
  /** Nobody has the line: the office reviews, or nobody does. */
  finding: 'office' | 'nobody' | null
}

/** Who is competent for what, with what the check found about a line. */
export function competences(
  modules: readonly Record<string, unknown>[],
  indicators: readonly Indicator[],
  findings: readonly { place: string; code: string }[],
): Competence[] {
  const nameOf = (code: string) => String(modules.find((one) => one.code === code)?.name ?? code)
  const found = (own: readonly Indicator[], code: string) =>
    findings.some((one) => one.code === code && own.some((indicator) => one.place === `indicators.${indicator.code}`))
  return linesOf(indicators)
    .map(({ name }) => indicators.filter((one) => one.line === name))
    .map((own) => ({
      line: own[0]?.line ?? '',
      indicators: own.length,
      modules: [...new Set(own.map((one) => nameOf(one.module)))],
      kinds: new Set(own.map((one) => one.subject_kind)),
      finding: found(own, 'line-without-authority')
        ? ('nobody' as const)
        : found(own, 'line-falls-to-office')
          ? ('office' as const)
          : null,
    }))
}
