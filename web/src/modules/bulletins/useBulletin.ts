/** One bulletin and what may be done with it. */
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

import { got, reporting, type Reporting } from '@/api'
import { useRead } from '@/api/read'
import { useSession } from '@/app/session'
import { t } from '@/i18n'
import { saveFile } from '@/ui/download'
import { tell } from '@/ui/states/report'

import type { Bulletin } from './bulletin'

const PATH = '/api/reporting/v1/bulletins/{bulletin_id}'

export function useBulletin(id: Ref<string>) {
  const me = useSession()
  const queries = useQueryClient()
  const params = computed(() => ({ path: { bulletin_id: id.value } }))
  const bulletin = useRead<Bulletin>({
    queryKey: computed(() => ['bulletin', id.value]),
    queryFn: () => got(reporting.GET(PATH, { params: params.value })),
  })
  const changed = () =>
    Promise.all(
      [['bulletin', id.value], ['bulletins'], ['approvals']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    )
  const act = <V>(mutationFn: (given: V) => Promise<unknown>, done?: string) =>
    useMutation({
      mutationFn,
      onSuccess: () => {
        if (done) tell(done)
        return changed()
      },
    })
  const edit = act((body: Reporting['Edit']) => got(reporting.PATCH(PATH, { params: params.value, body })))
  const refresh = act(() => got(reporting.POST(`${PATH}/refresh`, { params: params.value })), t('bulletins.refreshed'))
  const send = act(() => got(reporting.POST(`${PATH}/send`, { params: params.value })), t('bulletins.sent'))
  const sign = act(() => got(reporting.POST(`${PATH}/sign`, { params: params.value })), t('bulletins.signed'))
  const giveBack = act(
    (reason: string) => got(reporting.POST(`${PATH}/return`, { params: params.value, body: { reason } })),
    t('bulletins.returned'),
  )
  const recall = act(
    (reason: string) => got(reporting.POST(`${PATH}/recall`, { params: params.value, body: { reason } })),
    t('bulletins.recalled'),
  )
  const acknowledge = act(
    () => got(reporting.POST(`${PATH}/acknowledge`, { params: params.value })),
    t('bulletins.acknowledged'),
  )
  const save = useMutation({
    mutationFn: (form: 'docx' | 'pdf' | 'xlsx') =>
      saveFile(
        `/api/reporting/v1/bulletins/${id.value}/document.${form}`,
        `${bulletin.data?.title ?? id.value}.${form}`,
      ),
  })
  const can = computed(() => ({
    edit: me.may('reporting:bulletin') && bulletin.data?.state === 'draft',
    sign: me.may('reporting:sign') && bulletin.data?.state === 'sent',
    recall: me.may('reporting:sign') && bulletin.data?.state === 'issued',
    acknowledge:
      bulletin.data?.state === 'issued' &&
      !bulletin.data.receipts.some((one) => one.name === me.who?.account.name && one.unit_name === me.who.unit?.name),
  }))
  return { params, bulletin, edit, refresh, send, sign, giveBack, recall, acknowledge, save, can }
}
