/** Files that a service makes, saved under the name that it gives them. */
import { send } from '@/api'

const NAMED = /filename\*=UTF-8''([^;]+)/i
const KEPT_MS = 60_000

/** Fetches `path` and hands it to the browser as a download; throws an ApiProblem. `POST` for what is handed out once. */
export async function saveFile(path: string, name: string, method: 'GET' | 'POST' = 'GET'): Promise<void> {
  const answer = await send(new Request(path, { method }))
  const given = NAMED.exec(answer.headers.get('content-disposition') ?? '')?.[1]
  const address = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = given ? decodeURIComponent(given) : name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS)
}
