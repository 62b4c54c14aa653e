/** Tells a problem where no field and no page can. */
import { ElMessage } from 'element-plus'
import 'element-plus/es/components/message/style/css'

import { asProblem } from '@/api'
import { t } from '@/i18n'

export function report(error: unknown): void {
  const problem = asProblem(error)
  if (problem.kind === 'signed-out') return
  const number = problem.requestId && problem.status >= 500 ? ` (${t('state.number')} ${problem.requestId})` : ''
  ElMessage({ type: 'error', message: `${problem.message}${number}`, duration: 6000, showClose: true, grouping: true })
}

export const tell = (message: string): void => {
  ElMessage({ type: 'success', message, duration: 4000, grouping: true })
}
