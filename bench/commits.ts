import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../server/kernel/clock.ts'
import { openConnection } from '../server/kernel/store/connection.ts'
import { hot } from '../server/kernel/store/dialect.ts'
import { openStore } from '../server/kernel/store/open.ts'
import type { Store } from '../server/kernel/store/store.ts'
import { finish, report } from './report.ts'

/**
 * Durable commits a second with several writers, against SQLite with FULL and one commit a sync. Both insert the same
 * row; both acknowledge only what is on the disk. Rounds alternate, so that a change of the machine's speed hits both.
 */
const ROUNDS = 5
const ROUND_MS = 800
const TABLE = 'CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)'
const BODY = 'x'.repeat(200)

interface Tables {
  rows: { id: number; body: string }
}
const insert = hot<Tables, { body: string }>((db, value) =>
  db.insertInto('rows').values({ body: value('body') } as never),
)

async function grouped(store: Store, writers: number): Promise<number> {
  const end = performance.now() + ROUND_MS
  let commits = 0
  const writer = async (): Promise<void> => {
    while (performance.now() < end) {
      await store.write((tx) => Promise.resolve(insert.run(tx.connection, { body: BODY })))
      await store.settled()
      commits += 1
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: writers }, writer))
  return commits / ((performance.now() - started) / 1000)
}

function single(path: string): () => number {
  const connection = openConnection(path, { synchronous: 'FULL' })
  connection.exec(TABLE)
  connection.exec('PRAGMA wal_autocheckpoint=1000')
  return () => {
    const started = performance.now()
    let commits = 0
    while (performance.now() - started < ROUND_MS) {
      connection.exec('BEGIN IMMEDIATE')
      connection.run('INSERT INTO rows (body) VALUES (?)', [BODY])
      connection.exec('COMMIT')
      commits += 1
    }
    return commits / ((performance.now() - started) / 1000)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const migrations = [{ name: 'bench', statements: [TABLE] }]
const now = new Date().toISOString()
const onFatal = (error: unknown): never => {
  throw error
}
const { store, unlock } = openStore({
  data_dir: join(folder, 'grouped'),
  migrations,
  now,
  onFatal,
  clock: systemClock,
})
const control = single(join(folder, 'control.sqlite'))
control()
await grouped(store, 16)
const delay = monitorEventLoopDelay({ resolution: 1 })
for (const [writers, least] of [
  [1, undefined],
  [16, 3],
  [64, 4],
] as const) {
  const pairs: [number, number][] = []
  delay.reset()
  for (let round = 0; round < ROUNDS; round += 1) {
    const base = control()
    delay.enable()
    pairs.push([await grouped(store, writers), base])
    delay.disable()
  }
  report(`durable commits/s, ${writers} writers`, pairs, least === undefined ? {} : { least })
  console.log(
    `  event-loop delay while writing: p99 ${(delay.percentile(99) / 1e6 - 1).toFixed(2)} ms (aim: at most 5)`,
  )
}
await store.close()
unlock()
rmSync(folder, { recursive: true })
finish()
