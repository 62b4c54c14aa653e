/** Words that every page may use, in both languages; one file an area. */
import * as lines from './words/lines.words'
import * as parts from './words/parts.words'
import * as people from './words/people.words'
import * as shell from './words/shell.words'
import * as work from './words/work.words'

export const zh = { ...shell.zh, ...parts.zh, ...work.zh, ...people.zh, ...lines.zh }
export const en = { ...shell.en, ...parts.en, ...work.en, ...people.en, ...lines.en }
