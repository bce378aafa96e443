import { spawn } from 'node:child_process'
import { join, relative } from 'node:path'
import { sources } from './source.ts'

/**
 * Runs the tests that match the arguments, or all. Most of what a file takes is loading what it imports, which is the same
 * for most: many share a process, and two processes go at once.
 */
const ROOT = join(import.meta.dirname, '..')
/** Files that need a process of their own, since they change it, measure it or load it heavily. */
const ALONE = /^(?:test|sdk)\/|^scripts\/source|^cli\/(?:tokens|keys)\./
const TOGETHER = 20
const AT_ONCE = 2
const TEST_MS_MAX = 300_000
const PROCESS_MS_MAX = 900_000
const WORDS = ['--test', '--test-isolation=none', '--test-reporter=spec', `--test-timeout=${TEST_MS_MAX}`]
const env = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'tests'), ...process.env }

const wanted = process.argv.slice(2)
const files = sources('.test.ts')
  .map(({ path }) => relative(ROOT, path))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
if (files.length === 0) {
  console.error('No test matches.')
  process.exit(1)
}
const waiting = inProcesses(files)
const counts = { pass: 0, fail: 0, cancelled: 0 }
const broken: string[] = []
await Promise.all(Array.from({ length: AT_ONCE }, work))
console.log('')
for (const line of broken) console.log(line)
console.log(`${counts.pass} passed, ${counts.fail + counts.cancelled} failed`)
process.exitCode = broken.length === 0 && counts.pass > 0 ? 0 : 1

/** The files of each process. The large ones come first, so that both processors are busy to the end. */
function inProcesses(all: readonly string[]): string[][] {
  const others = all.filter((file) => !ALONE.test(file))
  const alone = all.filter((file) => ALONE.test(file)).map((file) => [file])
  const starts = Array.from({ length: Math.ceil(others.length / TOGETHER) }, (_, index) => index * TOGETHER)
  return [...alone, ...starts.map((start) => others.slice(start, start + TOGETHER))]
}

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next)
}

function run(together: readonly string[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const options = { cwd: ROOT, env, timeout: PROCESS_MS_MAX } as const
  const child = spawn(process.execPath, [...WORDS, ...together], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  child.on('close', (code, signal) => {
    // All at once: what two processes say line by line is hard to follow.
    process.stdout.write(told)
    for (const kind of ['pass', 'fail', 'cancelled'] as const)
      counts[kind] += Number([...told.matchAll(new RegExp(`^ℹ ${kind} (\\d+)`, 'gm'))].at(-1)?.[1] ?? 0)
    const failed = /^✖ failing tests:\n\n([^]*)/m.exec(told)?.[1]
    if (code !== 0) broken.push(failed ?? `ended with ${signal ?? code}: ${together.join(' ')}`)
    resolve()
  })
  return promise
}
