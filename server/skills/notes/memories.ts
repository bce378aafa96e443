import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Capabilities, Remembered } from '../capabilities.ts'
import { matching, oneMatching } from '../match.ts'
import { secondPerson } from '../say.ts'
import { ActionError, shape } from '../skill.ts'

export type Can = Pick<Capabilities, 'memory'>

export const Id = Type.String({ minLength: 1, maxLength: 64 })
export const Query = Type.String({ minLength: 1, maxLength: 1000 })
export const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 32 })
export const Limit = Type.Integer({ minimum: 1, maximum: 500 })

export const MemoryResult = shape({
  memory_id: Type.String(),
  text: Type.String(),
  memory_type: Type.String(),
  tags: Type.Array(Type.String()),
  created_at: Type.String(),
  trust: Type.Enum(['trusted', 'untrusted']),
})
export type MemoryResult = Static<typeof MemoryResult>

/** What an entry says. Those that a source gave, and not the user, are objects. */
export function textOf({ content }: Remembered): string {
  if (typeof content === 'string') return content
  if (typeof content === 'object' && content !== null && 'text' in content) return String(content.text)
  return JSON.stringify(content) ?? ''
}

/** Where an entry came from that the user did not say. */
export function sourceOf({ content, source }: Remembered): string | undefined {
  if (source.kind !== 'user') return source.name ?? KINDS[source.kind]
  // Imports of an earlier version carry their source in the content.
  if (typeof content !== 'object' || content === null || !('source' in content)) return undefined
  return String(content.source)
}

const KINDS = {
  agent: 'another agent',
  tool: 'a tool',
  web: 'the web',
  file: 'a file',
  import: 'imported text',
} as const

export function shown(entry: Remembered): MemoryResult {
  const { id, memory_type, tags, created_at, trust } = entry
  return { memory_id: id, text: textOf(entry), memory_type, tags: [...tags], created_at, trust }
}

/** One entry inside a spoken list. */
export function quoted(entry: Remembered): string {
  const text = secondPerson(textOf(entry)).replaceAll(/\s+/g, ' ')
  const source = sourceOf(entry)
  const from = source === undefined ? '' : ` (from ${source})`
  return `"${text.length > 80 ? `${text.slice(0, 79).trimEnd()}…` : text}"${from}`
}

/** Tags as they are kept: lower case, without the sign, each once. */
export function cleanTags(tags: readonly string[]): string[] {
  const clean = tags.map((tag) => tag.trim().replace(/^#/, '').toLowerCase()).filter((tag) => tag !== '')
  return [...new Set(clean)]
}

export async function byId(can: Can, memory_id: string): Promise<Remembered> {
  const entry = await can.memory.get(memory_id)
  if (entry === undefined) throw new ActionError(`There is no note ${memory_id}.`)
  return entry
}

/** Entries with all the telling words of a query. A search alone also finds those with only some of them. */
export async function meant(can: Can, query: string): Promise<Remembered[]> {
  const found = await can.memory.search(query, { limit: 50 })
  return matching(
    query,
    found.map((entry) => ({ value: entry, text: textOf(entry), also: entry.tags.join(' ') })),
  )
}

/** The one entry that is meant: by its id, by what it is about, or the newest. */
export async function chosen(
  can: Can,
  { memory_id, query }: { memory_id?: string; query?: string },
  none = 'There are no notes yet.',
): Promise<Remembered> {
  if (memory_id !== undefined) return await byId(can, memory_id)
  if (query === undefined) {
    const [newest] = await can.memory.list({ limit: 1 })
    if (newest === undefined) throw new ActionError(none)
    return newest
  }
  const found = await can.memory.search(query, { limit: 50 })
  const one = oneMatching(
    query,
    found.map((entry) => ({ value: entry, text: textOf(entry), also: entry.tags.join(' ') })),
  )
  if (one === undefined) throw new ActionError(`I have nothing noted about "${query}".`)
  return one
}
