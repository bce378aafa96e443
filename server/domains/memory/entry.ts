import { toForm } from '../../kernel/unicode.ts'
import { createHash } from 'node:crypto'
import type { Memory, MemorySource } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import { stored } from '../../kernel/stored.ts'
import type { State } from '../changes/kinds.ts'
import type { Remembered } from '../../skills/capabilities.ts'
import type { MemoryRow } from './store.ts'

export const CONTENT_BYTES_MAX = 262_144
export const TAGS_MAX = 32
/** Shown in place of what somebody has damaged. */
const DAMAGED = 'This entry is damaged.'

/** The type of entries that the runtime may put where a language model takes orders from. */
export const INSTRUCTION = 'instruction'

/** What the user says is trusted; what anything else says is text about which nothing is known. */
export function trustOf({ kind }: MemorySource): MemoryRow['trust'] {
  return kind === 'user' ? 'trusted' : 'untrusted'
}

/**
 * Refuses words of others as a standing instruction, in whatever spelling of the type.
 *
 * @throws Fault `UNAUTHORIZED`, 403.
 */
export function checkInstruction({ memory_type, trust }: Pick<MemoryRow, 'memory_type' | 'trust'>): void {
  if (trust === 'trusted' || !isInstruction(memory_type)) return
  throw new Fault(
    'UNAUTHORIZED',
    'What did not come from the user cannot become a standing instruction; the user must confirm it first.',
    { reason: 'untrusted', memory_type },
    { status: 403 },
  )
}

export function isInstruction(memory_type: string): boolean {
  const letters = memory_type
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
  return letters === INSTRUCTION || letters === `${INSTRUCTION}s`
}

/** A content as a row keeps it. @throws Fault `VALIDATION_ERROR` when it is too large. */
export function contentText(content: unknown): string {
  const text = JSON.stringify(content ?? null)
  if (Buffer.byteLength(text) <= CONTENT_BYTES_MAX) return text
  throw new Fault('VALIDATION_ERROR', `The content is larger than ${CONTENT_BYTES_MAX} bytes.`, {
    issues: [{ path: '/content', message: `must not be larger than ${CONTENT_BYTES_MAX} bytes` }],
  })
}

/** Equal for entries that say the same: their texts may differ in spaces and in how their letters are encoded. */
export function digestOf(memory_type: string, content: string): string {
  const same: unknown = JSON.parse(content, (_, value: unknown) =>
    typeof value === 'string' ? toForm(value, 'NFKC').trim().replaceAll(/\s+/g, ' ') : value,
  )
  return createHash('sha256')
    .update(JSON.stringify([memory_type, same]))
    .digest('base64url')
}

export function tagsOf({ tags }: Pick<MemoryRow, 'tags'>): string[] {
  const kept = stored<unknown>(tags)
  return Array.isArray(kept) ? kept.filter((tag) => typeof tag === 'string') : []
}

/** What an entry says; of a damaged one, that nobody can tell any more. */
export function contentOf({ content }: Pick<MemoryRow, 'content'>): unknown {
  const kept = stored<unknown>(content)
  return kept === undefined ? DAMAGED : kept
}

/** An entry as skills see it. */
export function toRemembered(row: MemoryRow): Remembered {
  const { id, memory_type, trust, superseded_by, created_at, updated_at } = row
  return {
    id,
    memory_type,
    content: contentOf(row),
    tags: tagsOf(row),
    source: {
      kind: row.source_kind as MemorySource['kind'],
      ...(row.source_name === null ? {} : { name: row.source_name }),
    },
    trust,
    pinned: row.pinned === 1,
    superseded_by,
    created_at,
    updated_at,
  }
}

/** An entry as clients see it. */
export function toMemory(row: MemoryRow, agent_number: number): Memory {
  return { ...toRemembered(row), agent_number, expires_at: row.expires_at }
}

/** An entry as the undo list keeps it: without what the database makes of it. */
export function toState(row: MemoryRow | undefined): State | undefined {
  return row === undefined ? undefined : { ...toRow(row) }
}

/** The fields of an entry alone. */
export function toRow(row: MemoryRow): MemoryRow {
  const { id, user_id, agent_id, memory_type, content, tags, created_at, updated_at, expires_at } = row
  const { source_kind, source_name, trust, pinned, superseded_by } = row
  const given = { id, user_id, agent_id, memory_type, content, tags, created_at, updated_at, expires_at }
  return { ...given, source_kind, source_name, trust, pinned, superseded_by }
}
