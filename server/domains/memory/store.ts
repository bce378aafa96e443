import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from '../../kernel/store/migrate.ts'

/** An entry of an agent's memory. `content`, `tags` are JSON; `text` is what is searched. */
export interface MemoryRow {
  id: string
  user_id: string
  agent_id: string
  memory_type: string
  content: string
  text: string
  tags: string
  created_at: string
  expires_at: string | null
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

export interface MemoryTables {
  memories: MemoryRow & { number: number }
  memory_tags: { number: number; agent_id: string; tag: string }
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
  /** Only entries older than this id. */
  before?: string | undefined
  limit: number
  now: string
}

type Db = Kysely<MemoryTables>

function matching(db: Db, { user_id, agent_id }: Owner, filter: Omit<MemoryFilter, 'limit'>) {
  let query = db.selectFrom('memories').where('user_id', '=', user_id).where('agent_id', '=', agent_id)
  query = query.where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', filter.now)]))
  if (filter.memory_type !== undefined) query = query.where('memory_type', '=', filter.memory_type)
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
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

/** Which of the found words' entries the filter lets through; each is looked up, so that what is found decides the cost. */
function within(db: Db, owner: Owner, filter: Omit<MemoryFilter, 'limit'>) {
  const found = sql.ref<number>('memory_words.rowid')
  return sql`EXISTS ${matching(db, owner, filter).select('number').where('number', '=', found)}`
}

/** The full-text question that stays inside one agent's memory. */
function matchOf(owner: Owner, words: readonly string[]): string {
  const any = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' OR ')
  return `scope:"${scopeOf(owner)}" AND text:(${any})`
}

/** The queries of agents' memories. */
export const memoryStore = {
  async insert(db: Db, row: MemoryRow, tags: readonly string[]): Promise<void> {
    const { number } = await db
      .insertInto('memories')
      .values(row as never)
      .returning('number')
      .executeTakeFirstOrThrow()
    for (const tag of new Set(tags)) {
      await db.insertInto('memory_tags').values({ number, agent_id: row.agent_id, tag }).execute()
    }
    const words = `${row.text} ${tags.join(' ')}`
    await sql`INSERT INTO memory_words (rowid, scope, text) VALUES (${number}, ${scopeOf(row)}, ${words})`.execute(
      db,
    )
  },

  async remove(db: Db, owner: Owner, id: string): Promise<boolean> {
    const row = await memoryStore.find(db, owner, id)
    if (row === undefined) return false
    await db
      .deleteFrom('memory_tags')
      .where('agent_id', '=', owner.agent_id)
      .where('number', '=', row.number)
      .execute()
    await sql`DELETE FROM memory_words WHERE rowid = ${row.number}`.execute(db)
    await db.deleteFrom('memories').where('number', '=', row.number).execute()
    return true
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
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** By id alone, for taking changes back. */
  findOf: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('memories')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  list: (db: Db, owner: Owner, filter: MemoryFilter) =>
    matching(db, owner, filter).selectAll().orderBy('id', 'desc').limit(filter.limit).execute(),

  async count(db: Db, owner: Owner, filter: Omit<MemoryFilter, 'limit'>): Promise<number> {
    const row = await matching(db, owner, filter)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return row.count
  },

  /** Best match first, the newer of equals. `words` are plain words, any of which may match. */
  async search(db: Db, owner: Owner, words: readonly string[], filter: MemoryFilter): Promise<MemoryRow[]> {
    const { rows } = await sql<{ number: number }>`SELECT rowid AS number FROM memory_words
      WHERE memory_words MATCH ${matchOf(owner, words)} AND ${within(db, owner, filter)}
      ORDER BY bm25(memory_words, 0.0, 1.0), rowid DESC LIMIT ${filter.limit}`.execute(db)
    const order = new Map(rows.map(({ number }, place) => [number, place]))
    const found = await db
      .selectFrom('memories')
      .selectAll()
      .where('number', 'in', [...order.keys()])
      .execute()
    return found.toSorted((a, b) => (order.get(a.number) ?? 0) - (order.get(b.number) ?? 0))
  },

  /** How many a search would find without a limit. */
  async countMatches(
    db: Db,
    owner: Owner,
    words: readonly string[],
    filter: Omit<MemoryFilter, 'limit'>,
  ): Promise<number> {
    const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM memory_words
      WHERE memory_words MATCH ${matchOf(owner, words)} AND ${within(db, owner, filter)}`.execute(db)
    return rows[0]?.count ?? 0
  },

  /** Ids of entries whose time is over, at most `limit`. */
  expired: (db: Db, now: string, limit: number) =>
    db
      .selectFrom('memories')
      .select(['id', 'user_id', 'agent_id'])
      .where('expires_at', '<=', now)
      .limit(limit)
      .execute(),
}

/** The queries of skills' documents. */
export const recordStore = {
  list(
    db: Db,
    { user_id, agent_id }: Owner,
    collection: string,
    filter: { group?: string; from?: number; to?: number; limit: number },
  ) {
    let query = db
      .selectFrom('records')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('collection', '=', collection)
    if (filter.group !== undefined) query = query.where('group_name', '=', filter.group)
    if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
    if (filter.to !== undefined) query = query.where('at', '<', filter.to)
    return query.orderBy('at').orderBy('id').limit(filter.limit).execute()
  },

  find: (db: Db, { user_id, agent_id }: Owner, collection: string, id: string) =>
    db
      .selectFrom('records')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('collection', '=', collection)
      .where('id', '=', id)
      .executeTakeFirst(),

  findOf: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('records')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** Documents of a collection in all agents of a user. */
  ofUser: (db: Db, user_id: string, collection: string, limit: number) =>
    db
      .selectFrom('records')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('collection', '=', collection)
      .limit(limit)
      .execute(),

  async count(db: Db, { user_id, agent_id }: Owner, collection: string): Promise<number> {
    const row = await db
      .selectFrom('records')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('collection', '=', collection)
      .executeTakeFirstOrThrow()
    return row.count
  },

  put: (db: Db, row: RecordRow) =>
    db
      .insertInto('records')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ group_name: row.group_name, at: row.at, body: row.body }),
      )
      .execute(),

  remove: (db: Db, user_id: string, id: string) =>
    db.deleteFrom('records').where('user_id', '=', user_id).where('id', '=', id).execute(),
}

/** The word that keeps a full-text search inside one agent's memory. */
function scopeOf({ agent_id }: Pick<Owner, 'agent_id'>): string {
  return `a${agent_id.replaceAll('-', '')}`
}
