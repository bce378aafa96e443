import type { Kysely } from 'kysely'
import type { NotificationTables, SubscriptionRow } from '../store.ts'

type Db = Kysely<NotificationTables>

const KEY_ROW = 1

/** Where the browsers of users are reached. */
export const subscriptions = {
  list: (db: Db, user_id: string) =>
    db.selectFrom('push_subscriptions').selectAll().where('user_id', '=', user_id).orderBy('id').execute(),

  find: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('push_subscriptions')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  insert: (db: Db, row: SubscriptionRow) => db.insertInto('push_subscriptions').values(row).execute(),

  change: (
    db: Db,
    user_id: string,
    id: string,
    change: Partial<Pick<SubscriptionRow, 'last_success' | 'failures'>>,
  ) =>
    db
      .updateTable('push_subscriptions')
      .set(change)
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .execute(),

  remove: (db: Db, user_id: string, id: string) =>
    db.deleteFrom('push_subscriptions').where('user_id', '=', user_id).where('id', '=', id).execute(),

  /**
   * Removes what an endpoint was known as: by this user, and by another one who was signed in to the same browser, which
   * is proven by its keys. Nobody ends the subscription of a browser of which they know the endpoint alone.
   */
  replace: (db: Db, { user_id, endpoint, p256dh, auth }: SubscriptionRow) =>
    db
      .deleteFrom('push_subscriptions')
      .where('endpoint', '=', endpoint)
      .where((eb) =>
        eb.or([eb('user_id', '=', user_id), eb.and([eb('p256dh', '=', p256dh), eb('auth', '=', auth)])]),
      )
      .execute(),
}

/** The key pair that push services know this server by. */
export const pushKeys = {
  find: (db: Db) =>
    db.selectFrom('push_keys').select(['public_key', 'wrapped']).where('id', '=', KEY_ROW).executeTakeFirst(),

  insert: (db: Db, row: Omit<NotificationTables['push_keys'], 'id'>) =>
    db
      .insertInto('push_keys')
      .values({ id: KEY_ROW, ...row })
      .execute(),
}
