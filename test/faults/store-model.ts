import type { Connection } from '../../server/kernel/store/connection.ts'
import type { Tx } from '../../server/kernel/store/store.ts'
import { eventMigrations } from '../../server/kernel/events.ts'

/**
 * A database whose whole content follows from the number of commits: the n-th adds an entry, replaces a slot, empties
 * another now and then, and counts itself. A commit of which a part is missing cannot go unnoticed.
 */
export const modelMigrations = [
  ...eventMigrations,
  {
    name: 'model-1',
    statements: [
      'CREATE TABLE entries (n INTEGER PRIMARY KEY, body TEXT NOT NULL)',
      'CREATE TABLE slots (slot INTEGER PRIMARY KEY, n INTEGER NOT NULL, body TEXT NOT NULL)',
      'CREATE INDEX slots_n ON slots (n)',
      'CREATE TABLE totals (id INTEGER PRIMARY KEY, commits INTEGER NOT NULL, bytes INTEGER NOT NULL)',
      'INSERT INTO totals VALUES (1, 0, 0)',
    ],
  },
]

const SLOTS = 40
const EMPTIED_EVERY = 5

/** The body of a commit: some fit into a page many times, some take several. */
function bodyOf(n: number): string {
  return `${n} `.repeat(1 + ((n * 7919) % 900))
}

/** Adds the next commit; answers its number. */
export function addCommit({ connection }: Tx): number {
  const n = commitsIn(connection) + 1
  const body = bodyOf(n)
  connection.run('INSERT INTO entries VALUES (?, ?)', [n, body])
  connection.run('INSERT OR REPLACE INTO slots VALUES (?, ?, ?)', [n % SLOTS, n, body])
  if (n % EMPTIED_EVERY === 0) connection.run('DELETE FROM slots WHERE slot = ?', [emptiedBy(n)])
  connection.run('UPDATE totals SET commits = ?, bytes = bytes + ?', [n, body.length])
  return n
}

/** Commits whose effect a connection sees. */
export function commitsIn(connection: Connection): number {
  return Number(connection.all('SELECT commits FROM totals', [])[0]?.['commits'])
}

function emptiedBy(n: number): number {
  return (n * 3) % SLOTS
}

/** What is not as the number of commits says. */
export function findHalves(connection: Connection): string[] {
  const commits = commitsIn(connection)
  const problems: string[] = []
  const slots = new Map<number, number>()
  let bytes = 0
  for (let n = 1; n <= commits; n += 1) {
    bytes += bodyOf(n).length
    slots.set(n % SLOTS, n)
    if (n % EMPTIED_EVERY === 0) slots.delete(emptiedBy(n))
  }
  const entries = connection.all('SELECT n, body FROM entries ORDER BY n', [])
  if (entries.length !== commits) problems.push(`${entries.length} entries after ${commits} commits`)
  for (const [index, { n, body }] of entries.entries()) {
    if (n !== index + 1 || body !== bodyOf(index + 1)) problems.push(`entry ${index + 1} is wrong`)
  }
  const kept = connection.all('SELECT slot, n, body FROM slots', [])
  if (kept.length !== slots.size) problems.push(`${kept.length} slots are taken instead of ${slots.size}`)
  for (const { slot, n, body } of kept) {
    if (slots.get(Number(slot)) !== n || body !== bodyOf(Number(n)))
      problems.push(`slot ${Number(slot)} is wrong`)
  }
  const counted = connection.all('SELECT bytes FROM totals', [])[0]?.['bytes']
  if (counted !== bytes) problems.push(`${String(counted)} bytes are counted instead of ${bytes}`)
  const events = connection.all('SELECT count(*) AS told, max(seq) AS last FROM events', [])[0]
  if (Number(events?.['told']) !== commits || Number(events?.['last'] ?? 0) !== commits) {
    problems.push(
      `${Number(events?.['told'])} events, the last ${Number(events?.['last'])}, after ${commits} commits`,
    )
  }
  const counter = connection.all('SELECT seq FROM event_counters', [])[0]?.['seq'] ?? 0
  if (counter !== commits)
    problems.push(`the counter of events is ${String(counter)} after ${commits} commits`)
  return problems
}
