import type { Kysely } from 'kysely'
import type { MemoryTables, Owner, RecordRow } from './store.ts'

type Db = Kysely<MemoryTables>

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
