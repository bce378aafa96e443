import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changeMigrations } from '../server/domains/changes/store.ts'
import { keepEntry } from '../server/domains/memory/keep.ts'
import { openQueries } from '../server/domains/memory/query.ts'
import type { MemoryQuery } from '../server/domains/memory/query.ts'
import { memoryMigrations } from '../server/domains/memory/store.ts'
import { iso, systemClock } from '../server/kernel/clock.ts'
import { openStore } from '../server/kernel/store/open.ts'
import type { Store } from '../server/kernel/store/store.ts'
import { seededRandom } from '../test/clock.ts'
import { openIds } from '../server/kernel/ids.ts'
import { finish, report } from './report.ts'

/**
 * Questions to the memory of one of many users, against plain queries that read as many of the same rows by their
 * primary key. `--full` asks a million entries. Milliseconds; the 95th percentile is what counts.
 */
const USERS = 100
const ROUNDS = 5
const QUESTIONS = 200
const BATCH = 1_000
const WORDS = 15
const VOCABULARY = 20_000
const START = Date.UTC(2025, 0, 1)
const STEP_MS = 300_000
const NOW = iso(START + 2 * 366 * 86_400_000)

const count = process.argv.includes('--full') ? 1_000_000 : 100_000
const bytes = seededRandom(7)
const random = (): number => new DataView(bytes(4).slice().buffer).getUint32(0) / 2 ** 32
/** Words as they are used: a few very often, most hardly ever. */
const word = (): string => spell(Math.floor(random() ** 3 * VOCABULARY))
/** A word of its own for each number, which begins with any letter and ends in none that a stemmer takes off. */
const spell = (number: number): string =>
  `${String.fromCharCode(97 + (number % 26))}${number.toString(26).replaceAll(/\d/g, (digit) => 'qrtvwxzbfh'[Number(digit)] ?? '')}ob`
const sentence = (length: number): string => Array.from({ length }, word).join(' ')
const owner = (user: number) => ({ user_id: `user-${user}`, agent_id: `agent-${user}`, agent_number: 2 })

async function fill(store: Store): Promise<void> {
  const began = performance.now()
  for (let from = 0; from < count; from += BATCH) {
    await store.write(async (tx) => {
      for (let index = from; index < from + BATCH; index += 1) {
        const { agent_number: _, ...whose } = owner(index % USERS)
        const now = START + Math.floor(index / USERS) * STEP_MS
        const id = openIds(() => now, bytes)
        const moment = { owner: whose, source: { kind: 'user' as const }, now, id, changed: () => {} }
        const tags = [`tag${index % 7}`, `rare${Math.floor(random() * 500)}`]
        await keepEntry(tx, moment, { memory_type: `type${index % 5}`, content: sentence(WORDS), tags })
      }
    })
    // As every answer does: this is also when the log is brought into the database.
    await store.settled()
  }
  const each = (performance.now() - began) / count
  console.log(`${count} entries of ${USERS} users, ${each.toFixed(3)} ms each`)
}

function percentile(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const { store, unlock } = openStore({
  data_dir: folder,
  migrations: [...changeMigrations, ...memoryMigrations],
  now: NOW,
  clock: systemClock,
  onFatal: (error: unknown): never => {
    throw error
  },
})
await fill(store)
const queries = openQueries({ store, now: () => NOW }, undefined)

/** As many rows as the question found, each by its primary key. */
function control(ids: readonly string[]): number {
  const { connection } = store.reader
  const numbers = ids.map(
    (id) => connection.all('SELECT number FROM memories WHERE id = ?', [id])[0]?.['number'],
  )
  const began = performance.now()
  for (const number of numbers) connection.all('SELECT * FROM memories WHERE number = ?', [number])
  return performance.now() - began
}

async function measure(
  name: string,
  question: () => MemoryQuery,
  aim_ms: number,
  most: number,
): Promise<void> {
  const pairs: [number, number][] = []
  let found = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const [ours, plain]: [number[], number[]] = [[], []]
    for (let turn = 0; turn < QUESTIONS; turn += 1) {
      const whose = owner(Math.floor(random() * USERS))
      const asked = question()
      const began = performance.now()
      const { memories } = await queries.query(whose, asked)
      ours.push(performance.now() - began)
      found += memories.length
      plain.push(control(memories.map(({ id }) => id)))
    }
    pairs.push([percentile(ours) * 1_000, percentile(plain) * 1_000])
  }
  report(`${name}, p95 in µs (aim: ${aim_ms * 1_000})`, pairs, { most })
  console.log(`  ${(found / ROUNDS / QUESTIONS).toFixed(1)} entries a question`)
}

const structured_ms = count > 100_000 ? 3 : 2
const of = (values: number): string => String(Math.floor(random() * values))
await measure('newest', () => ({}), structured_ms, 30)
await measure('by type', () => ({ memory_type: `type${of(5)}` }), structured_ms, 30)
await measure('by a common tag', () => ({ tags: [`tag${of(7)}`] }), structured_ms, 30)
await measure('by a rare tag', () => ({ tags: [`rare${of(500)}`] }), structured_ms, 600)
await measure(
  'since a time',
  () => ({ since: iso(START + random() * (count / USERS) * STEP_MS) }),
  structured_ms,
  100,
)
await measure('ranked, five words', () => ({ q: sentence(5), limit: 10 }), 10, 400)
await measure('ranked, twelve words', () => ({ q: sentence(12), limit: 10 }), 10, 400)
await measure('ranked, common words', () => ({ q: [0, 1, 2, 3].map(spell).join(' '), limit: 10 }), 10, 400)
await measure('ranked within a tag', () => ({ q: sentence(5), tags: [`tag${of(7)}`], limit: 10 }), 10, 400)
await store.close()
unlock()
rmSync(folder, { recursive: true })
finish()
