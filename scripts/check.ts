import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { operations } from '../contract/index.ts'
import type { Operation } from '../contract/operation.ts'
import { findStaleModel } from './base-model.ts'
import { findBreaches } from './layers.ts'
import { findLockProblems, productionPackages } from './lockfile.ts'
import { measureSizes } from './sizes.ts'
import { findNotBuilt } from './not-built.ts'
import { sources } from './source.ts'
import { findWording } from './wording.ts'
import { writeDocuments } from './write-docs.ts'

/** Everything that must hold before a change is handed in, one line a step. All steps run. */
const files = sources('.ts', '.mjs', '.md', '.json')
let failed = 0

function step(name: string, check: () => { problems: readonly string[]; figures?: string }): void {
  const started = performance.now()
  const { problems, figures } = check()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    `${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} ${seconds} s${figures === undefined ? '' : ` (${figures})`}`,
  )
  for (const problem of problems.slice(0, 50)) console.log(`     ${problem}`)
  if (problems.length > 0) failed += 1
}

function tool(command: string, words: readonly string[]): { problems: string[] } {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  return {
    problems: status === 0 ? [] : `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== ''),
  }
}

step('format', () => tool('oxfmt', ['--check', '.']))
step('types', () => tool('tsc', ['--noEmit', '-p', '.']))
step('types of the page', () => tool('tsc', ['--noEmit', '-p', 'page']))
step('lint', () => tool('oxlint', ['--quiet', '.']))
step('layers', () => ({ problems: findBreaches(files) }))
step('sizes', () => measureSizes(files))
step('unused', () => tool('knip', ['--no-progress']))
step('wording', () => ({ problems: findWording(files) }))
step('lock file', () => {
  const lock = readFileSync('package-lock.json', 'utf8')
  return {
    problems: findLockProblems(lock),
    figures: `${productionPackages(lock)} packages in production, all platforms`,
  }
})
step('documents unchanged', () => ({ problems: writeDocuments({ check: true }) }))
step('language model of the phrases', () => ({ problems: findStaleModel() }))
step('contract against specification', () => tool('node', ['--test', 'test/specification.test.ts']))
// What carries a message is answered by what the message asks for.
const asked = Object.values<Operation>(operations).filter(({ carries }) => carries === undefined)
const missing = await findNotBuilt(asked.map(({ name }) => name))
console.log(
  `     not built yet, ${missing.length} of ${Object.keys(operations).length}: ${missing.join(' ')}`,
)
process.exitCode = failed === 0 ? 0 : 1
