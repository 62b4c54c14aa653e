/** Chrome knows `gap` between flex items from version 84 on: pages for older ones get margins in its place. */
import type { AcceptedPlugin, Declaration, Rule } from 'postcss'

const AUTO = /^(normal|0(px)?)$/

/** The margin that stands for the gap, and the side it is on; null where there is nothing to stand for. */
export function marginFor(declared: ReadonlyMap<string, string>): { prop: string; value: string } | null {
  const gap = declared.get('gap')
  if (!gap || !/^(inline-)?flex$/.test(declared.get('display') ?? '')) return null
  const [down = '', across = down] = gap.trim().split(/\s+/)
  const isColumn = declared.get('flex-direction')?.startsWith('column') ?? false
  const value = isColumn ? down : across
  return AUTO.test(value) ? null : { prop: isColumn ? 'margin-top' : 'margin-left', value }
}

export function oldGaps(): AcceptedPlugin {
  return {
    postcssPlugin: 'kaohe-old-gaps',
    OnceExit(root) {
      root.walkRules((rule: Rule) => {
        const declared = new Map<string, string>()
        let gap: Declaration | undefined
        rule.walkDecls((one) => {
          declared.set(one.prop, one.value)
          if (one.prop === 'gap') gap = one
        })
        const margin = marginFor(declared)
        if (!margin || !gap) return
        const after = rule.clone({ selectors: rule.selectors.map((one) => `${one} > * + *`), nodes: [] })
        after.append(gap.clone({ ...margin, important: true }))
        rule.after(after)
      })
    },
  }
}
