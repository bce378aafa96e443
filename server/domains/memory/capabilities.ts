import { iso } from '../../kernel/clock.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import type { MemoryCapability, RecordsCapability, Stored } from '../../skills/capabilities.ts'
import type { MemorySource } from '../../../contract/agents.ts'
import { ActionError } from '../../skills/skill.ts'
import type { Step } from '../changes/kinds.ts'
import { contentText, toRemembered, toState } from './entry.ts'
import { dropEntry, editEntry, isOver, keepEntry } from './keep.ts'
import type { Moment } from './keep.ts'
import { recordStore } from './record-store.ts'
import { search } from './search.ts'
import type { Ranker } from './search.ts'
import { memoryStore } from './store.ts'
import type { MemoryRow, MemoryTables, Owner, RecordRow } from './store.ts'

/** Documents that a collection of an agent may have. */
export const RECORDS_MAX = 10_000
const LIMIT_DEFAULT = 50
const USER: MemorySource = { kind: 'user' }

/** What a capability is bound to: one agent, one moment, and the transaction when it may write. */
export interface Binding {
  owner: Owner
  now: number
  id: () => string
  db: Reader | Tx
  /** Takes note of every change; absent while reading. */
  note: ((step: Step) => void) | undefined
  /** On whose behalf: the user's unless given. What anything else stores is untrusted. */
  source?: MemorySource | undefined
  /** Reorders what a search finds, when one is configured. */
  ranker?: Ranker | undefined
}

/** An agent's memory, bound. */
export function bindMemory({ owner, now, id, db, note, source = USER, ranker }: Binding): MemoryCapability {
  const tables = db.tables<MemoryTables>()
  const at = iso(now)
  const changed = (before: MemoryRow | undefined, after: MemoryRow | undefined): void => {
    const target = before?.id ?? after?.id ?? ''
    need(note)({ kind: 'memory', target, before: toState(before), after: toState(after) })
  }
  const moment: Moment = { owner, source, now, id, changed }
  const get = async (memory_id: string) => {
    const row = await memoryStore.find(tables, owner, memory_id)
    return row === undefined || isOver(row, at) ? undefined : row
  }
  const edit = async (memory_id: string, change: { tags: string[] } | { pinned: boolean }) => {
    need(note)
    if ((await get(memory_id)) === undefined) return undefined
    return toRemembered(await editEntry(db, moment, memory_id, change))
  }
  return {
    async store({ source: said, ...entry }) {
      need(note)
      // Whoever acts for an agent cannot speak for the user, whatever it says of its source.
      const from = said === undefined || (source.kind !== 'user' && said.kind === 'user') ? source : said
      return toRemembered(await keepEntry(db, { ...moment, source: from }, entry))
    },
    list: async (filter) => {
      const limit = filter.limit ?? LIMIT_DEFAULT
      const scope = await memoryStore.scope(tables, owner)
      if (scope === undefined) return []
      return (await memoryStore.list(tables, scope, { ...filter, limit, now: at })).map(toRemembered)
    },
    ids: async ({ tags: wanted }) => {
      const scope = await memoryStore.scope(tables, owner)
      return scope === undefined ? [] : memoryStore.ids(tables, scope, { tags: wanted, now: at })
    },
    search: async (query, filter = {}) => {
      const limit = filter.limit ?? LIMIT_DEFAULT
      const { rows } = await search(db, owner, query, { ...filter, limit, now: at }, ranker)
      return rows.map(toRemembered)
    },
    get: async (memory_id) => {
      const row = await get(memory_id)
      return row === undefined ? undefined : toRemembered(row)
    },
    retag: (memory_id, tags) => edit(memory_id, { tags }),
    pin: (memory_id, pinned) => edit(memory_id, { pinned }),
    async forget(ids) {
      need(note)
      let forgotten = 0
      for (const memory_id of ids) {
        const row = await get(memory_id)
        if (row === undefined) continue
        await dropEntry(db, row)
        changed(row, undefined)
        forgotten += 1
      }
      return forgotten
    },
  }
}

/** The documents of an agent's skill, bound. Those that do not fit are as if they were not there. */
export function bindRecords(
  { owner, now, id, db, note }: Binding,
  fits: (row: RecordRow) => boolean = () => true,
): RecordsCapability {
  const tables = db.tables<MemoryTables>()
  /** By collection, as far as counted: whoever adds hundreds does not count them hundreds of times. */
  const counts = new Map<string, number>()
  const changed = (target: string, before: RecordRow | undefined, after: RecordRow | undefined): void => {
    need(note)({ kind: 'record', target, before: before && { ...before }, after: after && { ...after } })
  }
  return {
    list: async <T>(collection: string, filter = {}) => {
      const rows = await recordStore.list(tables, owner, collection, { limit: RECORDS_MAX, ...filter })
      return rows.filter(fits).map((row) => toStored<T>(row))
    },
    get: async <T>(collection: string, record_id: string) => {
      const row = await recordStore.find(tables, owner, collection, record_id)
      return row === undefined || !fits(row) ? undefined : toStored<T>(row)
    },
    async put<T>(collection: string, document: { id?: string; group?: string; at?: number; body: T }) {
      need(note)
      const before =
        document.id === undefined ? undefined : await recordStore.find(tables, owner, collection, document.id)
      if (before === undefined) {
        const count = counts.get(collection) ?? (await recordStore.count(tables, owner, collection))
        if (count >= RECORDS_MAX)
          throw new ActionError(`There are already ${RECORDS_MAX} entries; remove some first.`)
        counts.set(collection, count + 1)
      }
      const row: RecordRow = {
        ...owner,
        collection,
        id: before?.id ?? id(),
        group_name: document.group ?? before?.group_name ?? '',
        at: document.at ?? before?.at ?? now,
        body: contentText(document.body),
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
      counts.delete(collection)
      changed(record_id, before, undefined)
      return true
    },
  }
}

function need<T>(note: T | undefined): T {
  if (note === undefined) throw new Error('An action that reads tried to write.')
  return note
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
