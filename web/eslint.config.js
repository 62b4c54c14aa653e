import { readdirSync } from 'node:fs'

import vue from 'eslint-plugin-vue'
import { defineConfig } from 'eslint/config'
import typescript from 'typescript-eslint'

const LONGEST = 250
const modules = readdirSync('src/modules')

/** `from` may not import `what`. */
const closed = (from, what, why) => ({
  files: [`${from}/**/*.{ts,vue}`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: what, message: why }] }] },
})

export default defineConfig(
  { ignores: ['node_modules', 'src/api/generated', 'public'] },
  ...typescript.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    rules: {
      'max-lines': ['error', LONGEST],
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error'] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
      // The formatter owns the layout.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/no-restricted-static-attribute': [
        'error',
        { key: 'style', message: 'The policy of the pages refuses style attributes in markup.' },
      ],
    },
  },
  { files: ['src/i18n/words.ts', '**/words.ts'], rules: { 'max-lines': 'off' } },
  ...modules.map((name) =>
    closed(
      `src/modules/${name}`,
      ['@/modules/*', ...modules.filter((other) => other !== name).map((other) => `**/../${other}/*`)],
      'Modules do not import each other: move what both need to src/ui, src/reference or src/app.',
    ),
  ),
  closed('src/ui', ['@/modules/*', '@/app/*', '@/reference'], 'What is drawn everywhere knows no page and no session.'),
  closed('src/api', ['@/modules/*', '@/app/*', '@/ui/*', '@/i18n'], 'The way to the services knows nothing of pages.'),
)
