import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { fakeClock } from '../../../../test/clock.ts'
import type { FakeClock } from '../../../../test/clock.ts'
import { openLog } from '../../../kernel/log.ts'
import { START, temporaryFolder } from '../../../kernel/rig.ts'
import type { HostBounds } from './bounds.ts'
import { openHost } from './pool.ts'
import type { Host, JobOptions } from './pool.ts'

/** Does what it is told: answers, tells, refuses, fails, never ends, dies, eats memory in its heap or beside it, or tells for a job that is over. */
const ENTRY = `
import { serveJobs } from '${new URL('serve.ts', import.meta.url).href}'
import { SpeechError } from '${new URL('../kinds.ts', import.meta.url).href}'
const eaten = []
let stale = () => {}
const open = async (options, tell) => {
  if (options === 'refuse') throw new SpeechError('missing', 'Install it.')
  let closed = false
  const does = {
    pid: () => process.pid,
    echo: ({ value }) => value,
    tell: ({ value }) => { tell(value); return 'told' },
    later: ({ value }) => { stale = () => tell(value) },
    stale: () => stale(),
    refuse: () => { throw new SpeechError('audio', 'Not that.') },
    fail: () => { throw new TypeError('inside') },
    function: () => () => {},
    spin: () => { tell('spinning'); for (;;); },
    never: () => new Promise(() => {}),
    slow: () => new Promise((resolve) => setImmediate(resolve, 'slow')),
    die: () => process.exit(7),
    eat: () => { for (let at = 0; at < 4096; at += 1) eaten.push(new Uint8Array(1024 * 1024).fill(1)); return 'full' },
    heap: () => { for (;;) eaten.push(new Array(10_000).fill(at => at)) },
    where: () => ({ env: Object.keys(process.env), cwd: process.cwd() }),
  }
  return {
    handle: (message) => does[message.does](message),
    close: () => { if (closed) throw new Error('closed twice'); closed = true },
  }
}
serveJobs({ any: async () => open, other: async () => open, broken: () => import('./nowhere.mjs') })
`

export interface Rig {
  host: Host
  clock: FakeClock
  /** Lines of the log. */
  lines: string[]
  job(given?: Partial<JobOptions>): JobOptions
}

/** A host whose children do what they are told, under a clock that stands still. */
export function openRig(t: TestContext, bounds: Partial<HostBounds> = {}): Rig {
  const entry = join(temporaryFolder(t), 'entry.mjs')
  writeFileSync(entry, ENTRY)
  const clock = fakeClock(START)
  const lines: string[] = []
  const log = openLog('debug', clock, (line) => lines.push(line))
  const host = openHost({ clock, log, entry: pathToFileURL(entry), bounds })
  t.after(() => host.close())
  return { host, clock, lines, job }
}

function job(given: Partial<JobOptions> = {}): JobOptions {
  return { user_id: 'ann', signal: new AbortController().signal, ...given }
}

/** Lets the event loop turn until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 120_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`It never was so: ${String(isSo)}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
