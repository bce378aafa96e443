import { spawn } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { openChance } from './chance.ts'
import type { Chance } from './chance.ts'

export interface KillFigures {
  kills: number
  /** Claims that the last process found to be kept. */
  claims: number
  /** From the start of a process to its ready line, of all but the first. */
  restarts_ms: number[]
  violations: string[]
}

interface Checked {
  checked: number
  problems: string[]
}

interface Server {
  /** What it found of the claims of the processes before; undefined when it ended first. */
  checked: Promise<Checked | undefined>
  /** How it ended, and when it was ready, which may be never. */
  ended: Promise<{ how: string; ready_ms: number | undefined; complaints: string }>
  running(): boolean
  kill(): void
}

const USERS = 4
/** A process is killed when it has claimed so much; or, when it is to die young, so long after it was started. */
const CLAIMED_BYTES = { min: 200, max: 20_000 }
const YOUNG_MS = 1_200
const YOUNG_SHARE = 0.25
/** Turns of 2 ms in which that much must be claimed. */
const TURNS_MAX = 30_000

/** Kills a server under mixed writes again and again; each next one looks for what was claimed, and so does a last one. */
export async function killRepeatedly(root: string, kills: number, seed: number): Promise<KillFigures> {
  mkdirSync(root, { recursive: true })
  const chance = openChance(seed)
  const figures: KillFigures = { kills: 0, claims: 0, restarts_ms: [], violations: [] }
  let young = false
  for (let number = 0; number <= kills && figures.violations.length === 0; number += 1) {
    const last = number === kills
    // What an execution does is tried three times, so no two processes in a row may die before it has had its chance.
    young = !young && !last && chance.hits(YOUNG_SHARE)
    const server = start(root, seed + number, last)
    let checked: Checked | undefined
    if (young) await pause(chance.below(YOUNG_MS))
    else if (last) checked = await server.checked
    else checked = await work(root, server, chance)
    if (!last) server.kill()
    const { how, ready_ms, complaints } = await server.ended
    if (how === 'SIGKILL') figures.kills += 1
    if (ready_ms !== undefined && number > 0) figures.restarts_ms.push(ready_ms)
    figures.claims = checked?.checked ?? figures.claims
    const problems = [...(checked?.problems ?? [])]
    if (how !== (last ? '0' : 'SIGKILL')) problems.push(`it ended by itself with ${how}`)
    if (complaints !== '') problems.push(`it said ${complaints.slice(0, 500)}`)
    if (problems.length > 0)
      figures.violations.push(`seed ${seed}, process ${number}: ${problems.join('; ')}`)
  }
  return figures
}

/** Lets a server look, and then work until it has claimed enough. */
async function work(root: string, server: Server, chance: Chance): Promise<Checked | undefined> {
  const checked = await server.checked
  const enough = claimedBytes(root) + CLAIMED_BYTES.min + chance.below(CLAIMED_BYTES.max - CLAIMED_BYTES.min)
  for (let turn = 0; server.running() && claimedBytes(root) < enough && turn < TURNS_MAX; turn += 1)
    await pause(2)
  return checked
}

function claimedBytes(root: string): number {
  return statSync(join(root, 'claims'), { throwIfNoEntry: false })?.size ?? 0
}

function start(root: string, seed: number, last: boolean): Server {
  const script = join(import.meta.dirname, 'server.ts')
  const rounds = last ? 1 : 0
  const started = performance.now()
  const child = spawn(process.execPath, [script, root, String(seed), String(USERS), String(rounds)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise: checked, resolve: found } = Promise.withResolvers<Checked | undefined>()
  let ready_ms: number | undefined
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  createInterface(child.stdout).on('line', (line) => {
    if (line === 'ready') ready_ms = performance.now() - started
    else found(JSON.parse(line) as Checked)
  })
  const ended = new Promise<{ how: string; ready_ms: number | undefined; complaints: string }>(
    (resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        found(undefined)
        resolve({ how: signal ?? String(code), ready_ms, complaints })
      })
    },
  )
  const running = (): boolean => child.exitCode === null && child.signalCode === null
  return { checked, ended, running, kill: () => child.kill('SIGKILL') }
}
