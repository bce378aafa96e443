import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { keyslotsPath, openKeyslots } from '../../server/domains/vault/keyslots.ts'
import type { Keyslots } from '../../server/domains/vault/keyslots.ts'
import { openSafe, toData } from '../../server/domains/vault/safe.ts'
import type { CredentialRow, VaultTables } from '../../server/domains/vault/store.ts'
import type { Connection } from '../../server/kernel/store/connection.ts'
import type { TestApp } from '../app.ts'

/** What was stored before any key was changed, written down outside of the server. */
export interface RotationBook {
  user_id: string
  agent_id: string
  /** The key that everything was sealed under first. */
  first_key: string
  credentials: readonly { id: string; service_name: string; value: string }[]
  /** What a change of keys leaves alone, as text. */
  alike: Alike
}

interface Alike {
  rows: string
  grants: string
  pinned: string
}

/** Where an agent may send some of the secrets. */
export const ORIGIN = 'https://api.example.com'
const AGENT_NUMBER = 8
/** As many as one agent may have, less a few. */
const GRANTED = 100
const AT_ONCE = 500

/** Stores secrets, lets an agent use the first of them, and writes down all that must stay as it is. */
export async function fillVault(server: TestApp, root: string, count: number): Promise<RotationBook> {
  const { app } = server
  const { user_id } = await server.claim()
  const credentials: RotationBook['credentials'][number][] = []
  for (let from = 0; from < count; from += AT_ONCE)
    await app.kernel.store.write(async (tx) => {
      for (let number = from; number < Math.min(count, from + AT_ONCE); number += 1) {
        const given = { service_name: `service ${number}`, value: `the secret of number ${number}` }
        const id = await app.vault.kept.keep(tx, user_id, given.service_name, given.value)
        credentials.push({ id, ...given })
      }
    })
  const destinations = [{ origin: ORIGIN, in: 'header', name: 'authorization' } as const]
  const given = { agent_number: AGENT_NUMBER, destinations }
  for (const { id: credential_id } of credentials.slice(0, GRANTED))
    await app.kernel.store.write((tx) => app.vault.grants.grant(tx, user_id, 0, { credential_id, ...given }))
  const { connection } = app.kernel.store.reader
  const [agent] = connection.all('SELECT agent_id FROM credential_grants LIMIT 1', [])
  const book = {
    user_id,
    agent_id: String(agent?.['agent_id']),
    first_key: slotsOf(server).current(user_id).id,
    credentials,
    alike: alikeIn(connection),
  }
  await app.kernel.store.settled()
  writeFileSync(bookPath(root), JSON.stringify(book))
  return book
}

export function readBook(root: string): RotationBook {
  return JSON.parse(readFileSync(bookPath(root), 'utf8')) as RotationBook
}

function bookPath(root: string): string {
  return join(root, 'book.json')
}

/** The file of keys as another process would read it. */
export function slotsOf({ app: { kernel } }: Pick<TestApp, 'app'>): Keyslots {
  const { keys, random, now, settings } = kernel
  return openKeyslots({ path: keyslotsPath(settings.key_file), keys, random, now })
}

function alikeIn(connection: Connection): Alike {
  const text = (sql: string): string => JSON.stringify(connection.all(sql, []))
  const pins = connection.all('SELECT pins FROM credential_pins', [])
  const pinned = pins.flatMap((row) => Object.keys(JSON.parse(String(row['pins'])) as object))
  return {
    rows: text(`SELECT id, user_id, service_key, credential_type, expires_at, created_at, updated_at, warned_days, former,
      former_at FROM credentials ORDER BY id`),
    grants: text('SELECT * FROM credential_grants ORDER BY id'),
    pinned: JSON.stringify(pinned.toSorted()),
  }
}

/** Turns of 5 ms in which a change of keys that is under way must end. */
const TURNS_MAX = 24_000
const JOBS = `SELECT key FROM jobs WHERE kind = 'vault.rotate'`

/** Waits until no change of keys is under way; false when that does not come about. */
export async function isQuiet({ app }: Pick<TestApp, 'app'>): Promise<boolean> {
  const { connection } = app.kernel.store.reader
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    if (connection.all(JOBS, []).length === 0) return true
    await pause(5)
  }
  return false
}

/**
 * Holds a vault whose keys were changed against the book.
 *
 * @param reads - how often a secret was shown or lent for certain.
 */
export async function findWrong(server: TestApp, book: RotationBook, reads: number): Promise<string[]> {
  const { connection } = server.app.kernel.store.reader
  const slots = slotsOf(server)
  const [newest, ...more] = slots.of(book.user_id).toReversed()
  const problems = more.map((id) => `the old key ${id} is still there`)
  if (newest === undefined || newest === book.first_key) problems.push('there is no new key')
  const alike = alikeIn(connection)
  for (const what of ['rows', 'grants', 'pinned'] as const)
    if (alike[what] !== book.alike[what]) problems.push(`${what} are not what they were`)
  const uses = Number(connection.all('SELECT sum(usage_count) AS uses FROM credentials', [])[0]?.['uses'])
  if (uses < reads) problems.push(`of ${reads} uses ${uses} were counted`)
  const told = connection.all(`SELECT text FROM notifications WHERE severity = 'critical'`, [])
  problems.push(...told.map((row) => `the user was told: ${String(row['text'])}`))
  return [...problems, ...(await findClosed(server, book, { slots, newest }))]
}

/** Opens every secret with the keys that are in the file. */
async function findClosed(
  { app: { kernel } }: TestApp,
  { credentials }: RotationBook,
  { slots, newest }: { slots: Keyslots; newest: string | undefined },
): Promise<string[]> {
  const { connection, tables } = kernel.store.reader
  const safe = openSafe(kernel, slots)
  const db = tables<VaultTables>()
  const found = connection.all('SELECT * FROM credentials', []) as unknown as CredentialRow[]
  const rows = new Map(found.map((row) => [row.id, row]))
  const problems: string[] = []
  for (const { id, service_name, value } of credentials) {
    const row = rows.get(id)
    if (row === undefined) problems.push(`${service_name} is gone`)
    else {
      if (row.key_id !== newest) problems.push(`${service_name} is sealed under ${row.key_id}`)
      const opened = await safe
        .open(db, row)
        .then(({ secret, about }) => [about.service_name, toData(secret).value])
        .catch((error: unknown) => [String(error)])
      if (opened.join() !== [service_name, value].join())
        problems.push(`${service_name} opens to ${opened.join()}`)
    }
  }
  return problems
}
