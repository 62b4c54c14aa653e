/** Files on their way into the own library: one by one, with progress; one that fails leaves the others alone. */
import { ref, type Ref } from 'vue'

import { asProblem, send, type Submissions } from '@/api'

import type { Attached } from '../form'
import { smaller } from '../photos'

export interface Upload {
  id: number
  file: File
  preview: string | null
  problem: string
}

export function useUploads(files: Ref<Attached[]>) {
  const uploads = ref<Upload[]>([])
  let count = 0
  let line: Promise<void> = Promise.resolve()

  async function carry(upload: Upload): Promise<void> {
    upload.problem = ''
    try {
      const body = new FormData()
      body.append('file', await smaller(upload.file))
      const answer = await send(new Request('/api/submissions/v1/library', { method: 'POST', body }))
      const { sha256, name, size, media_type } = (await answer.json()) as Submissions['LibraryFile']
      if (!files.value.some((one) => one.sha256 === sha256))
        files.value = [...files.value, { sha256, name, size, media_type }]
      drop(upload.id)
    } catch (error) {
      upload.problem = asProblem(error).message
    }
  }
  function add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
      uploads.value.push({ id: ++count, file, preview, problem: '' })
      const upload = uploads.value.at(-1)
      if (upload) line = line.then(() => carry(upload))
    }
  }
  const again = (upload: Upload) => (line = line.then(() => carry(upload)))
  function drop(id: number): void {
    const gone = uploads.value.find((one) => one.id === id)
    if (gone?.preview) URL.revokeObjectURL(gone.preview)
    uploads.value = uploads.value.filter((one) => one.id !== id)
  }
  /** Until nothing is on its way any more; false if something failed. */
  async function settled(): Promise<boolean> {
    await line
    return uploads.value.length === 0
  }
  return { uploads, add, again, drop, settled }
}
