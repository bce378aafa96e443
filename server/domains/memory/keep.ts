import type { MemorySource } from '../../../contract/agents.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import {
  TAGS_MAX,
  checkInstruction,
  contentOf,
  contentText,
  digestOf,
  tagsOf,
  toRow,
  trustOf,
} from './entry.ts'
import { postings } from './postings.ts'
import { grow } from './counts.ts'
import { memoryStore } from './store.ts'
import type { Db, MemoryRow, MemoryTables, Owner, Scope, StoredMemory } from './store.ts'
import { termsOf, textOf } from './words.ts'

/** Entries that one agent may have. */
export const ENTRIES_MAX = 100_000
/** Entries that may have followed each other in the place of one. */
const CHAIN_MAX = 1_000

/** The transaction that writes; a reader has the same shape, and its connection refuses. */
export type Writing = Pick<Tx | Reader, 'tables' | 'connection'>

/** What is to be remembered. `ttl` in seconds; `supersedes` names the entry that this one takes the place of. */
export interface Given {
  memory_type: string
  content?: unknown
  tags?: readonly string[] | undefined
  ttl?: number | undefined
  supersedes?: string | undefined
}

/** Where and when something is written, and for whom. */
export interface Moment {
  owner: Owner
  source: MemorySource
  now: number
  id: () => string
  /** Hears of each entry before and after. */
  changed: (before: MemoryRow | undefined, after: MemoryRow | undefined) => void
  entries_max?: number | undefined
}

/** Stores an entry, or refreshes the one that says the same already. */
export async function keepEntry(tx: Writing, moment: Moment, given: Given): Promise<MemoryRow> {
  const { owner, source, now, changed } = moment
  const db = tx.tables<MemoryTables>()
  const trust = trustOf(source)
  checkInstruction({ memory_type: given.memory_type, trust })
  const content = contentText(given.content)
  const digest = digestOf(given.memory_type, content)
  const older = given.supersedes === undefined ? undefined : await needEntry(db, moment, given.supersedes)
  if (older !== undefined) checkSuperseding(older, trust)
  const scope = memoryStore.openScope(tx.connection, owner)
  const same = await current(tx, scope, digest, moment)
  const kept =
    same === undefined
      ? await addEntry(tx, scope, moment, { ...given, content, trust })
      : await restate(tx, same, moment, given)
  if (older !== undefined && older.id !== kept.id) {
    const before = toRow(older)
    await memoryStore.update(db, older.number, { superseded_by: kept.id, updated_at: iso(now) })
    changed(before, { ...before, superseded_by: kept.id, updated_at: iso(now) })
  }
  return kept
}

async function addEntry(
  tx: Writing,
  scope: Scope,
  { owner, source, now, id, changed, entries_max = ENTRIES_MAX }: Moment,
  { memory_type, content, tags = [], ttl, trust }: Given & Pick<MemoryRow, 'content' | 'trust'>,
): Promise<MemoryRow> {
  if (scope.entries >= entries_max) {
    throw new Fault(
      'VALIDATION_ERROR',
      `This agent remembers ${entries_max} things already, and no more fit; forget some first.`,
      { reason: 'memory_full', entries_max },
      { status: 409 },
    )
  }
  const at = iso(now)
  const row: MemoryRow = {
    ...owner,
    id: id(),
    memory_type,
    content,
    tags: JSON.stringify([...new Set(tags)]),
    created_at: at,
    updated_at: at,
    expires_at: ttl === undefined ? null : iso(now + ttl * 1000),
    source_kind: source.kind,
    source_name: source.name ?? null,
    trust,
    pinned: 0,
    superseded_by: null,
  }
  await putEntry(tx, scope, row)
  changed(undefined, row)
  return row
}

/**
 * Hears something again. The user's word makes it trusted; that of others changes nothing about what the user said.
 * It lasts as long as the longer of both was to last.
 */
async function restate(
  tx: Writing,
  same: StoredMemory,
  { source, now, changed }: Moment,
  { tags = [], ttl }: Given,
): Promise<MemoryRow> {
  const before = toRow(same)
  const expires_at = ttl === undefined ? null : iso(now + ttl * 1000)
  const isLonger = before.expires_at !== null && (expires_at === null || expires_at > before.expires_at)
  const isUser = trustOf(source) === 'trusted'
  const after: MemoryRow = { ...before, updated_at: iso(now) }
  if (isUser || before.trust === 'untrusted') {
    after.tags = JSON.stringify([...new Set([...tagsOf(before), ...tags])].slice(0, TAGS_MAX))
    if (isLonger) after.expires_at = expires_at
  }
  if (isUser && before.trust === 'untrusted') {
    after.trust = 'trusted'
    after.source_kind = source.kind
    after.source_name = source.name ?? null
  }
  await changeEntry(tx, same, after)
  changed(before, after)
  return after
}

/** The entry that says the same and still holds; one whose time is over makes way. */
async function current(
  tx: Writing,
  scope: Scope,
  digest: string,
  { now, changed }: Moment,
): Promise<StoredMemory | undefined> {
  const same = memoryStore.same(tx.connection, scope.scope, digest)
  if (same === undefined || !isOver(same, iso(now))) return same
  await dropEntry(tx, same)
  changed(toRow(same), undefined)
  return undefined
}

/** Whether the time of an entry is over. What is pinned does not expire. */
export function isOver({ expires_at, pinned }: MemoryRow, now: string): boolean {
  return pinned === 0 && expires_at !== null && expires_at <= now
}

/** Writes an entry as it is, with its words and tags. */
export async function putEntry(tx: Writing, scope: Scope, row: MemoryRow): Promise<void> {
  const db = tx.tables<MemoryTables>()
  const terms = wordsOf(row)
  const digest = digestOf(row.memory_type, row.content)
  const stored = { ...row, scope: scope.scope, digest, words: terms.length }
  const number = memoryStore.insert(tx.connection, stored)
  await memoryStore.tag(db, row.agent_id, number, tagsOf(row))
  postings.add(tx.connection, scope, number, terms)
  const { memory_type } = row
  grow(tx.connection, { scope: scope.scope, memory_type, entries: 1, words: terms.length })
  scope.entries += 1
}

/** Writes what has changed of an entry. */
export async function changeEntry(tx: Writing, before: StoredMemory, after: MemoryRow): Promise<void> {
  const db = tx.tables<MemoryTables>()
  const { number, agent_id } = before
  const digest = digestOf(after.memory_type, after.content)
  await memoryStore.update(db, number, { ...toRow(after), digest })
  if (before.memory_type !== after.memory_type)
    for (const [{ memory_type }, entries] of [
      [before, -1],
      [after, 1],
    ] as const)
      grow(tx.connection, { scope: before.scope, memory_type, entries, words: 0 })
  if (before.tags === after.tags && before.content === after.content) return
  await memoryStore.untag(db, agent_id, number, tagsOf(before))
  await memoryStore.tag(db, agent_id, number, tagsOf(after))
  await indexEntry(tx, { ...before, ...after })
}

/** Makes the words of an entry anew. */
export async function indexEntry(tx: Writing, row: StoredMemory): Promise<void> {
  const db = tx.tables<MemoryTables>()
  const terms = wordsOf(row)
  postings.remove(tx.connection, row.number)
  postings.add(tx.connection, row, row.number, terms)
  const digest = digestOf(row.memory_type, row.content)
  await memoryStore.update(db, row.number, { words: terms.length, digest })
  const words = terms.length - (row.words ?? 0)
  grow(tx.connection, { scope: row.scope, memory_type: row.memory_type, entries: 0, words })
}

export async function dropEntry(tx: Writing, row: StoredMemory): Promise<void> {
  const db = tx.tables<MemoryTables>()
  await memoryStore.untag(db, row.agent_id, row.number, tagsOf(row))
  postings.remove(tx.connection, row.number)
  await memoryStore.delete(db, row.number)
  const { scope, memory_type } = row
  grow(tx.connection, { scope, memory_type, entries: -1, words: -(row.words ?? 0) })
}

function wordsOf(row: MemoryRow): string[] {
  return termsOf(`${textOf(contentOf(row))} ${tagsOf(row).join(' ')}`)
}

/** What of an entry is to change; `superseded_by` of `null` makes it current again. */
export interface Change {
  tags?: readonly string[] | undefined
  memory_type?: string | undefined
  pinned?: boolean | undefined
  trust?: MemoryRow['trust'] | undefined
  superseded_by?: string | null | undefined
}

/** Changes an entry. Only the user may make something trusted, which `source` says. */
export async function editEntry(
  tx: Writing,
  moment: Moment,
  memory_id: string,
  change: Change,
): Promise<MemoryRow> {
  const db = tx.tables<MemoryTables>()
  const row = await needEntry(db, moment, memory_id)
  const before = toRow(row)
  const after: MemoryRow = { ...before, updated_at: iso(moment.now) }
  if (change.tags !== undefined) after.tags = JSON.stringify([...new Set(change.tags)])
  if (change.memory_type !== undefined) after.memory_type = change.memory_type
  if (change.pinned !== undefined) after.pinned = change.pinned ? 1 : 0
  if (change.trust !== undefined) after.trust = change.trust
  if (change.superseded_by !== undefined) after.superseded_by = change.superseded_by
  checkEditor(moment.source, before, after)
  checkInstruction(after)
  if (change.superseded_by !== undefined && change.superseded_by !== null) {
    const newer = await needEntry(db, moment, change.superseded_by)
    checkSuperseding(before, newer.trust)
    await checkChain(db, moment.owner, newer, memory_id)
  }
  await changeEntry(tx, row, after)
  moment.changed(before, after)
  return after
}

/** @throws Fault `UNAUTHORIZED`, 403, when somebody else changes what the user said, or trusts in the user's name. */
function checkEditor(source: MemorySource, before: MemoryRow, after: MemoryRow): void {
  if (trustOf(source) === 'trusted') return
  const isRaised = before.trust === 'untrusted' && after.trust === 'trusted'
  const isTouched = before.trust === 'trusted' && withoutTags(before) !== withoutTags(after)
  if (!isRaised && !isTouched) return
  const message = 'Only the user changes what the user said, and only the user confirms what others said.'
  throw new Fault('UNAUTHORIZED', message, { reason: 'untrusted' }, { status: 403 })
}

function withoutTags({ tags: _tags, updated_at: _at, ...rest }: MemoryRow): string {
  return JSON.stringify(rest)
}

/** @throws Fault `UNAUTHORIZED`, 403, when the words of others would take the place of what the user said. */
function checkSuperseding(older: MemoryRow, trust: MemoryRow['trust']): void {
  if (trust === 'trusted' || older.trust === 'untrusted') return
  const message = 'What did not come from the user cannot take the place of what the user said.'
  throw new Fault('UNAUTHORIZED', message, { reason: 'untrusted', id: older.id }, { status: 403 })
}

/** @throws Fault `VALIDATION_ERROR` when an entry would follow itself. */
async function checkChain(db: Db, owner: Owner, newer: MemoryRow, memory_id: string): Promise<void> {
  let next: MemoryRow | undefined = newer
  for (let length = 0; next !== undefined && length < CHAIN_MAX; length += 1) {
    if (next.id === memory_id) {
      throw new Fault('VALIDATION_ERROR', 'An entry cannot take its own place.', {
        issues: [{ path: '/superseded_by', message: 'leads back to the entry itself' }],
      })
    }
    next = next.superseded_by === null ? undefined : await memoryStore.find(db, owner, next.superseded_by)
  }
}

/** @throws Fault `VALIDATION_ERROR`, 404, for an entry that is not there or is over. */
export async function needEntry(
  db: Db,
  { owner, now }: Pick<Moment, 'owner' | 'now'>,
  memory_id: string,
): Promise<StoredMemory> {
  const row = await memoryStore.find(db, owner, memory_id)
  if (row !== undefined && !isOver(row, iso(now))) return row
  const message = `This agent remembers nothing with the id ${memory_id}.`
  throw new Fault('VALIDATION_ERROR', message, { id: memory_id }, { status: 404 })
}
