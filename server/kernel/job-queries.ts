import { sql } from 'kysely'
import { hot } from './store/dialect.ts'
import type { Migration } from './store/migrate.ts'

export interface JobRow {
  kind: string
  key: string
  user_id: string
  lane: string
  payload: string
  /** Place in the queue: due time plus the handicap of the priority. */
  rank: number
  run_at: number
  attempt: number
  /** Never the same for two attempts: only who has the row's own still holds the job. */
  fence: number
  lease_until: number | null
}
interface JobTables {
  jobs: JobRow
}

export const jobMigrations: readonly Migration[] = [
  {
    name: 'jobs-1',
    statements: [
      `CREATE TABLE jobs (kind TEXT NOT NULL, key TEXT NOT NULL, user_id TEXT NOT NULL, payload TEXT NOT NULL,
        rank INTEGER NOT NULL, run_at INTEGER NOT NULL, attempt INTEGER NOT NULL, fence INTEGER NOT NULL,
        lease_until INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID`,
      'CREATE INDEX jobs_queue ON jobs (kind, rank) WHERE lease_until IS NULL',
      'CREATE INDEX jobs_next ON jobs (run_at) WHERE lease_until IS NULL',
    ],
  },
  { name: 'jobs-2', statements: [`ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT ''`] },
]

type Key = Pick<JobRow, 'kind' | 'key'>
interface Claim {
  kind: string
  now: number
  lease_until: number
  fence: number
  /** JSON array of the lanes that take no more. */
  busy: string
  /** The greatest rank that anything due can have, so that what is not due yet is not looked at. */
  latest: number
}
/** A job that goes back into the queue, by the attempt that held it. */
export interface Release extends Pick<JobRow, 'kind' | 'key' | 'fence' | 'attempt' | 'run_at'> {
  next_fence: number
}

/** The queries of the job table. */
export const jobQueries = {
  find: hot<JobTables, Key, { key: string }>((db, value) =>
    db.selectFrom('jobs').select('key').where('kind', '=', value('kind')).where('key', '=', value('key')),
  ),
  upsert: hot<JobTables, JobRow>((db, value) =>
    db
      .insertInto('jobs')
      .values({
        kind: value('kind'),
        key: value('key'),
        user_id: value('user_id'),
        lane: value('lane'),
        payload: value('payload'),
        rank: value('rank'),
        run_at: value('run_at'),
        attempt: value('attempt'),
        fence: value('fence'),
        lease_until: value('lease_until'),
      })
      .onConflict((conflict) =>
        conflict.columns(['kind', 'key']).doUpdateSet((eb) => ({
          payload: eb.ref('excluded.payload'),
          rank: eb.ref('excluded.rank'),
          run_at: eb.ref('excluded.run_at'),
          attempt: eb.ref('excluded.attempt'),
          fence: eb.ref('excluded.fence'),
          lease_until: eb.ref('excluded.lease_until'),
        })),
      ),
  ),
  claim: hot<JobTables, Claim, JobRow>((db, value) =>
    db
      .updateTable('jobs')
      .set((eb) => ({
        lease_until: value('lease_until'),
        fence: value('fence'),
        attempt: eb('attempt', '+', 1),
      }))
      .where('kind', '=', value('kind'))
      .where('key', '=', (eb) =>
        eb
          .selectFrom('jobs')
          .select('key')
          .where('kind', '=', value('kind'))
          .where('lease_until', 'is', null)
          .where('run_at', '<=', value('now'))
          .where('rank', '<=', value('latest'))
          .where(sql<boolean>`lane NOT IN (SELECT value FROM json_each(${value('busy')}))`)
          .orderBy('rank')
          .orderBy('key')
          .limit(1),
      )
      .returningAll(),
  ),
  finish: hot<JobTables, Pick<JobRow, 'kind' | 'key' | 'fence'>>((db, value) =>
    db
      .deleteFrom('jobs')
      .where('kind', '=', value('kind'))
      .where('key', '=', value('key'))
      .where('fence', '=', value('fence')),
  ),
  held: hot<JobTables, Pick<JobRow, 'kind' | 'key' | 'fence'>, { key: string }>((db, value) =>
    db
      .selectFrom('jobs')
      .select('key')
      .where('kind', '=', value('kind'))
      .where('key', '=', value('key'))
      .where('fence', '=', value('fence')),
  ),
  release: hot<JobTables, Release>((db, value) =>
    db
      .updateTable('jobs')
      .set({
        lease_until: null,
        // What has failed goes behind what became due meanwhile.
        rank: sql<number>`rank + ${value('run_at')} - run_at`,
        run_at: value('run_at'),
        attempt: value('attempt'),
        fence: value('next_fence'),
      })
      .where('kind', '=', value('kind'))
      .where('key', '=', value('key'))
      .where('fence', '=', value('fence')),
  ),
  releaseAll: hot<JobTables, object>((db) =>
    db.updateTable('jobs').set({ lease_until: null }).where('lease_until', 'is not', null),
  ),
  of: hot<JobTables, Pick<JobRow, 'user_id'>, Key>((db, value) =>
    db.selectFrom('jobs').select(['kind', 'key']).where('user_id', '=', value('user_id')),
  ),
  remove: hot<JobTables, Key, Pick<JobRow, 'user_id' | 'lane'>>((db, value) =>
    db
      .deleteFrom('jobs')
      .where('kind', '=', value('kind'))
      .where('key', '=', value('key'))
      .returning(['user_id', 'lane']),
  ),
  counts: hot<JobTables, object, Pick<JobRow, 'kind' | 'user_id' | 'lane'> & { jobs: number }>((db) =>
    db
      .selectFrom('jobs')
      .select(['kind', 'user_id', 'lane', sql<number>`count(*)`.as('jobs')])
      .groupBy(['kind', 'user_id', 'lane']),
  ),
  due: hot<JobTables, { now: number }, { jobs: number }>((db, value) =>
    db
      .selectFrom('jobs')
      .select((eb) => eb.fn.countAll<number>().as('jobs'))
      .where('lease_until', 'is', null)
      .where('run_at', '<=', value('now')),
  ),
  next: hot<JobTables, { now: number }, { run_at: number | null }>((db, value) =>
    db
      .selectFrom('jobs')
      .select((eb) => eb.fn.min('run_at').as('run_at'))
      .where('lease_until', 'is', null)
      .where('run_at', '>', value('now')),
  ),
}
