/** What waits for one's signature, of every service, in one list. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

import { every, got, org, reporting, scoring } from '@/api'
import { useRead } from '@/api/read'
import { useAssessment } from '@/app/assessment'
import { useSession } from '@/app/session'
import { t } from '@/i18n'
import { tell } from '@/ui/states/report'

import { inOrder, isSignable, type Paper, type PaperKind } from './papers'

const LIMIT = 100
/** Corrections are looked for in so many of the months sealed last. */
const SEALED_MONTHS = 6
const POLL_MS = 60_000

export function useApprovals() {
  const me = useSession()
  const assessment = useAssessment()
  const account = computed(() => me.who?.account.id)

  async function bulletins(): Promise<Paper[]> {
    const query = { state: 'sent' as const, limit: LIMIT }
    const found = await got(reporting.GET('/api/reporting/v1/bulletins', { params: { query } }))
    return found.items.map((of) => ({ kind: 'bulletin', id: of.id, at: of.created_at, of }))
  }
  async function closings(): Promise<Paper[]> {
    const all = await every((after) =>
      got(scoring.GET('/api/scoring/v1/closings', { params: { query: { limit: LIMIT, after } } })),
    )
    const signable = all.filter((one) => isSignable(one, account.value))
    const sealed = all
      .filter((one) => one.status === 'sealed')
      .sort((a, b) => (b.sealed_at ?? '').localeCompare(a.sealed_at ?? ''))
      .slice(0, SEALED_MONTHS)
    const pages = await Promise.all(
      sealed.map((one) =>
        got(
          scoring.GET('/api/scoring/v1/closings/{period_id}/corrections', {
            params: { path: { period_id: one.period_id }, query: { limit: LIMIT } },
          }),
        ),
      ),
    )
    const proposed = pages
      .flatMap((page) => page.items)
      .filter((one) => one.status === 'proposed' && one.proposed_by !== account.value)
    return [
      ...signable.map((of): Paper => ({ kind: 'seal', id: of.period_id, at: of.public_from ?? of.begun_at, of })),
      ...proposed.map((of): Paper => ({ kind: 'correction', id: of.id, at: of.proposed_at, of })),
    ]
  }
  async function awards(): Promise<Paper[]> {
    const query = { status: 'pending' as const, limit: LIMIT }
    const found = await got(scoring.GET('/api/scoring/v1/awards', { params: { query } }))
    return found.items
      .filter((one) => one.entered_by !== account.value)
      .map((of) => ({ kind: 'award', id: of.id, at: of.entered_at, of }))
  }
  async function recusals(): Promise<Paper[]> {
    const query = { status: 'requested' as const, limit: LIMIT }
    const found = await got(org.GET('/api/org/v1/recusals', { params: { query } }))
    return found.items.map((of) => ({ kind: 'recusal', id: of.id, at: of.valid_from, of }))
  }
  const papers = useRead<Paper[]>({
    queryKey: ['approvals'],
    refetchInterval: POLL_MS,
    queryFn: async () => {
      const asked = [
        me.may('reporting:sign') ? bulletins() : [],
        me.may('scoring:seal') ? closings() : [],
        me.may('scoring:confirm_award') ? awards() : [],
        me.may('org:recusals_decide') ? recusals() : [],
      ]
      return inOrder((await Promise.all(asked)).flat())
    },
  })
  const titleOf = (paper: Paper): string => {
    if (paper.kind === 'bulletin') return paper.of.title
    if (paper.kind === 'recusal') return paper.of.reason
    if (paper.kind === 'seal') return assessment.schemes.find((one) => one.id === paper.of.scheme_id)?.name ?? ''
    return paper.of.reason
  }
  /** Where it can be read before it is signed. */
  const pageOf = (paper: Paper): string | null => {
    if (paper.kind === 'bulletin') return `/bulletins/${paper.id}`
    if (paper.kind === 'seal' || paper.kind === 'correction') return `/periods/${paper.of.period_id}/close`
    return null
  }
  return { papers, titleOf, pageOf }
}

const signed: { [K in PaperKind]: (id: string) => Promise<unknown> } = {
  bulletin: (bulletin_id) =>
    got(reporting.POST('/api/reporting/v1/bulletins/{bulletin_id}/sign', { params: { path: { bulletin_id } } })),
  seal: (period_id) =>
    got(scoring.POST('/api/scoring/v1/closings/{period_id}/approve', { params: { path: { period_id } } })),
  correction: (correction_id) =>
    got(scoring.POST('/api/scoring/v1/corrections/{correction_id}/approve', { params: { path: { correction_id } } })),
  award: (award_id) =>
    got(scoring.POST('/api/scoring/v1/awards/{award_id}/confirm', { params: { path: { award_id } } })),
  recusal: (recusal_id) =>
    got(
      org.POST('/api/org/v1/recusals/{recusal_id}/decide', {
        params: { path: { recusal_id } },
        body: { granted: true, decision: t('leading.agreed') },
      }),
    ),
}
const returned: Partial<{ [K in PaperKind]: (id: string, reason: string) => Promise<unknown> }> = {
  bulletin: (bulletin_id, reason) =>
    got(
      reporting.POST('/api/reporting/v1/bulletins/{bulletin_id}/return', {
        params: { path: { bulletin_id } },
        body: { reason },
      }),
    ),
  award: (award_id, reason) =>
    got(scoring.POST('/api/scoring/v1/awards/{award_id}/refuse', { params: { path: { award_id } }, body: { reason } })),
  recusal: (recusal_id, reason) =>
    got(
      org.POST('/api/org/v1/recusals/{recusal_id}/decide', {
        params: { path: { recusal_id } },
        body: { granted: false, decision: reason },
      }),
    ),
}
export const canReturn = (kind: PaperKind): boolean => kind in returned

export function useSigning() {
  const queries = useQueryClient()
  const after = (word: string) => {
    tell(t(word))
    return Promise.all(
      ['approvals', 'bulletins', 'bulletin', 'closings', 'awards'].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    )
  }
  const sign = useMutation({
    mutationFn: (paper: Paper) => signed[paper.kind](paper.id),
    onSuccess: () => after('leading.signed'),
  })
  const giveBack = useMutation({
    mutationFn: async ({ paper, reason }: { paper: Paper; reason: string }) => returned[paper.kind]?.(paper.id, reason),
    onSuccess: () => after('leading.returned'),
  })
  return { sign, giveBack }
}
