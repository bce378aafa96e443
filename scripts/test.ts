import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { sources } from './source.ts'

/** Runs the tests that match the arguments, or all: each file in a process of its own, as many at once as there are cores. */
const wanted = process.argv.slice(2)
const files = sources('.test.ts')
  .map(({ path }) => path)
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
if (files.length === 0) {
  console.error('No test matches.')
  process.exit(1)
}
const words = ['--test', '--test-reporter=spec', '--test-concurrency=2', '--test-timeout=300000', ...files]
// Half of what a file takes is compiling what it imports, which is the same for most.
const compiled = join(import.meta.dirname, '..', 'node_modules', '.cache', 'tests')
const env = { NODE_COMPILE_CACHE: compiled, ...process.env }
const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], env })
const counts = { pass: 0, fail: 0 }
let tail = ''
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  process.stdout.write(text)
  tail = (tail + text).slice(-4_000)
})
child.on('close', (code) => {
  for (const kind of ['pass', 'fail'] as const)
    counts[kind] = Number(new RegExp(`^ℹ ${kind} (\\d+)`, 'm').exec(tail)?.[1] ?? 0)
  console.log(`${counts.pass} passed, ${counts.fail} failed`)
  process.exitCode = code === 0 && counts.pass > 0 ? 0 : 1
})
