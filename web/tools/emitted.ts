/** What a build adds to what it was given: the entry that old browsers load, and the tables that PDF needs. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'

import type { Plugin } from 'vite'

/** Writes entry.json, which boot.js reads to start the pages made for old browsers. */
export function legacyEntry(): Plugin {
  return {
    name: 'kaohe-legacy-entry',
    generateBundle(_, bundle) {
      const made = Object.values(bundle)
      const entry = made.find((one) => one.type === 'chunk' && one.isEntry)
      const styles = made.filter((one) => one.fileName.endsWith('.css')).map((one) => `/legacy/${one.fileName}`)
      const source = JSON.stringify({ entry: `/legacy/${entry?.fileName ?? ''}`, styles })
      this.emitFile({ type: 'asset', fileName: 'entry.json', source })
    },
  }
}

/** Character maps and standard fonts: without them Chinese text of a PDF that embeds no font stays blank. */
export function pdfFiles(): Plugin {
  return {
    name: 'kaohe-pdf-files',
    writeBundle(options) {
      for (const name of ['cmaps', 'standard_fonts']) {
        cpSync(join('node_modules/pdfjs-dist', name), join(options.dir ?? 'dist', 'pdf', name), { recursive: true })
      }
    },
  }
}
