import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { openChance } from './chance.ts'
import type { Chance } from './chance.ts'
import { openBook } from './workflow-book.ts'
import { openOutside } from './workflow-outside.ts'
import type { Outside } from './workflow-outside.ts'
import { Series } from './workflow-series.ts'
import type { WorkflowFigures } from './workflow-series.ts'

interface Killing {
  seed: number
  kills: number
  /** Of these, the first so many are not at a random time, but at a random commit about runs. */
  counted: number
}

interface Server {
  /** Resolves when it has said so, or has ended without. */
  ready: Promise<void>
  ended: Promise<{ how: string; complaints: string }>
  kill(): void
}

const TOGETHER = 3
/**
 * A process is killed some milliseconds after it has asked so much of the outside, however fast the machine is; or, when
 * it is to die young, after its start.
 */
const ASKED_MAX = 40
const LATER_MS_MAX = 40
const YOUNG_MS_MAX = 1_200
/** Turns of 2 ms in which that much must be asked. */
const TURNS_MAX = 5_000
const YOUNG_SHARE = 0.2
const COMMITS_MAX = 80

/** Kills processes of the server under runs of workflows, and lets a last one end them. */
export async function killServers(root: string, { seed, kills, counted }: Killing): Promise<WorkflowFigures> {
  mkdirSync(root, { recursive: true })
  const chance = openChance(seed)
  const outside = await openOutside()
  const series = new Series(outside, seed)
  const data_dir = join(root, 'data')
  try {
    for (let life = 0; ; life += 1) {
      const isLast = life === kills || series.violations.length > 0
      const point = life < counted ? pointOf(chance) : []
      const together = isLast ? 0 : TOGETHER
      const server = start([root, outside.host, ...[life, together, ...point].map(String)])
      // The first one makes the account and the workflows.
      if (!isLast && point.length === 0) await endAtRandom(server, outside, chance, life > 0)
      const { how, complaints } = await server.ended
      if (how !== (isLast ? '0' : 'SIGKILL'))
        series.violations.push(`process ${life} ended by itself with ${how}`)
      if (complaints !== '') series.violations.push(`process ${life} said ${complaints.slice(0, 500)}`)
      await outside.quiet()
      if (isLast) return series.finish(data_dir, openBook(root), { kills: life, left: how === '5' ? 1 : 0 })
      series.look(data_dir)
    }
  } finally {
    await outside.close()
  }
}

function pointOf(chance: Chance): (number | string)[] {
  return [1 + chance.below(COMMITS_MAX), chance.hits(0.5) ? 'before' : 'after']
}

async function endAtRandom(
  server: Server,
  { asked }: Outside,
  chance: Chance,
  mayDieYoung: boolean,
): Promise<void> {
  if (mayDieYoung && chance.hits(YOUNG_SHARE)) await pause(chance.below(YOUNG_MS_MAX))
  else {
    await server.ready
    const enough = asked.length + chance.below(ASKED_MAX)
    for (let turn = 0; asked.length < enough && turn < TURNS_MAX; turn += 1) await pause(2)
    await pause(chance.below(LATER_MS_MAX))
  }
  server.kill()
}

function start(words: readonly string[]): Server {
  const script = join(import.meta.dirname, 'workflow-server.ts')
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const { promise: ended, resolve, reject } = Promise.withResolvers<{ how: string; complaints: string }>()
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  createInterface(child.stdout).on('line', () => isReady())
  child.on('error', reject)
  child.on('close', (code, signal) => {
    isReady()
    resolve({ how: signal ?? String(code), complaints })
  })
  return { ready, ended, kill: () => child.kill('SIGKILL') }
}
