import type { Memory } from '../../../contract/agents.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { checkInstruction, contentText, digestOf, isInstruction, trustOf } from './entry.ts'
import { ENTRIES_MAX, isOver, putEntry } from './keep.ts'
import type { Moment, Writing } from './keep.ts'
import { memoryStore } from './store.ts'
import type { MemoryRow } from './store.ts'

/** An entry from elsewhere. Times ISO-8601. */
export type Brought = Pick<
  Memory,
  'memory_type' | 'content' | 'tags' | 'created_at' | 'expires_at' | 'source' | 'trust' | 'pinned'
>

/** What became of an entry that was brought in. */
export interface BroughtIn {
  trust: MemoryRow['trust']
  is_instruction: boolean
}

/**
 * Writes an entry as it was elsewhere, with an id of its own. One that says the same as one that is there is not written
 * again, and one whose time is over is not either: then there is no answer.
 *
 * It is trusted, whatever it says of itself, no further than where it comes from. That its user has
 * confirmed it cannot be seen here, since anybody can write so into a file.
 */
export async function bringEntry(
  tx: Writing,
  { owner, id, now, entries_max = ENTRIES_MAX }: Omit<Moment, 'changed'>,
  { content, tags, source, pinned, ...entry }: Brought,
): Promise<BroughtIn | undefined> {
  const trust = entry.trust === 'trusted' ? trustOf(source) : 'untrusted'
  checkInstruction({ ...entry, trust })
  const text = contentText(content)
  const scope = memoryStore.openScope(tx.connection, owner)
  const row: MemoryRow = {
    ...owner,
    ...entry,
    trust,
    id: id(),
    content: text,
    tags: JSON.stringify([...new Set(tags)]),
    created_at: utc(entry.created_at),
    updated_at: iso(now),
    expires_at: entry.expires_at === null ? null : utc(entry.expires_at),
    source_kind: source.kind,
    source_name: source.name ?? null,
    pinned: pinned ? 1 : 0,
    superseded_by: null,
  }
  if (isOver(row, iso(now))) return undefined
  if (memoryStore.same(tx.connection, scope.scope, digestOf(row.memory_type, text)) !== undefined)
    return undefined
  if (scope.entries >= entries_max)
    throw new Fault(
      'VALIDATION_ERROR',
      `This agent remembers ${entries_max} things already, and no more fit.`,
    )
  await putEntry(tx, scope, row)
  return { trust, is_instruction: isInstruction(entry.memory_type) }
}

/** @throws Fault `VALIDATION_ERROR` for a time that no clock shows, such as a leap second, or beyond four digits of a year. */
export function utc(time: string): string {
  const at = Date.parse(time)
  const text = Number.isNaN(at) ? '' : iso(at)
  if (/^\d{4}-/.test(text)) return text
  throw new Fault('VALIDATION_ERROR', `There is no time ${time}.`)
}
