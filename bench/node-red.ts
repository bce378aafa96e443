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
/** What Node-RED's nodes do, step by step: a function, a change, and the answer. */
const ALIKE = [
  step('work', 0, 'set', {
    value: { number: '{{trigger.body.number}}', price: '{{trigger.body.number * 12}}' },
  }),
  step('change', 0, 'set', { value: '{{steps.work.result.value.price}}' }),
  step('answer', 0, 'set', { value: { number: '{{input.number}}', total: '{{steps.change.result.value}}' } }),
]
/** The same with an action of an agent in it, which Node-RED has nothing like: told beside, without a bound. */
const WITH_AGENT = ALIKE.with(
  1,
  step('change', 5, 'calculate', { expression: '{{input.number}} * 12' }),
).with(
  2,
  step('answer', 0, 'set', { value: { number: '{{input.number}}', total: '{{steps.change.result.value}}' } }),
)
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
  const [alike, with_agent] = await openOurs()
  const red = await openRed()
  const all: { alike: Figures; with_agent: Figures; red: Figures }[] = []
  tellLoad()
  for (let round = -UNCOUNTED; round < ROUNDS; round += 1) {
    const figures = {
      alike: await run(client, alike),
      red: await run(client, red),
      with_agent: await run(client, with_agent),
    }
    if (round >= 0) all.push(figures)
  }
  tellLoad()
  for (const child of [alike.server, red.server, client]) await child.stop()
  judge(
    'three steps',
    all.map((figures) => [figures.alike, figures.red]),
    { least: 0.35 },
  )
  judge(
    'one of them of an agent',
    all.map((figures) => [figures.with_agent, figures.red]),
    {},
  )
}

/** One server with a webhook for either workflow. */
async function openOurs(): Promise<[Side, Side]> {
  const place = { folder: join(folder, 'ours'), visitors: [] }
  const app = await openBenchApp(place.folder)
  const [user] = await signIn(app, 1)
  if (user === undefined) throw new Error('Nobody is signed in.')
  const alike = await createHook(app, user, 'Alike', ALIKE)
  const with_agent = await createHook(app, user, 'With an agent', WITH_AGENT)
  await app.close(0)
  const profiling =
    flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(flags.profile, 'ours')}`]
  const server = startChild(new URL('./http/ours.ts', import.meta.url), profiling)
  const port = await server.ask<number>('open', place)
  const side = (path: string): Side => ({
    server,
    load: loadOf(port, path, ['Prefer: wait=30'], '"status":"completed"'),
  })
  return [side(alike), side(with_agent)]
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

function judge(
  what: string,
  pairs: readonly (readonly [Figures, Figures])[],
  bound: { least?: number },
): void {
  const is_bound = bound.least !== undefined
  report(
    `${what}: requests/s, ${CLIENTS} clients, against Node-RED in memory`,
    pairs.map(([ours, red]) => [ours.per_s, red.per_s]),
    bound,
  )
  report(
    `${what}: server CPU in us a request`,
    pairs.map(([ours, red]) => [ours.cpu_ms * 1000, red.cpu_ms * 1000]),
  )
  const cpu_ms = median(pairs.map(([ours]) => ours.cpu_ms))
  const verdict = cpu_ms <= AIMS.cpu_ms ? '' : ', MISSED'
  if (is_bound) console.log(`  ${cpu_ms.toFixed(2)} ms of CPU (aim: at most ${AIMS.cpu_ms}${verdict})`)
  const spread = (of: 0 | 1) =>
    pairs.map((pair): [number, number] => [part(pair[of].times, 0.99), part(pair[of].times, 0.5)])
  report(`${what}: ms, p99 against p50, ours`, spread(0), is_bound ? { most: AIMS.spread } : {})
  if (is_bound) report('ms, p99 against p50, Node-RED', spread(1))
}

function part(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function tellLoad(): void {
  const load = loadavg().map((value) => value.toFixed(1))
  console.log(`load ${load.join(' ')} on ${cpus().length} processors`)
}
