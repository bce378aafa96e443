#!/usr/bin/env node
// The `paios` command for any Node: goes on under the project's own Node when the one that runs it is too old.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 26
const isNew = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR

if (isNew && existsSync(fileURLToPath(new URL('../node_modules', import.meta.url)))) {
  await import('./main.ts')
} else {
  process.argv.splice(2, 0, fileURLToPath(new URL('main.ts', import.meta.url)))
  await import('../scripts/bootstrap.mjs')
}
