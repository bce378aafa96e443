import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../server/app.ts'
import { changeStore } from '../server/domains/changes/store.ts'
import type { ChangeTables, ModificationRow } from '../server/domains/changes/store.ts'
import { verifyChanges } from '../server/offline-changes.ts'
import { openBenchApp } from './http/app.ts'
import { finish, median, report } from './report.ts'
import { ask, signIn } from './workflows/place.ts'
import type { Client } from './workflows/place.ts'

/**
 * What it costs to list changes, to take one back and to check one, beside 100 and beside 100,000 of them in the ledger.
 * Both ledgers are of one user with the same agents, and are measured in turn.
 */
const SIZES = [100, 100_000] as const
const AGENTS = 20
const ROUNDS = 25
const UNCOUNTED = 5
const MOST = 2
const ROWS_AT_ONCE = 1_000

interface Side {
  app: App
  client: Client
  folder: string
  agents: readonly string[]
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
try {
  const [few, many] = [await openSide(SIZES[0]), await openSide(SIZES[1])]
  await compare('ms to list 50 changes', few, many, async ({ app, client }) => {
    await ask(app, client.token, 'system.modifications', { limit: 50 })
  })
  let number = 0
  await compare('ms to change an agent and take that back', few, many, async ({ app, client, agents }) => {
    number += 1
    const id = agents[number % AGENTS] ?? ''
    await ask(app, client.token, 'agents.update', { id, description: `Number ${number}` })
    await app.kernel.store.write((tx) => app.changes.rollBack(tx, client.user_id, {}, client.user_id))
  })
  await compare('ms to check the newest change', few, many, async ({ app, folder: own }) => {
    const [row] = app.kernel.store.reader.connection.all('SELECT max(id) AS id FROM modifications', [])
    const settings = { data_dir: join(own, 'data'), key_file: join(own, 'root.key') }
    await verifyChanges(settings, String(row?.['id']))
  })
  for (const { app } of [few, many]) await app.close(0)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish()

/** A server whose owner has made so many changes, of agents that are all there. */
async function openSide(changes: number): Promise<Side> {
  const own = join(folder, String(changes))
  const app = await openBenchApp(own)
  const [client] = await signIn(app, 1)
  if (client === undefined) throw new Error('Nobody is signed in.')
  const agents: string[] = []
  for (let count = 0; count < AGENTS; count += 1)
    agents.push((await ask(app, client.token, 'agents.create', { name: `Player ${count}` })).id)
  await ask(app, client.token, 'agents.update', { id: agents[0] ?? '', description: 'As a model.' })
  const [model] = app.kernel.store.reader.connection.all(
    'SELECT * FROM modifications ORDER BY id DESC LIMIT 1',
    [],
  )
  const left = changes - AGENTS - 1
  for (let made = 0; made < left; made += ROWS_AT_ONCE)
    await app.kernel.store.write(async (tx) => {
      for (let row = made; row < Math.min(left, made + ROWS_AT_ONCE); row += 1) {
        const copy = {
          ...(model as unknown as ModificationRow),
          id: app.kernel.id(),
          target: agents[row % AGENTS] ?? '',
        }
        await changeStore.insertModification(tx.tables<ChangeTables>(), copy)
      }
    })
  return { app, client, folder: own, agents }
}

async function compare(
  what: string,
  few: Side,
  many: Side,
  work: (side: Side) => Promise<void>,
): Promise<void> {
  const pairs: [number, number][] = []
  for (let round = -UNCOUNTED; round < ROUNDS; round += 1) {
    const pair: [number, number] = [await timed(() => work(many)), await timed(() => work(few))]
    if (round >= 0) pairs.push(pair)
  }
  report(`${what}, of ${SIZES[1]} against of ${SIZES[0]}`, pairs, { most: MOST })
  console.log(`  median ${median(pairs.map(([ours]) => ours)).toFixed(2)} ms of ${SIZES[1]}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
