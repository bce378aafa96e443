import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { openChance } from './chance.ts'
import type { Chance } from './chance.ts'

export interface RotationFigures {
  kills: number
  /** The most kills of one and the same change. */
  longest: number
  /** Kills while there were two keys. */
  midway: number
  /** Changes of the key that came to their end before the last process. */
  turned: number
  /** Secrets shown and lent meanwhile. */
  reads: number
  violations: string[]
}

interface Line {
  ready?: true
  read?: true
  problems?: string[]
  /** Secrets under another key than the newest, and how many were sealed anew since the process began to. */
  left?: number
  sealed?: number
  keys?: number
}

/** What is known of a process so far. */
interface Server {
  seen: { reads: number; turned: number; left: number; sealed: number; keys: number; problems: string[] }
  running(): boolean
  ended: Promise<{ how: string; complaints: string }>
  kill(): void
}

/** A process is killed young, at the end of a change, or once it has sealed some anew: a share of these each. */
const YOUNG = { share: 0.2, ms_max: 1_500 }
const END = { share: 0.2, ms_max: 12 }
/** How much later than that, so that the moment lies anywhere. */
const LATER_MS_MAX = 30
/** Turns of 2 ms in which a process must come as far. */
const TURNS_MAX = 60_000

/** Kills a server that changes the key of a vault again and again, and lets a last one look at what there is. */
export async function killRotations(
  root: string,
  { seed, kills, credentials }: { seed: number; kills: number; credentials: number },
): Promise<RotationFigures> {
  mkdirSync(root, { recursive: true })
  const chance = openChance(seed)
  const figures: RotationFigures = { kills: 0, longest: 0, midway: 0, turned: 0, reads: 0, violations: [] }
  await follow(start(root, [seed, 'fill', credentials]), figures, { number: 'to fill', how: '0' })
  let inOne = 0
  for (let number = 0; number < kills && figures.violations.length === 0; number += 1) {
    const server = start(root, [seed + number, 'turn', 0])
    // No change comes to its end by intention in the first half: all kills of that are of one or two.
    const mayEnd = number >= kills / 2
    await waitAtRandom(server, chance, { some: Math.ceil(credentials / kills), mayEnd })
    server.kill()
    await follow(server, figures, { number, how: 'SIGKILL' })
    figures.kills += 1
    if (server.seen.keys > 1) figures.midway += 1
    inOne = server.seen.turned > 0 ? 1 : inOne + 1
    figures.longest = Math.max(figures.longest, inOne)
  }
  await follow(start(root, [seed, 'end', figures.reads]), figures, { number: 'to end', how: '0' })
  return figures
}

async function waitAtRandom(
  { seen, running }: Server,
  chance: Chance,
  { some, mayEnd }: { some: number; mayEnd: boolean },
): Promise<void> {
  const kind = chance.share()
  if (kind < YOUNG.share) return pause(chance.below(YOUNG.ms_max))
  const isEnd = mayEnd && kind < YOUNG.share + END.share
  const enough = chance.below(2 * some)
  const isThere = (): boolean => (isEnd ? seen.sealed > 0 && seen.left === 0 : seen.sealed >= enough)
  for (let turn = 0; running() && !isThere() && turn < TURNS_MAX; turn += 1) await pause(2)
  await pause(chance.below(isEnd ? END.ms_max : LATER_MS_MAX))
}

/** Takes down what a process has said by its end, and what was wrong with that. */
async function follow(
  server: Server,
  figures: RotationFigures,
  { number, how }: { number: number | string; how: string },
): Promise<void> {
  const end = await server.ended
  const { reads, turned, problems } = server.seen
  figures.reads += reads
  figures.turned += turned
  const wrong = [...problems]
  if (end.how !== how) wrong.push(`it ended by itself with ${end.how}`)
  if (end.complaints !== '') wrong.push(`it said ${end.complaints.slice(0, 500)}`)
  figures.violations.push(...wrong.map((problem) => `process ${number}: ${problem}`))
}

function start(root: string, words: readonly (number | string)[]): Server {
  const script = join(import.meta.dirname, 'rotation-server.ts')
  const child = spawn(process.execPath, [script, root, ...words.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seen: Server['seen'] = {
    reads: 0,
    turned: 0,
    left: Infinity,
    sealed: -Infinity,
    keys: 0,
    problems: [],
  }
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  createInterface(child.stdout).on('line', (line) => note(seen, line))
  const { promise: ended, resolve, reject } = Promise.withResolvers<{ how: string; complaints: string }>()
  child.on('error', reject)
  child.on('close', (code, signal) => resolve({ how: signal ?? String(code), complaints }))
  const running = (): boolean => child.exitCode === null && child.signalCode === null
  return { seen, running, ended, kill: () => child.kill('SIGKILL') }
}

function note(seen: Server['seen'], line: string): void {
  const said = parse(line)
  if (said.read === true) seen.reads += 1
  seen.problems.push(...(said.problems ?? []))
  if (said.keys === undefined) return
  if (said.keys < seen.keys) seen.turned += 1
  seen.keys = said.keys
  seen.left = said.left ?? Infinity
  seen.sealed = said.sealed ?? 0
}

/** Nothing of a line in which the process was killed. */
function parse(line: string): Line {
  try {
    return JSON.parse(line) as Line
  } catch {
    return {}
  }
}
