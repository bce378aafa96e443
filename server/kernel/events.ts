import type { EventData, EventName } from '../../contract/events.ts'
import type { Clock } from './clock.ts'
import { iso } from './clock.ts'
import type { Connection } from './store/connection.ts'
import { hot } from './store/dialect.ts'
import type { Migration } from './store/migrate.ts'
import type { Store, Tx } from './store/store.ts'

/** Something that happened, as it is delivered. `seq` counts up for each user, without gaps but after a restore. */
export interface Told {
  seq: number
  user_id: string
  name: EventName
  data: unknown
  created_at: string
}

export type Listener = (event: Told) => void
export type Witness = (tx: Tx, event: Told) => void

interface EventRow {
  user_id: string
  seq: number
  name: string
  data: string
  created_at: string
}
interface EventTables {
  events: EventRow
  /** `bytes` is what the kept data of the user's events come to. */
  event_counters: { user_id: string; seq: number; bytes: number }
}

export const eventMigrations: readonly Migration[] = [
  {
    name: 'events-1',
    statements: [
      `CREATE TABLE events (user_id TEXT NOT NULL, seq INTEGER NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL,
        created_at TEXT NOT NULL, PRIMARY KEY (user_id, seq)) WITHOUT ROWID`,
      'CREATE TABLE event_counters (user_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID',
    ],
  },
  {
    name: 'events-2',
    statements: [
      'ALTER TABLE event_counters ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0',
      `UPDATE event_counters SET bytes =
        (SELECT coalesce(sum(octet_length(data)), 0) FROM events e WHERE e.user_id = event_counters.user_id)`,
    ],
  },
]

/** Events kept for those who come back: a client that missed more starts afresh from the lists. */
const KEPT_PER_USER = 2_000
/** What their data may come to, in bytes: a few large ones fill a disk as well as many small ones. */
const KEPT_BYTES = 16_777_216
/** Old events go in steps, so that not every event pays for a delete. */
const PRUNE_EVERY = 256
const PRUNED_BYTES = 2_097_152
const REPLAY_MAX = 1_000
/** More events than come between a backup and its restore. */
const LEAP = 1_000_000_000

const nextSeq = hot<EventTables, { user_id: string; bytes: number }, { seq: number; bytes: number }>(
  (db, value) =>
    db
      .insertInto('event_counters')
      .values({ user_id: value('user_id'), seq: 1, bytes: value('bytes') })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet((eb) => ({
          seq: eb('event_counters.seq', '+', 1),
          bytes: eb('event_counters.bytes', '+', eb.ref('excluded.bytes')),
        })),
      )
      .returning(['seq', 'bytes']),
)
const insert = hot<EventTables, EventRow>((db, value) =>
  db.insertInto('events').values({
    user_id: value('user_id'),
    seq: value('seq'),
    name: value('name'),
    data: value('data'),
    created_at: value('created_at'),
  }),
)
const prune = hot<EventTables, { user_id: string; below: number }>((db, value) =>
  db.deleteFrom('events').where('user_id', '=', value('user_id')).where('seq', '<', value('below')),
)
const sizeBelow = hot<EventTables, { user_id: string; below: number }, { bytes: number | null }>(
  (db, value) =>
    db
      .selectFrom('events')
      .select((eb) => eb.fn.sum<number | null>(eb.fn('octet_length', ['data'])).as('bytes'))
      .where('user_id', '=', value('user_id'))
      .where('seq', '<', value('below')),
)
/** Newest first. The database knows how long a text is without reading it. */
const sizes = hot<EventTables, { user_id: string }, { seq: number; size: number }>((db, value) =>
  db
    .selectFrom('events')
    .select((eb) => ['seq', eb.fn<number>('octet_length', ['data']).as('size')])
    .where('user_id', '=', value('user_id'))
    .orderBy('seq', 'desc'),
)
const setBytes = hot<EventTables, { user_id: string; bytes: number }>((db, value) =>
  db
    .updateTable('event_counters')
    .set({ bytes: value('bytes') })
    .where('user_id', '=', value('user_id')),
)

/** Forgets the oldest events of a user; the newest stays, however large it is. */
function forget(connection: Connection, user_id: string, newest: { seq: number; bytes: number }): void {
  const old = { user_id, below: newest.seq - KEPT_PER_USER }
  const kept = newest.bytes - (sizeBelow.all(connection, old)[0]?.bytes ?? 0)
  prune.run(connection, old)
  const bytes = kept > KEPT_BYTES ? forgetLarge(connection, user_id, newest.seq) : kept
  setBytes.run(connection, { user_id, bytes })
}

/** Forgets what is beyond the bytes that are kept, with some to spare; answers how many are left. */
function forgetLarge(connection: Connection, user_id: string, newest: number): number {
  const all = sizes.all(connection, { user_id })
  const total = all.reduce((sum, { size }) => sum + size, 0)
  // What a user took out of events is counted until then.
  if (total <= KEPT_BYTES) return total
  let bytes = 0
  for (const { seq, size } of all) {
    if (seq < newest && bytes + size > KEPT_BYTES - PRUNED_BYTES) {
      prune.run(connection, { user_id, below: seq + 1 })
      break
    }
    bytes += size
  }
  return bytes
}

/** What happened, in order, kept with the effect that made it true and delivered once that is durable. */
export class Events {
  readonly #store: Store
  readonly #clock: Clock
  readonly #listeners = new Set<Listener>()
  readonly #witnesses: Witness[] = []
  #ready: Told[] = []
  #delivering = false

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Records an event in the transaction that made it true. It is delivered after the commit is durable. */
  tell<N extends EventName>(tx: Tx, name: N, user_id: string, data: EventData<N>): void {
    const text = JSON.stringify(data)
    const [counted] = nextSeq.all(tx.connection, { user_id, bytes: Buffer.byteLength(text) })
    const newest = counted ?? { seq: 1, bytes: 0 }
    const { seq } = newest
    const event: Told = { seq, user_id, name, data, created_at: iso(this.#clock.now()) }
    insert.run(tx.connection, { ...event, data: text })
    if (seq % PRUNE_EVERY === 0 || newest.bytes > KEPT_BYTES) forget(tx.connection, user_id, newest)
    for (const witness of this.#witnesses) witness(tx, event)
    tx.afterCommit(() => this.#queue(event))
  }

  /**
   * Leaves a gap after the newest event of a user, wider than any client has seen: after a restore, one that knows
   * events which are gone would else take those that come in their place for what it knows.
   */
  leap(tx: Tx, user_id: string): void {
    tx.connection.run(
      `INSERT INTO event_counters (user_id, seq) VALUES (?, ?)
        ON CONFLICT (user_id) DO UPDATE SET seq = seq + excluded.seq`,
      [user_id, LEAP],
    )
  }

  /**
   * Takes a text, and what an agent answered with it, out of the events of a user that have it, or out of all of a name.
   * What else they tell stays, and so does their order: a client that catches up misses nothing.
   *
   * @param text - all of it, or its first `cut` UTF-16 units where it is as long as that.
   */
  veil(tx: Tx, user_id: string, name: EventName, text?: string, cut = Infinity): void {
    const begins = text !== undefined && text.length >= cut ? text : null
    tx.connection.run(
      `UPDATE events SET data = json_remove(json_set(data, '$.text', ''), '$.agent_response')
        WHERE user_id = ? AND name = ? AND (? IS NULL OR data ->> '$.text' = ? OR instr(data ->> '$.text', ?) = 1)`,
      [user_id, name, text ?? null, text ?? null, begins],
    )
  }

  /** Sees every event in the transaction that tells it: what it writes is done exactly once. */
  witness(witness: Witness): void {
    this.#witnesses.push(witness)
  }

  /** Hears every event from now on, in order; may hear one twice after a restart. The answer stops it. */
  hear(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Events of a user after `seq`, oldest first, at most 1,000; `gap` when older ones are gone. */
  async since(user_id: string, seq: number): Promise<{ events: Told[]; gap: boolean }> {
    const rows = await this.#store.reader
      .tables<EventTables>()
      .selectFrom('events')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(REPLAY_MAX)
      .execute()
    const events = rows.map((row) => ({
      ...row,
      name: row.name as EventName,
      data: JSON.parse(row.data) as unknown,
    }))
    return { events, gap: events[0] !== undefined && events[0].seq > seq + 1 }
  }

  #queue(event: Told): void {
    if (this.#listeners.size === 0) return
    this.#ready.push(event)
    if (!this.#delivering) void this.#deliver()
  }

  async #deliver(): Promise<void> {
    this.#delivering = true
    while (this.#ready.length > 0) {
      const batch = this.#ready
      this.#ready = []
      // A store that can no longer settle is about to end the process; its events are replayed by the next one.
      if (
        !(await this.#store.settled().then(
          () => true,
          () => false,
        ))
      )
        break
      for (const event of batch) for (const listener of this.#listeners) listener(event)
    }
    this.#delivering = false
  }
}
