/** The grid of splitting: what was received, who can be given something, what was handed down, what is typed. */
import { computed } from 'vue'

import { every, got, org, targets, type Targets } from '@/api'
import { useRead } from '@/api/read'
import { useAssessment } from '@/app/assessment'
import { useSession } from '@/app/session'
import { useIndicators } from '@/reference'
import { kept } from '@/ui/preferences'

import { divide, milli, stepOf, text } from './splitting'

type Target = Targets['TargetOut']
export interface Row {
  id: string
  name: string
  unitOfMeasure: string
  quantity: string
}
export interface Column {
  id: string
  name: string
  kind: 'officer' | 'unit'
}
export interface Sums {
  handed: number
  typed: number
  left: number
}

const PAGE = 200
export const cell = (row: string, column: string) => `${row}|${column}`

export function useCascade() {
  const me = useSession()
  const assessment = useAssessment()
  const unit = computed(() => me.unitOf('unit_leader'))
  const period = computed(() => assessment.period)
  const { indicators } = useIndicators(() => assessment.scheme?.id)
  const cells = kept<Record<string, string>>(`cascade:${me.who?.account.id}`, {})

  const read = (query: object) =>
    every<Target>((after) =>
      got(targets.GET('/api/targets/v1/targets', { params: { query: { ...query, limit: PAGE, after } } })),
    )
  const query = useRead({
    queryKey: computed(() => ['cascade', unit.value, period.value?.id]),
    enabled: computed(() => Boolean(unit.value && period.value)),
    queryFn: async () => {
      const id = unit.value ?? ''
      const [all, people, below] = await Promise.all([
        read({ under: id, period_id: period.value?.id }),
        every((after) =>
          got(org.GET('/api/org/v1/officers', { params: { query: { unit_id: id, limit: PAGE, after } } })),
        ),
        every((after) =>
          got(org.GET('/api/org/v1/units', { params: { query: { parent_id: id, limit: PAGE, after } } })),
        ),
      ])
      const live = all.filter((one) => one.status !== 'withdrawn')
      const own = live.filter((one) => one.subject_kind === 'unit' && one.subject_id === id && one.status !== 'draft')
      const ids = new Set(own.map((one) => one.id))
      return { own, parts: live.filter((one) => one.parent_id && ids.has(one.parent_id)), people, below }
    },
  })
  const received = computed<Row[]>(() =>
    (query.data?.own ?? [])
      .map((one) => {
        const indicator = indicators.value.get(one.indicator_id)
        return {
          id: one.id,
          name: indicator?.name ?? '…',
          unitOfMeasure: indicator?.unit_of_measure ?? '',
          quantity: one.quantity,
        }
      })
      .sort((a, b) => a.name.localeCompare(b.name, 'zh')),
  )
  const columns = computed<Column[]>(() => [
    ...(query.data?.below ?? []).map((one) => ({ id: one.id, name: one.name, kind: 'unit' as const })),
    ...(query.data?.people ?? []).map((one) => ({ id: one.id, name: one.name, kind: 'officer' as const })),
  ])
  const handed = computed(
    () => new Map((query.data?.parts ?? []).map((one) => [cell(one.parent_id ?? '', one.subject_id), one.quantity])),
  )
  const changed = computed(() =>
    received.value.flatMap((row) =>
      columns.value
        .filter(
          (column) =>
            !handed.value.has(cell(row.id, column.id)) && milli(cells.value[cell(row.id, column.id)] ?? '') > 0,
        )
        .map((column) => ({
          row: row.id,
          column: column.id,
          kind: column.kind,
          quantity: cells.value[cell(row.id, column.id)] ?? '',
        })),
    ),
  )
  const sums = computed(() => {
    const found = new Map<string, Sums>()
    for (const row of received.value) {
      const given = columns.value.reduce((sum, one) => sum + milli(handed.value.get(cell(row.id, one.id)) ?? ''), 0)
      const typed = changed.value.filter((one) => one.row === row.id).reduce((sum, one) => sum + milli(one.quantity), 0)
      found.set(row.id, { handed: given, typed, left: milli(row.quantity) - given - typed })
    }
    return found
  })

  /** What is not handed down yet, to those without a part, by their weights. */
  function spread(row: Row, weights: Map<string, number>): void {
    const free = columns.value.filter(
      (one) => !handed.value.has(cell(row.id, one.id)) && (weights.get(one.id) ?? 0) > 0,
    )
    const open = milli(row.quantity) - (sums.value.get(row.id)?.handed ?? 0)
    const parts = divide(
      open,
      free.map((one) => weights.get(one.id) ?? 0),
      stepOf(open),
    )
    free.forEach((one, index) => (cells.value[cell(row.id, one.id)] = parts[index] ? text(parts[index] ?? 0) : ''))
  }
  function fillEvenly(): void {
    for (const row of received.value) {
      for (const column of columns.value) delete cells.value[cell(row.id, column.id)]
      spread(row, new Map(columns.value.map((one) => [one.id, 1])))
    }
  }
  /** In the proportions of the month before; false if nothing was split then. */
  async function fillAsLast(): Promise<boolean> {
    const before = assessment.periods
      .filter((one) => one.starts_on < (period.value?.starts_on ?? ''))
      .sort((a, b) => b.starts_on.localeCompare(a.starts_on))[0]
    if (!before) return false
    const all = await read({ under: unit.value, period_id: before.id })
    const live = all.filter((one) => one.status !== 'withdrawn' && one.parent_id)
    let found = false
    for (const row of query.data?.own ?? []) {
      const parts = live.filter((one) => one.indicator_id === row.indicator_id)
      const shown = received.value.find((one) => one.id === row.id)
      if (!parts.length || !shown) continue
      found = true
      spread(shown, new Map(parts.map((one) => [one.subject_id, milli(one.quantity)])))
    }
    return found
  }
  const splits = () => {
    const groups = new Map<string, Targets['PartBody'][]>()
    for (const one of changed.value) {
      groups.set(one.row, [
        ...(groups.get(one.row) ?? []),
        { subject_kind: one.kind, subject_id: one.column, quantity: one.quantity },
      ])
    }
    return [...groups].map(([target_id, parts]) => ({ target_id, method: 'hand' as const, parts }))
  }
  const forget = () => (cells.value = {})
  return { query, received, columns, cells, handed, changed, sums, fillEvenly, fillAsLast, splits, forget }
}
