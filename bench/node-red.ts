import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBenchApp } from './http/app.ts'
import { startChild } from './http/child.ts'
import type { Child } from './http/child.ts'
import type { Load, Measured } from './node-red/client.ts'
import { finish, median, report } from './report.ts'
import { createHook, signIn } from './workflows/place.ts'
import { step } from './workflows/scene.ts'

/**
 * A webhook, three steps and an answer in JSON: our server, which has all of it on the disk before it answers, against
 * Node-RED, which keeps nothing. Both get the same requests from the same client, in turn.
 */
const NODE_RED = 'node-red@5.0.7'
const INSTALL_MS_MAX = 600_000
const CLIENTS = 32
const REQUESTS = 25
const ROUNDS = 15
const UNCOUNTED = 3
/** The order that the steps put together needs an agent as well: Node-RED's has no such thing to do. */
const STEPS = [
  step('order', 0, 'set', { value: { number: '{{trigger.body.number}}', items: 12 } }),
  step('price', 5, 'calculate', { expression: '{{steps.order.result.value.number}} * 12' }),
  step('answer', 0, 'set', {
    value: { number: '{{input.number}}', total: '{{steps.price.result.value}}' },
  }),
]
const AIMS = { cpu_ms: 2, spread: 5 }

const { values: flags } = parseArgs({
  options: { installed: { type: 'string' }, profile: { type: 'string' } },
})

interface Side {
  server: Child
  load: Load
}
interface Figures {
  per_s: number
  cpu_ms: number
  times: readonly number[]
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const red_folder = flags.installed ?? join(folder, 'red')
try {
  if (flags.installed === undefined && !install())
    console.log('not measured: Node-RED cannot be installed here')
  else await measure()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish()

/** Whether Node-RED is there now. A `package.json` of its own keeps npm from looking for one further up. */
function install(): boolean {
  mkdirSync(red_folder, { recursive: true })
  writeFileSync(join(red_folder, 'package.json'), '{ "private": true }')
  const args = ['install', '--prefix', red_folder, '--ignore-scripts', '--no-audit', '--no-fund', NODE_RED]
  const { status } = spawnSync('npm', args, { cwd: red_folder, timeout: INSTALL_MS_MAX, stdio: 'ignore' })
  return status === 0
}

async function measure(): Promise<void> {
  const client = startChild(new URL('./node-red/client.ts', import.meta.url))
  const ours = await openOurs()
  const red = await openRed()
  tellLoad()
  const pairs: [Figures, Figures][] = []
  for (let round = -UNCOUNTED; round < ROUNDS; round += 1) {
    const mine = await run(client, ours)
    const theirs = await run(client, red)
    if (round >= 0) pairs.push([mine, theirs])
  }
  tellLoad()
  for (const child of [ours.server, red.server, client]) await child.stop()
  judge(pairs)
}

async function openOurs(): Promise<Side> {
  const place = { folder: join(folder, 'ours'), visitors: [] }
  const app = await openBenchApp(place.folder)
  const [user] = await signIn(app, 1)
  if (user === undefined) throw new Error('Nobody is signed in.')
  const path = await createHook(app, user, 'Order', STEPS)
  await app.close(0)
  const profiling =
    flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(flags.profile, 'ours')}`]
  const server = startChild(new URL('./http/ours.ts', import.meta.url), profiling)
  const port = await server.ask<number>('open', place)
  return { server, load: loadOf(port, path, ['Prefer: wait=30'], '"status":"completed"') }
}

async function openRed(): Promise<Side> {
  const server = startChild(new URL('./node-red/red.ts', import.meta.url))
  const port = await server.ask<number>('open', red_folder)
  return { server, load: loadOf(port, '/order', [], '"total":') }
}

function loadOf(port: number, path: string, headers: readonly string[], proof: string): Load {
  return { port, path, headers, proof, clients: CLIENTS, requests: REQUESTS }
}

async function run(client: Child, { server, load }: Side): Promise<Figures> {
  const before = await server.ask<NodeJS.CpuUsage>('cpu')
  const { elapsed_ms, times } = await client.ask<Measured>('run', load)
  const after = await server.ask<NodeJS.CpuUsage>('cpu')
  const total = CLIENTS * REQUESTS
  const used_us = after.user + after.system - before.user - before.system
  return { per_s: total / (elapsed_ms / 1000), cpu_ms: used_us / 1000 / total, times }
}

function judge(pairs: readonly (readonly [Figures, Figures])[]): void {
  report(
    `requests/s, ${CLIENTS} clients, against Node-RED in memory`,
    pairs.map(([ours, red]) => [ours.per_s, red.per_s]),
    { least: 0.35 },
  )
  report(
    'server CPU in us a request',
    pairs.map(([ours, red]) => [ours.cpu_ms * 1000, red.cpu_ms * 1000]),
  )
  const cpu_ms = median(pairs.map(([ours]) => ours.cpu_ms))
  console.log(`  ${cpu_ms.toFixed(2)} ms (at most ${AIMS.cpu_ms}${cpu_ms <= AIMS.cpu_ms ? '' : ', MISSED'})`)
  for (const [name, of] of [
    ['ours', 0],
    ['Node-RED', 1],
  ] as const) {
    const spreads = pairs.map((pair): [number, number] => [
      part(pair[of].times, 0.99),
      part(pair[of].times, 0.5),
    ])
    report(`ms, p99 against p50, ${name}`, spreads, of === 0 ? { most: AIMS.spread } : {})
  }
}

function part(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function tellLoad(): void {
  const load = loadavg().map((value) => value.toFixed(1))
  console.log(`load ${load.join(' ')} on ${cpus().length} processors`)
}
