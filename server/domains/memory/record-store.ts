import type { Kysely } from 'kysely'
import { hot } from '../../kernel/store/dialect.ts'
import type { MemoryTables, Owner, RecordRow } from './store.ts'

type Db = Kysely<MemoryTables>
type Collection = Owner & Pick<RecordRow, 'collection'>

// What skills do with most commands is compiled once.
const list = hot<MemoryTables, Collection & { limit: number }, RecordRow>((db, value) =>
  db
    .selectFrom('records')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('agent_id', '=', value('agent_id'))
    .where('collection', '=', value('collection'))
    .orderBy('at')
    .orderBy('id')
    .limit(value('limit')),
)
const find = hot<MemoryTables, Collection & { id: string }, RecordRow>((db, value) =>
  db
    .selectFrom('records')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('agent_id', '=', value('agent_id'))
    .where('collection', '=', value('collection'))
    .where('id', '=', value('id')),
)
const count = hot<MemoryTables, Collection, { count: number }>((db, value) =>
  db
    .selectFrom('records')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', value('user_id'))
    .where('agent_id', '=', value('agent_id'))
    .where('collection', '=', value('collection')),
)
const put = hot<MemoryTables, RecordRow>((db, value) => {
  const change = { group_name: value('group_name'), at: value('at'), body: value('body') }
  return db
    .insertInto('records')
    .values({
      id: value('id'),
      user_id: value('user_id'),
      agent_id: value('agent_id'),
      collection: value('collection'),
      created_at: value('created_at'),
      ...change,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
})
const remove = hot<MemoryTables, { user_id: string; id: string }>((db, value) =>
  db.deleteFrom('records').where('user_id', '=', value('user_id')).where('id', '=', value('id')),
)

/** The queries of skills' documents. */
export const recordStore = {
  list(
    db: Db,
    { user_id, agent_id }: Owner,
    collection: string,
    filter: { group?: string; from?: number; to?: number; limit: number },
  ): Promise<RecordRow[]> {
    if (filter.group === undefined && filter.from === undefined && filter.to === undefined)
      return list.on(db, { user_id, agent_id, collection, limit: filter.limit })
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

  find: async (
    db: Db,
    { user_id, agent_id }: Owner,
    collection: string,
    id: string,
  ): Promise<RecordRow | undefined> => (await find.on(db, { user_id, agent_id, collection, id }))[0],

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

  /** Groups of a collection in all agents of a user. */
  groupsOf: (db: Db, user_id: string, collection: string, limit: number) =>
    db
      .selectFrom('records')
      .select('group_name')
      .distinct()
      .where('user_id', '=', user_id)
      .where('collection', '=', collection)
      .where('group_name', '<>', '')
      .orderBy('group_name')
      .limit(limit)
      .execute(),

  /** Documents of a user after an id, whatever they are. */
  after: (db: Db, user_id: string, id: string, limit: number) =>
    db
      .selectFrom('records')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit)
      .execute(),

  async count(db: Db, { user_id, agent_id }: Owner, collection: string): Promise<number> {
    return (await count.on(db, { user_id, agent_id, collection }))[0]?.count ?? 0
  },

  put: (db: Db, row: RecordRow) => put.on(db, row),

  remove: (db: Db, user_id: string, id: string) => remove.on(db, { user_id, id }),

  /** Removes some documents of an agent; answers how many. */
  async removeSome(db: Db, { user_id, agent_id }: Owner, limit: number): Promise<number> {
    const some = db
      .selectFrom('records')
      .select('id')
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .limit(limit)
    const { numDeletedRows } = await db
      .deleteFrom('records')
      .where('id', 'in', some)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  },
}
