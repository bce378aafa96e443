import { sql } from 'kysely'
import type { Expression, Kysely } from 'kysely'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { Migration } from '../../kernel/store/migrate.ts'
import { upgrade } from './upgrade.ts'

/** An entry of an agent's memory, as it can be taken back. `content` and `tags` are JSON. */
export interface MemoryRow {
  id: string
  user_id: string
  agent_id: string
  memory_type: string
  content: string
  tags: string
  created_at: string
  updated_at: string
  expires_at: string | null
  source_kind: string
  source_name: string | null
  trust: 'trusted' | 'untrusted'
  pinned: 0 | 1
  superseded_by: string | null
}

/** An entry with what the database keeps of it for finding it: all of this follows from the entry itself. */
export interface StoredMemory extends MemoryRow {
  number: number
  scope: number
  /** Digest of type and normalised content. */
  digest: string | null
  /** Indexed words; `null` until it is indexed. */
  words: number | null
}

/** A document that a skill keeps for an agent. */
export interface RecordRow {
  id: string
  user_id: string
  agent_id: string
  collection: string
  group_name: string
  at: number
  body: string
  created_at: string
}

/** The memory of one agent: a small number in the place of two ids, and how much there is in it. */
export interface Scope {
  scope: number
  user_id: string
  agent_id: string
  entries: number
  words: number
  /** How many entries there are of each type, as JSON by `typeKey`; nothing where there are too many types to tell. */
  types: string
}

export interface MemoryTables {
  memories: StoredMemory & { text: string }
  memory_tags: { number: number; agent_id: string; tag: string }
  memory_scopes: Scope
  records: RecordRow
}

export const memoryMigrations: readonly Migration[] = [
  {
    name: 'memory-1',
    statements: [
      `CREATE TABLE memories (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL,
        agent_id TEXT NOT NULL, memory_type TEXT NOT NULL, content TEXT NOT NULL, text TEXT NOT NULL,
        tags TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT)`,
      'CREATE INDEX memories_newest ON memories (user_id, agent_id, id)',
      'CREATE INDEX memories_expiry ON memories (expires_at) WHERE expires_at IS NOT NULL',
      `CREATE TABLE memory_tags (agent_id TEXT NOT NULL, tag TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY (agent_id, tag, number)) WITHOUT ROWID`,
      `CREATE VIRTUAL TABLE memory_words USING fts5 (scope, text, content='', contentless_delete=1,
        tokenize='porter unicode61 remove_diacritics 2')`,
      `CREATE TABLE records (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, agent_id TEXT NOT NULL, collection TEXT NOT NULL,
        group_name TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL) WITHOUT ROWID`,
      'CREATE INDEX records_order ON records (user_id, agent_id, collection, group_name, at, id)',
    ],
  },
  { name: 'memory-2', statements: upgrade },
  {
    name: 'memory-3',
    statements: [
      `ALTER TABLE memory_scopes ADD COLUMN types TEXT NOT NULL DEFAULT '{}'`,
      `UPDATE memory_scopes SET types = coalesce((SELECT json_group_object(hex(memory_type), n)
        FROM (SELECT memory_type, count(*) AS n FROM memories WHERE memories.scope = memory_scopes.scope
          GROUP BY memory_type)), '{}')`,
    ],
  },
]

/** Whose memory: nothing of anybody else is ever in reach. */
export interface Owner {
  user_id: string
  agent_id: string
}

export interface MemoryFilter {
  memory_type?: string | undefined
  tags?: readonly string[] | undefined
  since?: string | undefined
  /** Only entries older than this id, or newer. */
  before?: string | undefined
  after?: string | undefined
  include_superseded?: boolean | undefined
  limit: number
  now: string
}

/** `before` is a time here: only entries that were stored earlier. */
export interface Forgettable extends Pick<MemoryFilter, 'memory_type' | 'tags' | 'limit' | 'now'> {
  before?: string | undefined
  trust?: MemoryRow['trust'] | undefined
  include_pinned?: boolean | undefined
}

export type Db = Kysely<MemoryTables>

/** The entries that a filter lets through; `few` when its tags name few. What is pinned does not expire. */
export function matching(
  db: Db,
  { scope, agent_id }: Scope,
  filter: Omit<MemoryFilter, 'limit'>,
  few = false,
) {
  // The sign keeps the database from reading the whole memory in its order, where the tags name a few entries.
  let query = db.selectFrom('memories').where(few ? sql<number>`+scope` : 'scope', '=', scope)
  query = query.where((eb) =>
    eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', filter.now), eb('pinned', '=', 1)]),
  )
  if (filter.include_superseded !== true) query = query.where('superseded_by', 'is', null)
  if (filter.memory_type !== undefined) query = query.where('memory_type', '=', filter.memory_type)
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  if (filter.after !== undefined) query = query.where('id', '>', filter.after)
  for (const tag of filter.tags ?? []) {
    query = query.where('number', 'in', (eb) =>
      eb
        .selectFrom('memory_tags')
        .select('memory_tags.number')
        .where('memory_tags.agent_id', '=', agent_id)
        .where('tag', '=', tag),
    )
  }
  return query
}

// What every remembering needs is compiled once.
const scopeOf = hot<MemoryTables, Owner, Scope>((db, value) =>
  db
    .selectFrom('memory_scopes')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('agent_id', '=', value('agent_id')),
)
const beginScope = hot<MemoryTables, Owner, Scope>((db, value) =>
  db
    .insertInto('memory_scopes')
    .values({
      user_id: value('user_id'),
      agent_id: value('agent_id'),
      entries: 0,
      words: 0,
      types: '{}',
    } as never)
    .returningAll(),
)
const sameAs = hot<MemoryTables, { scope: number; digest: string }, StoredMemory>((db, value) =>
  db
    .selectFrom('memories')
    .selectAll()
    .where('scope', '=', value('scope'))
    .where('digest', '=', value('digest'))
    .where('superseded_by', 'is', null)
    .orderBy('number')
    .limit(1),
)
const insertMemory = hot<MemoryTables, Omit<StoredMemory, 'number'>, { number: number }>((db, value) =>
  db
    .insertInto('memories')
    .values({
      id: value('id'),
      user_id: value('user_id'),
      agent_id: value('agent_id'),
      memory_type: value('memory_type'),
      content: value('content'),
      text: '',
      tags: value('tags'),
      created_at: value('created_at'),
      updated_at: value('updated_at'),
      expires_at: value('expires_at'),
      source_kind: value('source_kind'),
      source_name: value('source_name'),
      trust: value('trust'),
      pinned: value('pinned'),
      superseded_by: value('superseded_by'),
      scope: value('scope'),
      digest: value('digest'),
      words: value('words'),
    } as never)
    .returning('number'),
)

/** The queries of agents' memories. */
export const memoryStore = {
  scope: (db: Db, { user_id, agent_id }: Owner): Promise<Scope | undefined> =>
    db
      .selectFrom('memory_scopes')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .executeTakeFirst(),

  /** The memory of an agent, which begins with the first thing that it remembers. */
  openScope(connection: Connection, { user_id, agent_id }: Owner): Scope {
    const [known] = scopeOf.all(connection, { user_id, agent_id })
    const [scope = known] = known === undefined ? beginScope.all(connection, { user_id, agent_id }) : []
    if (scope === undefined) throw new Error('A memory could not be begun.')
    return scope
  },

  insert(connection: Connection, row: Omit<StoredMemory, 'number'>): number {
    const [inserted] = insertMemory.all(connection, row)
    if (inserted === undefined) throw new Error('An entry could not be stored.')
    return inserted.number
  },

  update: (db: Db, number: number, change: Partial<StoredMemory>) =>
    db.updateTable('memories').set(change).where('number', '=', number).execute(),

  delete: (db: Db, number: number) => db.deleteFrom('memories').where('number', '=', number).execute(),

  async tag(db: Db, agent_id: string, number: number, tags: readonly string[]): Promise<void> {
    for (const tag of tags) await db.insertInto('memory_tags').values({ number, agent_id, tag }).execute()
  },

  async untag(db: Db, agent_id: string, number: number, tags: readonly string[]): Promise<void> {
    for (const tag of tags) {
      const named = db.deleteFrom('memory_tags').where('agent_id', '=', agent_id).where('tag', '=', tag)
      await named.where('number', '=', number).execute()
    }
  },

  /** Removes what the search keeps of a user's memories; the rows themselves go with all others of the user. */
  async forgetWords(db: Db, user_id: string): Promise<void> {
    const own = sql`SELECT number FROM memories WHERE user_id = ${user_id}`
    await sql`DELETE FROM memory_words WHERE rowid IN (${own})`.execute(db)
    await sql`DELETE FROM memory_tags WHERE number IN (${own})`.execute(db)
  },

  find: (db: Db, { user_id, agent_id }: Owner, id: string) =>
    db
      .selectFrom('memories')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .executeTakeFirst(),

  /** By id alone, for taking changes back. */
  findOf: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('memories')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', user_id)
      .executeTakeFirst(),

  /** The current entry that says the same. */
  same: (connection: Connection, scope: number, digest: string): StoredMemory | undefined =>
    sameAs.all(connection, { scope, digest })[0],

  /** Newest first, without what is pinned; there are no more than an agent may have. */
  async ids(db: Db, scope: Scope, filter: Pick<MemoryFilter, 'tags' | 'now'>): Promise<string[]> {
    const rows = await matching(db, scope, filter)
      .select('id')
      .where('pinned', '=', 0)
      .orderBy('id', 'desc')
      .execute()
    return rows.map(({ id }) => id)
  },

  /** Numbers, as one text: a row for each would cost more than finding it. */
  async numbers(db: Db, query: Expression<unknown>): Promise<Set<number>> {
    const { rows } = await sql<{
      list: string
    }>`SELECT json_group_array(number) AS list FROM (${query})`.execute(db)
    return new Set(JSON.parse(rows[0]?.list ?? '[]') as number[])
  },

  /** What is over or superseded: a small part of a memory, which has indexes of its own. */
  hidden(db: Db, { scope }: Scope, filter: Pick<MemoryFilter, 'now' | 'include_superseded' | 'memory_type'>) {
    const of = filter.memory_type
    const typed = <Q extends { where(column: 'memory_type', op: '=', value: string): Q }>(query: Q): Q =>
      of === undefined ? query : query.where('memory_type', '=', of)
    const expired = db
      .selectFrom('memories')
      .select('number')
      .where('expires_at', '<=', filter.now)
      .where('pinned', '=', 0)
      .where(sql<number>`+scope`, '=', scope)
    const superseded = db
      .selectFrom('memories')
      .select('number')
      .where('scope', '=', scope)
      .where('superseded_by', '>', '')
    const query =
      filter.include_superseded === true ? typed(expired) : typed(expired).unionAll(typed(superseded))
    return memoryStore.numbers(db, query)
  },

  tagged: (db: Db, { agent_id }: Scope, tag: string) =>
    memoryStore.numbers(
      db,
      db.selectFrom('memory_tags').select('number').where('agent_id', '=', agent_id).where('tag', '=', tag),
    ),

  list: (db: Db, scope: Scope, filter: MemoryFilter, few = false) =>
    matching(db, scope, filter, few)
      .selectAll()
      .orderBy('id', filter.after === undefined ? 'desc' : 'asc')
      .limit(filter.limit)
      .execute(),

  /** Trusted entries of a type, oldest first. */
  trusted: (db: Db, scope: Scope, memory_type: string, now: string, limit: number) =>
    matching(db, scope, { memory_type, now })
      .selectAll()
      .where('trust', '=', 'trusted')
      .orderBy('id')
      .limit(limit)
      .execute(),

  /** Entries that are to be forgotten, oldest first, with those that were superseded. */
  forgettable(
    db: Db,
    scope: Scope,
    { before, trust, include_pinned, ...filter }: Forgettable,
  ): Promise<StoredMemory[]> {
    let query = matching(db, scope, { ...filter, include_superseded: true })
    if (before !== undefined) query = query.where('created_at', '<', before)
    if (trust !== undefined) query = query.where('trust', '=', trust)
    if (include_pinned !== true) query = query.where('pinned', '=', 0)
    return query.selectAll().orderBy('id').limit(filter.limit).execute()
  },

  async count(db: Db, scope: Scope, filter: Omit<MemoryFilter, 'limit'>, few = false): Promise<number> {
    const row = await matching(db, scope, filter, few)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return row.count
  },

  /** Entries by their numbers, in no order. */
  at: (db: Db, scope: number, numbers: readonly number[]) =>
    db
      .selectFrom('memories')
      .selectAll()
      .where('number', 'in', sql<number>`(SELECT value FROM json_each(${JSON.stringify(numbers)}))`)
      // The sign keeps the database from reading the whole memory in the order of its index.
      .where(sql<number>`+scope`, '=', scope)
      .execute(),

  /** Entries whose time is over, at most `limit`. */
  expired: (db: Db, now: string, limit: number) =>
    db
      .selectFrom('memories')
      .selectAll()
      .where('expires_at', '<=', now)
      .where('pinned', '=', 0)
      .limit(limit)
      .execute(),

  /** Entries that are not indexed yet, at most `limit`. */
  unindexed: (db: Db, limit: number) =>
    db.selectFrom('memories').selectAll().where('words', 'is', null).limit(limit).execute(),
}
