/** My work of the periods that run: each target with what was done for it. */
import { useQuery } from '@tanstack/vue-query'
import { computed, reactive } from 'vue'

import { every, got, submissions, targets, type Submissions, type Targets } from '@/api'

type Target = Targets['TargetOut']
type Period = Targets['PeriodOut']
type Indicator = Targets['IndicatorOut']
type Submission = Submissions['SubmissionOut']

export interface Task {
  id: string
  target: Target
  period: Period
  indicator: Indicator
  /** Accepted, and waiting for a decision; in the unit of measure. */
  done: number
  waiting: number
  returned: Submission[]
  submissions: Submission[]
  isDone: boolean
}

const PAGE = 200
const SHORT = 15_000
const LONG = 10 * 60_000
const COUNTED = new Set(['accepted', 'upheld', 'changed', 'under_appeal'])
const WAITING = new Set(['submitted', 'in_review'])

const sum = (items: Submission[], states: Set<string>, of: (one: Submission) => string | null) =>
  items.filter((one) => states.has(one.status)).reduce((total, one) => total + Number(of(one) ?? 0), 0)

export function taskOf(target: Target, period: Period, indicator: Indicator, all: Submission[]): Task {
  const own = all.filter((one) => one.target_id === target.id && one.status !== 'withdrawn')
  const done = sum(own, COUNTED, (one) => one.accepted_quantity)
  const waiting = sum(own, WAITING, (one) => one.quantity)
  return {
    id: target.id,
    target,
    period,
    indicator,
    done,
    waiting,
    returned: own.filter((one) => one.status === 'returned'),
    submissions: own,
    isDone: done + waiting >= Number(target.quantity),
  }
}

/** What needs doing comes first: returned, then unfinished by deadline, then the rest. */
export const byUrgency = (a: Task, b: Task): number =>
  Number(b.returned.length > 0) - Number(a.returned.length > 0) ||
  Number(a.isDone) - Number(b.isDone) ||
  a.period.cutoff_at.localeCompare(b.period.cutoff_at) ||
  a.indicator.code.localeCompare(b.indicator.code)

export function useMyWork() {
  const query = useQuery({
    queryKey: ['my-work'],
    staleTime: SHORT,
    refetchInterval: 60_000,
    queryFn: async () => {
      const [mine, open, sent] = await Promise.all([
        every((after) =>
          got(targets.GET('/api/targets/v1/targets', { params: { query: { mine: true, limit: PAGE, after } } })),
        ),
        every((after) =>
          got(targets.GET('/api/targets/v1/periods', { params: { query: { open: true, limit: PAGE, after } } })),
        ),
        every((after) =>
          got(
            submissions.GET('/api/submissions/v1/submissions', {
              params: { query: { mine: true, limit: PAGE, after } },
            }),
          ),
        ),
      ])
      const periods = new Map(open.map((one) => [one.id, one]))
      const live = mine.filter(
        (one) => periods.has(one.period_id) && one.status !== 'withdrawn' && one.status !== 'draft',
      )
      return { live, periods, sent }
    },
  })
  const schemes = computed(() => [...new Set((query.data.value?.live ?? []).map((one) => one.scheme_id))].sort())
  const indicators = useQuery({
    queryKey: computed(() => ['indicators-of', ...schemes.value]),
    staleTime: LONG,
    enabled: computed(() => schemes.value.length > 0),
    queryFn: async () => {
      const lists = await Promise.all(
        schemes.value.map((scheme_id) =>
          every((after) =>
            got(
              targets.GET('/api/targets/v1/schemes/{scheme_id}/indicators', {
                params: { path: { scheme_id }, query: { limit: PAGE, after } },
              }),
            ),
          ),
        ),
      )
      return new Map(lists.flat().map((one) => [one.id, one]))
    },
  })
  const tasks = computed<Task[]>(() => {
    const found = query.data.value
    if (!found) return []
    return found.live
      .flatMap((target) => {
        const period = found.periods.get(target.period_id)
        const indicator = indicators.data.value?.get(target.indicator_id)
        return period && indicator ? [taskOf(target, period, indicator, found.sent)] : []
      })
      .sort(byUrgency)
  })
  const isPending = computed(() => query.isPending.value || (schemes.value.length > 0 && indicators.isPending.value))
  const isFetching = computed(() => query.isFetching.value)
  const error = computed(() => query.error.value ?? indicators.error.value)
  const data = computed(() => (isPending.value || error.value ? undefined : tasks.value))
  const refetch = () => Promise.all([query.refetch(), schemes.value.length ? indicators.refetch() : undefined])
  return reactive({
    data,
    error,
    isPending,
    isFetching,
    refetch,
    tasks,
    sent: computed(() => query.data.value?.sent ?? []),
  })
}
