import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import type { MemoryCapability, RecordsCapability, Remembered, Stored } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import type { State, Step } from '../changes/kinds.ts'
import { memoryStore, recordStore } from './store.ts'
import type { MemoryRow, MemoryTables, Owner, RecordRow } from './store.ts'
import { searchWords, textOf } from './words.ts'

/** Documents that a collection of an agent may have. */
const RECORDS_MAX = 10_000
const CONTENT_BYTES_MAX = 262_144
const LIMIT_DEFAULT = 50

/** What a capability is bound to: one agent, one moment, and the transaction when it may write. */
export interface Binding {
  owner: Owner
  now: number
  id: () => string
  db: Reader | Tx
  /** Takes note of every change; absent while reading. */
  note: ((step: Step) => void) | undefined
}

/** An agent's memory, bound. */
export function bindMemory({ owner, now, id, db, note }: Binding): MemoryCapability {
  const tables = db.tables<MemoryTables>()
  const at = iso(now)
  const changed = (target: string, before: MemoryRow | undefined, after: MemoryRow | undefined): void => {
    need(note)({ kind: 'memory', target, before: memoryState(before), after: memoryState(after) })
  }
  const get = async (memory_id: string) => {
    const row = await memoryStore.find(tables, owner, memory_id)
    return row === undefined || (row.expires_at !== null && row.expires_at <= at) ? undefined : row
  }
  return {
    async store({ memory_type, content, tags = [], ttl }) {
      need(note)
      const row = memoryRow({
        owner,
        id: id(),
        memory_type,
        content,
        tags,
        created_at: at,
        expires_at: ttl === undefined ? null : iso(now + ttl * 1000),
      })
      await memoryStore.insert(tables, row, tags)
      changed(row.id, undefined, row)
      return toRemembered(row)
    },
    list: async (filter) => {
      const limit = filter.limit ?? LIMIT_DEFAULT
      return (await memoryStore.list(tables, owner, { ...filter, limit, now: at })).map(toRemembered)
    },
    search: async (query, filter = {}) => {
      const words = searchWords(query)
      if (words.length === 0) return []
      const limit = filter.limit ?? LIMIT_DEFAULT
      return (await memoryStore.search(tables, owner, words, { ...filter, limit, now: at })).map(toRemembered)
    },
    get: async (memory_id) => {
      const row = await get(memory_id)
      return row === undefined ? undefined : toRemembered(row)
    },
    async retag(memory_id, tags) {
      need(note)
      const row = await get(memory_id)
      if (row === undefined) return undefined
      const after = { ...row, tags: JSON.stringify([...new Set(tags)]) }
      await memoryStore.remove(tables, owner, memory_id)
      await memoryStore.insert(tables, withoutNumber(after), tags)
      changed(memory_id, row, after)
      return toRemembered(after)
    },
    async forget(ids) {
      need(note)
      let forgotten = 0
      for (const memory_id of ids) {
        const row = await get(memory_id)
        if (row === undefined) continue
        await memoryStore.remove(tables, owner, memory_id)
        changed(memory_id, row, undefined)
        forgotten += 1
      }
      return forgotten
    },
  }
}

/** The documents of an agent's skill, bound. */
export function bindRecords({ owner, now, id, db, note }: Binding): RecordsCapability {
  const tables = db.tables<MemoryTables>()
  const changed = (target: string, before: RecordRow | undefined, after: RecordRow | undefined): void => {
    need(note)({ kind: 'record', target, before: before && { ...before }, after: after && { ...after } })
  }
  return {
    list: async <T>(collection: string, filter = {}) => {
      const rows = await recordStore.list(tables, owner, collection, { limit: RECORDS_MAX, ...filter })
      return rows.map((row) => toStored<T>(row))
    },
    get: async <T>(collection: string, record_id: string) => {
      const row = await recordStore.find(tables, owner, collection, record_id)
      return row === undefined ? undefined : toStored<T>(row)
    },
    async put<T>(collection: string, document: { id?: string; group?: string; at?: number; body: T }) {
      need(note)
      const before =
        document.id === undefined ? undefined : await recordStore.find(tables, owner, collection, document.id)
      if (before === undefined && (await recordStore.count(tables, owner, collection)) >= RECORDS_MAX) {
        throw new ActionError(`There are already ${RECORDS_MAX} entries; remove some first.`)
      }
      const row: RecordRow = {
        ...owner,
        collection,
        id: before?.id ?? id(),
        group_name: document.group ?? before?.group_name ?? '',
        at: document.at ?? before?.at ?? now,
        body: bounded(JSON.stringify(document.body)),
        created_at: before?.created_at ?? iso(now),
      }
      await recordStore.put(tables, row)
      changed(row.id, before, row)
      return toStored<T>(row)
    },
    async remove(collection, record_id) {
      need(note)
      const before = await recordStore.find(tables, owner, collection, record_id)
      if (before === undefined) return false
      await recordStore.remove(tables, owner.user_id, record_id)
      changed(record_id, before, undefined)
      return true
    },
  }
}

/** Makes the row of an entry. @throws Fault `VALIDATION_ERROR` when the content is too large. */
export function memoryRow(given: {
  owner: Owner
  id: string
  memory_type: string
  content: unknown
  tags: readonly string[]
  created_at: string
  expires_at: string | null
}): MemoryRow {
  const { owner, content, tags, ...rest } = given
  return {
    ...owner,
    ...rest,
    content: bounded(JSON.stringify(content ?? null)),
    text: textOf(content),
    tags: JSON.stringify([...new Set(tags)]),
  }
}

function bounded(text: string): string {
  if (Buffer.byteLength(text) <= CONTENT_BYTES_MAX) return text
  throw new Fault('VALIDATION_ERROR', `The content is larger than ${CONTENT_BYTES_MAX} bytes.`, {
    issues: [{ path: '/content', message: `must not be larger than ${CONTENT_BYTES_MAX} bytes` }],
  })
}

function need<T>(note: T | undefined): T {
  if (note === undefined) throw new Error('An action that reads tried to write.')
  return note
}

export function toRemembered(row: MemoryRow): Remembered {
  const { id, memory_type, created_at } = row
  return {
    id,
    memory_type,
    created_at,
    content: JSON.parse(row.content) as unknown,
    tags: JSON.parse(row.tags) as string[],
  }
}

function toStored<T>(row: RecordRow): Stored<T> {
  return {
    id: row.id,
    group: row.group_name,
    at: row.at,
    body: JSON.parse(row.body) as T,
    created_at: row.created_at,
  }
}

/** An entry as the undo list keeps it: without the number that the database gives. */
export function memoryState(row: MemoryRow | undefined): State | undefined {
  return row === undefined ? undefined : { ...withoutNumber(row) }
}

function withoutNumber(row: MemoryRow): MemoryRow {
  const { number: _, ...rest } = row as MemoryRow & { number?: number }
  return rest
}
