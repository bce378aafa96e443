import type { Memory } from '../../../contract/agents.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, readPage, toPage } from '../../kernel/paging.ts'
import { INSTRUCTION, toMemory, toRemembered } from './entry.ts'
import type { Remembered } from '../../skills/capabilities.ts'
import { search } from './search.ts'
import type { Ranker } from './search.ts'
import { countType } from './counts.ts'
import { memoryStore } from './store.ts'
import type { Db, MemoryFilter, MemoryTables, Owner, Scope, StoredMemory } from './store.ts'

/** What a client asks for; times ISO-8601, `limit` 1 to 500. */
export interface MemoryQuery {
  memory_type?: string | undefined
  tags?: string[] | undefined
  since?: string | undefined
  q?: string | undefined
  include_superseded?: boolean | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

type Numbered = Owner & { agent_number: number }

export interface Queries {
  /** Newest first, or best match first with `q`. */
  query(
    owner: Numbered,
    query: MemoryQuery,
  ): Promise<{ memories: Memory[]; total_count: number; next_cursor?: string }>
  /** Everything, oldest first, in pages. */
  dump(
    owner: Numbered,
    page: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<{ memories: Memory[]; next_cursor?: string }>
  /** The standing instructions of the user for an agent, oldest first: the only entries that may be put where orders are. */
  standing(user_id: string, agent_id: string): Promise<Remembered[]>
}

const MILLISECONDS = { smallestUnit: 'millisecond', roundingMode: 'ceil' } as const
/** Standing instructions that an agent follows. */
const STANDING_MAX = 100

/** Reads what agents remember. */
export function openQueries(kernel: Pick<Kernel, 'store' | 'now'>, ranker: Ranker | undefined): Queries {
  const { reader } = kernel.store
  const db = reader.tables<MemoryTables>()
  return {
    query: async (owner, { cursor, q, limit = LIMIT_DEFAULT, since, ...given }) => {
      const filter = { ...given, ...readSince(since), limit, now: kernel.now() }
      const show = (row: StoredMemory) => toMemory(row, owner.agent_number)
      if (q !== undefined) {
        const { rows, total } = await search(reader, owner, q, filter, ranker)
        return { memories: rows.map(show), total_count: total }
      }
      const scope = await memoryStore.scope(db, owner)
      if (scope === undefined) return { memories: [], total_count: 0 }
      const { total_count, few } = await countOf(db, scope, filter)
      const before = cursor === undefined ? {} : { before: String(fromCursor(cursor)) }
      const { rows, ...next } = await readRows(db, scope, { ...filter, ...before }, 'before', few)
      return { memories: rows.map(show), total_count, ...next }
    },
    dump: async (owner, { limit = LIMIT_DEFAULT, cursor }) => {
      const scope = await memoryStore.scope(db, owner)
      const after = cursor === undefined ? '' : String(fromCursor(cursor))
      if (scope === undefined) return { memories: [] }
      const filter = { after, limit, now: kernel.now(), include_superseded: true }
      const { rows, ...next } = await readRows(db, scope, filter, 'after')
      return { memories: rows.map((row) => toMemory(row, owner.agent_number)), ...next }
    },
    standing: async (user_id, agent_id) => {
      const scope = await memoryStore.scope(db, { user_id, agent_id })
      if (scope === undefined) return []
      const rows = await memoryStore.trusted(db, scope, INSTRUCTION, kernel.now(), STANDING_MAX)
      return rows.map(toRemembered)
    },
  }
}

/** Times are compared as text, so the given one is written as the stored ones are. */
export function utcTime(time: string): string {
  return Temporal.Instant.from(time).toString(MILLISECONDS)
}

function readSince(since: string | undefined): { since?: string } {
  return since === undefined ? {} : { since: utcTime(since) }
}

/** Entries that are found one by one faster than by going through a memory in its order. */
const FEW = 200

/** How many entries a filter lets through, and whether its tags alone name few. What is hidden is subtracted: it is little. */
async function countOf(
  db: Db,
  scope: Scope,
  filter: MemoryFilter,
): Promise<{ total_count: number; few: boolean }> {
  const { memory_type, since, tags = [] } = filter
  const [tag, ...others] = tags
  const tagged = tag === undefined ? undefined : await memoryStore.tagged(db, scope, tag)
  const few = tagged !== undefined && tagged.size <= FEW
  if (memory_type !== undefined && since === undefined && tagged === undefined) {
    const hidden = await memoryStore.hidden(db, scope, filter)
    return { total_count: (await countType(db, scope, memory_type)) - hidden.size, few }
  }
  if (memory_type !== undefined || since !== undefined || others.length > 0)
    return { total_count: await memoryStore.count(db, scope, filter, few), few }
  const hidden = await memoryStore.hidden(db, scope, filter)
  if (tagged === undefined) return { total_count: scope.entries - hidden.size, few }
  const shown = [...tagged].filter((number) => !hidden.has(number))
  return { total_count: shown.length, few }
}

/** A page of rows, cut short when they are large. `from` names the bound that moves from row to row. */
async function readRows(
  db: Db,
  scope: Scope,
  filter: MemoryFilter,
  from: 'before' | 'after',
  few = false,
): Promise<{ rows: StoredMemory[]; next_cursor?: string }> {
  const { limit } = filter
  const { rows, isFull } = await readPage(
    limit,
    ({ content }: StoredMemory) => content.length,
    (last, count) => {
      const place = last === undefined ? {} : { [from]: last.id }
      return memoryStore.list(db, scope, { ...filter, ...place, limit: count }, few)
    },
  )
  return toPage(rows, isFull ? rows.length : limit, (row) => row.id, isFull || rows.length > limit)
}
