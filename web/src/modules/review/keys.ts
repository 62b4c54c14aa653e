/** One key a decision; and when a key is none: while somebody types, composes with an input method, or holds it down. */
export type Act =
  | 'next'
  | 'previous'
  | 'accept'
  | 'return'
  | 'refuse'
  | 'reduce'
  | 'skip'
  | 'fileBefore'
  | 'fileAfter'
  | 'undo'
  | 'confirm'
  | 'close'
  | 'help'
  | `phrase-${number}`

const PLAIN: Record<string, Act> = {
  j: 'next',
  k: 'previous',
  a: 'accept',
  r: 'return',
  n: 'refuse',
  e: 'reduce',
  s: 'skip',
  z: 'undo',
  '[': 'fileBefore',
  ']': 'fileAfter',
  '?': 'help',
}
/** What browsers report while an input method has the key. */
const COMPOSING = 229

type Key = Pick<KeyboardEvent, 'key' | 'keyCode' | 'isComposing' | 'repeat' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** `typing`: the focus is in a field; `choosing`: a decision with phrases is open. */
export function actOf(key: Key, where: { typing: boolean; choosing: boolean }): Act | null {
  if (key.isComposing || key.keyCode === COMPOSING || key.key === 'Process') return null
  if (key.key === 'Escape') return 'close'
  if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) return 'confirm'
  if (key.ctrlKey || key.metaKey || key.altKey) return null
  if (where.typing) return null
  if (key.repeat && key.key !== 'j' && key.key !== 'k') return null
  if (where.choosing) {
    if (/^[1-9]$/.test(key.key)) return `phrase-${Number(key.key)}`
    return key.key === 'Enter' ? 'confirm' : null
  }
  return PLAIN[key.key.toLowerCase()] ?? null
}
