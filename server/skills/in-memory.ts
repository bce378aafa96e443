import { Value } from 'typebox/value'
import type { Capabilities, MemoryCapability, RecordsCapability, Remembered, Stored } from './capabilities.ts'
import { keyWords } from './match.ts'
import type { Skill } from './skill.ts'

/** What a test may look at besides the capabilities themselves. */
interface InMemory extends Capabilities {
  /** When each alarm is due, by record. */
  due: Map<string, number>
}

/** Capabilities that live in memory, with a clock that a test moves. */
export function openInMemory(now: number, time_zone: string, more: Partial<Capabilities> = {}): InMemory {
  const clock = { now, time_zone }
  const due = new Map<string, number>()
  const alarms = {
    set: async (record_id: string, at: number) => void due.set(record_id, at),
    cancel: async (record_id: string) => void due.delete(record_id),
  }
  const created_at = () => Temporal.Instant.fromEpochMilliseconds(clock.now).toString()
  const [records, memory] = [openRecords(created_at), openMemory(created_at)]
  return { clock, records, memory, alarms, guide, ...absent, due, ...more }
}

function openRecords(created_at: () => string): RecordsCapability {
  const collections = new Map<string, Map<string, Stored<unknown>>>()
  const nextId = openIds(1)
  const all = (name: string) => collections.getOrInsertComputed(name, () => new Map())
  return {
    list: async <T>(name: string, filter: Parameters<RecordsCapability['list']>[1] = {}) =>
      [...all(name).values()]
        .filter(({ group }) => filter.group === undefined || group === filter.group)
        .filter(({ at }) => at >= (filter.from ?? -Infinity) && at <= (filter.to ?? Infinity))
        .toSorted((a, b) => a.at - b.at)
        .slice(0, filter.limit)
        .map((stored) => structuredClone(stored) as Stored<T>),
    get: async <T>(name: string, id: string) => structuredClone(all(name).get(id)) as Stored<T> | undefined,
    put: async <T>(name: string, document: { id?: string; group?: string; at?: number; body: T }) => {
      const id = document.id ?? nextId()
      const stored = { group: '', at: 0, created_at: created_at(), ...document, id }
      all(name).set(id, structuredClone(stored))
      return stored
    },
    remove: async (name, id) => all(name).delete(id),
  }
}

function openMemory(created_at: () => string): MemoryCapability {
  let entries: Remembered[] = []
  const nextId = openIds(2)
  const having = (tags: string[] = []) =>
    entries.filter((entry) => tags.every((tag) => entry.tags.includes(tag)))
  return {
    store: async ({ memory_type, content, tags = [], source = { kind: 'user' } }) => {
      const at = { created_at: created_at(), updated_at: created_at() }
      const trust = source.kind === 'user' ? 'trusted' : 'untrusted'
      const given = { id: nextId(), memory_type, content, tags, source, trust } as const
      const entry: Remembered = { ...given, pinned: false, superseded_by: null, ...at }
      entries = [entry, ...entries]
      return entry
    },
    list: async ({ tags, since = '', limit = 50 }) =>
      having(tags)
        .filter((entry) => entry.created_at >= since)
        .slice(0, limit),
    ids: async ({ tags }) => having(tags).map(({ id }) => id),
    search: async (query, { tags, limit = 50 } = {}) => {
      const rank = ({ content }: Remembered) => sharedWords(query, JSON.stringify(content))
      const found = having(tags).filter((entry) => rank(entry) > 0)
      return found.toSorted((a, b) => rank(b) - rank(a)).slice(0, limit)
    },
    get: async (id) => entries.find((entry) => entry.id === id),
    retag: async (id, tags) => {
      entries = entries.map((entry) => (entry.id === id ? { ...entry, tags } : entry))
      return entries.find((entry) => entry.id === id)
    },
    pin: async (id, pinned) => {
      entries = entries.map((entry) => (entry.id === id ? { ...entry, pinned } : entry))
      return entries.find((entry) => entry.id === id)
    },
    forget: async (ids) => {
      const before = entries.length
      entries = entries.filter(({ id }) => !ids.includes(id))
      return before - entries.length
    },
  }
}

function sharedWords(query: string, text: string): number {
  const present = new Set(keyWords(text))
  return keyWords(query).filter((word) => present.has(word)).length
}

function missing(): never {
  throw new Error('A test that needs this capability gives its own.')
}

/** Nothing lies outside a test unless the test says what. */
const absent: Pick<
  Capabilities,
  'net' | 'files' | 'checks' | 'worker' | 'guard' | 'credentials' | 'backups' | 'remote'
> = {
  net: { request: missing, probe: missing },
  files: { resolve: missing, look: missing, list: missing, digest: missing },
  checks: { set: missing, cancel: missing },
  worker: { perform: missing },
  remote: { perform: missing },
  guard: { calls: missing, integrity: missing, security: missing },
  credentials: { expiring: missing, list: missing },
  backups: { list: missing, make: missing, verify: missing },
}

/** Knows no agents and understands nothing. */
const guide: Capabilities['guide'] = {
  agents: async () => [],
  route: async () => ({ target_agent: null, action: 'unknown', confidence: 0, alternatives: [] }),
  teach: async () => undefined,
}

function openIds(series: number): () => string {
  let count = 0
  return () => `0199${String(series).padStart(4, '0')}-0000-7000-8000-${String(++count).padStart(12, '0')}`
}

/** Performs an action as the runtime would: parameters and result must follow their schemas. */
export async function ask(skill: Skill, name: string, can: Capabilities, parameters: object = {}) {
  const action = skill.actions[name]
  if (action === undefined || !Value.Check(action.parameters, parameters)) {
    throw new TypeError(`The parameters of ${name} are malformed`)
  }
  const { data, text } = await action.perform(can, parameters)
  Value.Assert(action.result, data)
  for (const [collection, { document, agrees, isSound }] of Object.entries(skill.keeps ?? {}))
    for (const { group, at, body } of await can.records.list(collection)) {
      const kept = { group, at, body }
      Value.Assert(document, kept)
      if (agrees?.(kept) === false || isSound?.(kept) === false)
        throw new TypeError(`What ${name} keeps does not fit into ${collection}: ${JSON.stringify(kept)}`)
    }
  return { data: data as Record<string, unknown>, text }
}
