import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

import { legacyEntry, pdfFiles } from './tools/emitted.ts'
import { oldGaps } from './tools/oldgaps.ts'

export default defineConfig(({ mode }) => {
  const legacy = mode === 'legacy'
  const target = legacy ? 'chrome69' : 'chrome84'
  const out = '../gateway/static/app'
  return {
    plugins: [
      vue({ template: { transformAssetUrls: false } }),
      // Only what is used of Element Plus, with its styles; our own components are imported by name.
      components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
      ...(legacy ? [legacyEntry()] : [pdfFiles()]),
    ],
    base: legacy ? '/legacy/' : '/',
    publicDir: legacy ? false : 'public',
    define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __LEGACY__: legacy },
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    server: { proxy: { '/api': 'http://127.0.0.1:8080', '/static': 'http://127.0.0.1:8080' } },
    css: { postcss: { plugins: legacy ? [oldGaps()] : [] } },
    build: {
      target,
      cssTarget: target,
      outDir: legacy ? `${out}/legacy` : out,
      emptyOutDir: false,
      assetsInlineLimit: 0,
      manifest: true,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 700,
      // What every page needs, in a few files instead of thirty: libraries, which seldom change, and what is our own.
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [{ name: 'libraries', test: /node_modules/, tags: ['$initial'] }],
          },
        },
      },
      reportCompressedSize: false,
    },
    worker: { format: 'es' },
    test: { environment: 'happy-dom', include: ['tests/**/*.test.ts', 'src/**/*.test.ts'] },
  }
})
