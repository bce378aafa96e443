import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepare } from './http/app.ts'
import { startChild } from './http/child.ts'
import type { Child } from './http/child.ts'
import type { Measured, Round } from './http/client.ts'
import { perRequest } from './http/rows.ts'
import type { Counts } from './http/rows.ts'
import { CLIENTS } from './http/scene.ts'
import type { Place } from './http/scene.ts'
import { finish, report } from './report.ts'

/**
 * Requests a second over HTTP, against a control that is written by hand and does the same durable work. Both servers
 * and the clients are processes of their own. Rounds alternate, so that a change of the machine's speed hits both.
 */
const ROUNDS = 21
/** Pairs that only warm both up. */
const UNCOUNTED = 3
/**
 * Requests of each client in a round: a fixed number, so that both databases grow alike. Rounds are many and short: what
 * else goes on in the machine then spoils a few pairs, which the median leaves out.
 */
const SIZES = { execute: 25, get: 150 } as const
/** Rows a request that the product may touch and the control not. */
const MOST_TOUCHED_MORE = 0.1
const LEAST = { execute: 0.5, get: 0.7 } as const

const { values: flags } = parseArgs({ options: { profile: { type: 'string' }, only: { type: 'string' } } })

interface Side {
  server: Child
  place: Place
  port: number
}
interface Figures {
  per_s: number
  cpu_us: number
  sample: string
  written: Counts
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const client = startChild(new URL('./http/client.ts', import.meta.url))
try {
  const places = await prepare(folder)
  const ours = await open('ours', new URL('./http/ours.ts', import.meta.url), places.ours)
  const control = await open('control', new URL('./http/control.ts', import.meta.url), places.control)
  console.log(`${CLIENTS} clients on connections that are kept, each a user of its own`)
  for (const kind of ['execute', 'get'] as const) {
    if ((flags.only ?? kind) === kind) await compare(kind, ours, control)
  }
  for (const child of [ours.server, control.server, client]) await child.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish()

async function open(name: string, file: URL, place: Place): Promise<Side> {
  const profiling =
    flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(flags.profile, name)}`]
  const server = startChild(file, profiling)
  return { server, place, port: await server.ask<number>('open', place) }
}

async function compare(kind: Round['kind'], ours: Side, control: Side): Promise<void> {
  const pairs: [Figures, Figures][] = []
  for (let at = 0; at < UNCOUNTED + ROUNDS; at += 1) {
    const first = at % 2 === 0 ? ours : control
    const one = await run(first, kind, at)
    const other = await run(first === ours ? control : ours, kind, at)
    pairs.push(first === ours ? [one, other] : [other, one])
  }
  for (const [mine, theirs] of pairs) mustBeAlike(kind, mine, theirs)
  const [mine] = pairs[0] ?? []
  const rows = Object.entries(mine?.written.tables ?? {}).map(([table, count]) => `${table} ${count}`)
  console.log(
    `${kind}: rows a request, on both sides: ${rows.join(', ')}; ${mine?.written.touched} touched in all`,
  )
  const counted = pairs.slice(UNCOUNTED)
  const least = LEAST[kind]
  report(
    `${kind}, requests/s`,
    counted.map(([one, two]) => [one.per_s, two.per_s]),
    { least },
  )
  report(
    `${kind}, server CPU in us a request`,
    counted.map(([one, two]) => [one.cpu_us, two.cpu_us]),
  )
}

async function run({ server, place, port }: Side, kind: Round['kind'], at: number): Promise<Figures> {
  const requests = SIZES[kind]
  const { visitors } = place
  const before = await server.ask<Counts>('count')
  const cpu = await server.ask<NodeJS.CpuUsage>('cpu')
  const round: Round = { kind, port, visitors, requests, name: `${kind}-${at}` }
  const { elapsed_ms, sample } = await client.ask<Measured>('run', round)
  const used = await server.ask<NodeJS.CpuUsage>('cpu')
  const after = await server.ask<Counts>('count')
  const total = requests * visitors.length
  return {
    per_s: total / (elapsed_ms / 1000),
    cpu_us: (used.user + used.system - cpu.user - cpu.system) / total,
    sample,
    written: perRequest(before, after, total),
  }
}

/** A control that wrote less, or answered something else, would prove nothing. */
function mustBeAlike(kind: string, mine: Figures, theirs: Figures): void {
  const [one, two] = [mine.written.tables, theirs.written.tables].map((tables) => JSON.stringify(tables))
  if (one !== two) throw new Error(`${kind}: the control does not write the same rows: ${one} against ${two}`)
  // A session notes now and then when it was used last: ours may touch a little more, never less.
  const more = mine.written.touched - theirs.written.touched
  if (more < 0 || more > MOST_TOUCHED_MORE)
    throw new Error(`${kind}: the product touches ${more} rows a request more than the control`)
  const [answer, other] = [mine.sample, theirs.sample].map(shapeOf)
  if (answer !== other)
    throw new Error(`${kind}: the control answers something else: ${answer} against ${other}`)
}

/** A body without what differs from one request to the next: ids, times and figures. */
function shapeOf(body: string): string {
  return body
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\d+(?:\.\d+)?/g, '<number>')
}
