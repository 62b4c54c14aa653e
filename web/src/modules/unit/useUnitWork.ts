/** What the people of a unit have to do in the period that is looked at, and how far they are. */
import { computed } from 'vue'

import { every, got, submissions, targets, type Submissions, type Targets } from '@/api'
import { useRead } from '@/api/read'
import { useAssessment } from '@/app/assessment'
import { useSession } from '@/app/session'

export interface PersonRow {
  id: string
  targets: number
  open: number
  waiting: number
  returned: number
  done: number
}

const PAGE = 200
const WAITING = new Set(['submitted', 'in_review'])
const DONE = new Set(['accepted', 'upheld', 'changed', 'under_appeal'])

/** One row a person; a target counts once, by the best that was done for it, returned ones before all. */
export function rowsOf(held: Targets['TargetOut'][], sent: Submissions['SubmissionOut'][]): Map<string, PersonRow> {
  const rows = new Map<string, PersonRow>()
  const byTarget = new Map<string, Set<string>>()
  for (const one of sent) byTarget.set(one.target_id, (byTarget.get(one.target_id) ?? new Set()).add(one.status))
  for (const target of held) {
    if (target.subject_kind !== 'officer' || target.status === 'withdrawn') continue
    const row = rows.get(target.subject_id) ?? {
      id: target.subject_id,
      targets: 0,
      open: 0,
      waiting: 0,
      returned: 0,
      done: 0,
    }
    const states = [...(byTarget.get(target.id) ?? [])]
    row.targets++
    if (states.includes('returned')) row.returned++
    else if (states.some((state) => WAITING.has(state))) row.waiting++
    else if (states.some((state) => DONE.has(state))) row.done++
    else row.open++
    rows.set(target.subject_id, row)
  }
  return rows
}

export function useUnitWork() {
  const me = useSession()
  const assessment = useAssessment()
  const unit = computed(() => me.unitOf('unit_leader', 'chief'))
  const period = computed(() => assessment.period?.id)
  const work = useRead({
    queryKey: computed(() => ['unit-work', unit.value, period.value]),
    enabled: computed(() => Boolean(unit.value && period.value)),
    queryFn: async () => {
      const where = { under: unit.value ?? '', period_id: period.value ?? '' }
      const [held, sent] = await Promise.all([
        every((after) =>
          got(targets.GET('/api/targets/v1/targets', { params: { query: { ...where, limit: PAGE, after } } })),
        ),
        every((after) =>
          got(
            submissions.GET('/api/submissions/v1/submissions', { params: { query: { ...where, limit: PAGE, after } } }),
          ),
        ),
      ])
      return { held, sent, rows: rowsOf(held, sent) }
    },
  })
  return { unit, period, work }
}
