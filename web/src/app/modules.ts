/** All modules, found by their place; apart from `module.ts`, which they import. */
import type { Module } from './module'

const found = import.meta.glob<{ default: Module }>('../modules/*/index.ts', { eager: true })

export const modules: Module[] = Object.values(found).map((one) => one.default)
