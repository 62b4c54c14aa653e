export interface EvidenceFile {
  sha256: string
  name: string
  size: number
  media_type: string
}

const SHOWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp'])

export const kindOf = (file: EvidenceFile): 'image' | 'pdf' | 'other' =>
  SHOWN.has(file.media_type) ? 'image' : file.media_type === 'application/pdf' ? 'pdf' : 'other'

export const addressOf = (submissionId: string, sha256: string) =>
  `/api/submissions/v1/submissions/${submissionId}/evidence/${sha256}`
