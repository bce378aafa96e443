import type { Memory } from '../../../contract/agents.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, readPage, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import type { State } from '../changes/kinds.ts'
import type { RecordsCapability } from '../../skills/capabilities.ts'
import { bindRecords, memoryRow, memoryState, toRemembered } from './capabilities.ts'
import type { Binding } from './capabilities.ts'
import { memoryStore, recordStore } from './store.ts'
import type { MemoryRow, MemoryTables, Owner, RecordRow } from './store.ts'
import { searchWords } from './words.ts'

/** What a client asks for; times ISO-8601, `limit` 1 to 500. */
export interface MemoryQuery {
  memory_type?: string | undefined
  tags?: string[] | undefined
  since?: string | undefined
  q?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

export type { RecordRow } from './store.ts'
export type RestoredHook = (tx: Tx, user_id: string, id: string, row: RecordRow | undefined) => void

export interface Memories {
  /** Newest first, or best match first with `q`. */
  query(
    owner: Owner,
    agent_number: number,
    query: MemoryQuery,
  ): Promise<{ memories: Memory[]; total_count: number; next_cursor?: string }>
  /** Stores an entry for a client. `ttl` in seconds. */
  store(
    tx: Tx,
    owner: Owner,
    agent_number: number,
    entry: { memory_type: string; content?: unknown; tags?: string[] | undefined; ttl?: number | undefined },
  ): Promise<Memory>
  /** Ends what it does by itself. */
  close(): void
  /** Removes what the search keeps of a user, before the rows of the user go. */
  forget(tx: Tx, user_id: string): Promise<void>
  /** The documents of an agent, for what acts in the name of it. */
  bindRecords(binding: Binding): RecordsCapability
  /** A document by its id alone, and putting it back; for what acts on documents without an agent. */
  recordOf(tx: Tx, user_id: string, id: string): Promise<RecordRow | undefined>
  putRecord(tx: Tx, row: RecordRow): Promise<void>
  /** Hears, in its transaction, of each document that an undo put back or took away. */
  onRestored(hook: RestoredHook): void
  /** Documents of a collection in all agents of a user, at most 1,000. */
  recordsOf<T>(user_id: string, collection: string): Promise<{ agent_id: string; body: T }[]>
}

const MILLISECONDS = { smallestUnit: 'millisecond', roundingMode: 'ceil' } as const
/** Entries that one sweep takes, so that it never holds the writer for long. */
const SWEEP_MAX = 500
const SWEEP_MS = 60_000

/** What agents remember, and the documents of their skills. */
export function openMemory(kernel: Kernel, { changes }: { changes: Changes }): Memories {
  const hooks: RestoredHook[] = []
  changes.register('memory', {
    read: async (db, user_id, id) =>
      memoryState(await memoryStore.findOf(db.tables<MemoryTables>(), user_id, id)),
    restore: async (tx, user_id, id, state) => restoreMemory(tx, user_id, id, state),
  })
  changes.register('record', {
    read: async (db, user_id, id) => {
      const row = await recordStore.findOf(db.tables<MemoryTables>(), user_id, id)
      return row && { ...row }
    },
    restore: async (tx, user_id, id, state) => {
      const db = tx.tables<MemoryTables>()
      if (state === undefined) await recordStore.remove(db, user_id, id)
      else await recordStore.put(db, state as unknown as RecordRow)
      for (const hook of hooks) hook(tx, user_id, id, state as RecordRow | undefined)
    },
  })
  return {
    close: openSweep(kernel),
    forget: (tx, user_id) => memoryStore.forgetWords(tx.tables<MemoryTables>(), user_id),
    query: (owner, agent_number, query) => find(kernel, owner, agent_number, query),
    store: async (tx, owner, agent_number, { memory_type, content, tags = [], ttl }) => {
      const now = kernel.clock.now()
      const expires_at = ttl === undefined ? null : iso(now + ttl * 1000)
      const row = memoryRow({
        owner,
        id: kernel.id(),
        memory_type,
        content,
        tags,
        created_at: iso(now),
        expires_at,
      })
      await memoryStore.insert(tx.tables<MemoryTables>(), row, tags)
      return toMemory(row, agent_number)
    },
    bindRecords,
    recordOf: (tx, user_id, id) => recordStore.findOf(tx.tables<MemoryTables>(), user_id, id),
    putRecord: async (tx, row) => {
      await recordStore.put(tx.tables<MemoryTables>(), row)
    },
    onRestored: (hook) => hooks.push(hook),
    recordsOf: async <T>(user_id: string, collection: string) => {
      const rows = await recordStore.ofUser(
        kernel.store.reader.tables<MemoryTables>(),
        user_id,
        collection,
        1_000,
      )
      return rows.map(({ agent_id, body }) => ({ agent_id, body: JSON.parse(body) as T }))
    },
  }
}

async function find(kernel: Kernel, owner: Owner, agent_number: number, query: MemoryQuery) {
  const db = kernel.store.reader.tables<MemoryTables>()
  const limit = query.limit ?? LIMIT_DEFAULT
  // Times are compared as text, so the given one is written as the stored ones are.
  const since =
    query.since === undefined ? {} : { since: Temporal.Instant.from(query.since).toString(MILLISECONDS) }
  const filter = { ...query, ...since, now: kernel.now() }
  const show = (row: MemoryRow) => toMemory(row, agent_number)
  if (query.q !== undefined) {
    const words = searchWords(query.q)
    if (words.length === 0) return { memories: [], total_count: 0 }
    const rows = await memoryStore.search(db, owner, words, { ...filter, limit })
    return { memories: rows.map(show), total_count: await memoryStore.countMatches(db, owner, words, filter) }
  }
  const total_count = await memoryStore.count(db, owner, filter)
  const before = query.cursor === undefined ? {} : { before: String(fromCursor(query.cursor)) }
  const { rows: found, isFull } = await readPage(
    limit,
    ({ content }: MemoryRow) => content.length,
    (after, count) => {
      const place = after === undefined ? before : { before: after.id }
      return memoryStore.list(db, owner, { ...filter, ...place, limit: count })
    },
  )
  const { rows, ...next } = toPage(
    found,
    isFull ? found.length : limit,
    (row) => row.id,
    isFull || found.length > limit,
  )
  return { memories: rows.map(show), total_count, ...next }
}

async function restoreMemory(tx: Tx, user_id: string, id: string, state: State | undefined): Promise<void> {
  const db = tx.tables<MemoryTables>()
  const row = await memoryStore.findOf(db, user_id, id)
  if (row !== undefined) await memoryStore.remove(db, row, id)
  if (state === undefined) return
  const restored = state as unknown as MemoryRow
  if (restored.user_id !== user_id) throw new Fault('ROLLBACK_FAILED', 'The entry belongs to somebody else.')
  await memoryStore.insert(db, restored, JSON.parse(restored.tags) as string[])
}

/** Removes entries whose time is over. They are never answered, so nothing depends on when this happens. */
function openSweep(kernel: Kernel): () => void {
  let cancel: (() => void) | undefined
  let isClosed = false
  const again = (): void => {
    if (!isClosed) cancel = kernel.clock.after(SWEEP_MS, sweep)
  }
  const sweep = (): void => {
    const expired = async (tx: Tx) => {
      const db = tx.tables<MemoryTables>()
      for (const row of await memoryStore.expired(db, kernel.now(), SWEEP_MAX))
        await memoryStore.remove(db, row, row.id)
    }
    const reader = kernel.store.reader.tables<MemoryTables>()
    memoryStore
      .expired(reader, kernel.now(), 1)
      .then((rows) => (rows.length === 0 ? undefined : kernel.store.write(expired)))
      .catch((error: unknown) => kernel.log.warn('expired memories were not removed', { error }))
      .finally(again)
  }
  again()
  return () => {
    isClosed = true
    cancel?.()
  }
}

function toMemory(row: MemoryRow, agent_number: number): Memory {
  return { ...toRemembered(row), agent_number, expires_at: row.expires_at }
}
