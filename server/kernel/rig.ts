import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fakeClock } from '../../test/clock.ts'
import type { FakeClock } from '../../test/clock.ts'
import { iso } from './clock.ts'
import { jobMigrations } from './job-queries.ts'
import { Jobs } from './jobs.ts'
import type { Job, JobHandler, NewJob } from './job.ts'
import { openLog } from './log.ts'
import type { Row } from './store/connection.ts'
import type { Migration } from './store/migrate.ts'
import { openStore } from './store/open.ts'
import type { OpenStoreOptions } from './store/open.ts'
import type { Store } from './store/store.ts'
import type { Syncer } from './store/sync.ts'

export const START = Date.UTC(2026, 10, 22, 10, 0, 0)

/** Lets everything happen that needs no time; the store may take a turn in between for itself. */
export async function turn(): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) await nextTurn()
}

/** How many turns of the event loop others get while something is done. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = -1
  let isOver = false
  const count = (): void => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  // The first turn is the one in which the counting begins: the work begins in it, too.
  await nextTurn()
  await work()
  isOver = true
  return turns
}

/** A folder that goes with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'paios-kernel-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Spares the disk: nothing of most tests needs to survive a power cut. */
export const idleSyncer: Syncer = {
  sync: () => Promise.resolve(),
  checkpoint: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

interface HeldSyncs {
  open: () => Syncer
  /** Syncs that were asked for and have not ended. */
  pending(): number
  /** Ends the oldest sync, with an error if one is given. */
  end(error?: Error): void
  checkpoints: PromiseWithResolvers<void>[]
}

/** Adds a promise to those that the test will end. */
function hold(list: PromiseWithResolvers<void>[]): () => Promise<void> {
  return () => {
    const held = Promise.withResolvers<void>()
    list.push(held)
    return held.promise
  }
}

/** A disk whose syncs and checkpoints end when the test says so. */
export function heldSyncs(): HeldSyncs {
  const syncs: PromiseWithResolvers<void>[] = []
  const checkpoints: PromiseWithResolvers<void>[] = []
  const open = (): Syncer => ({ ...idleSyncer, sync: hold(syncs), checkpoint: hold(checkpoints) })
  const end = (error?: Error): void => {
    const oldest = syncs.shift()
    if (error === undefined) oldest?.resolve()
    else oldest?.reject(error)
  }
  return { open, pending: () => syncs.length, end, checkpoints }
}

const ITEMS: Migration = {
  name: 'items-1',
  statements: ['CREATE TABLE items (id TEXT PRIMARY KEY NOT NULL)'],
}

export interface TestStore {
  store: Store
  clock: FakeClock
  data_dir: string
  /** What the store said when it could not promise anything any more. */
  fatal: unknown[]
  /** Commits an item. */
  add(id: string): Promise<string>
  /** The committed items. */
  items(): string[]
  rows(sql: string): Row[]
  /** Closes, keeping the folder for another. */
  close(): Promise<void>
}

type StoreSettings = Partial<Omit<OpenStoreOptions, 'clock'>> & { clock?: FakeClock }

/** A real store on a real folder with a table of items, a clock that stands still and a disk that is always in time. */
export function openTestStore(t: TestContext, settings: StoreSettings = {}): TestStore {
  const { data_dir = temporaryFolder(t), clock = fakeClock(START), migrations = [] } = settings
  const fatal: unknown[] = []
  const opened = openStore({
    now: iso(clock.now()),
    onFatal: (error) => fatal.push(error),
    syncer: () => idleSyncer,
    ...settings,
    clock,
    data_dir,
    migrations: [ITEMS, ...migrations],
  })
  const { store } = opened
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= store.close().then(opened.unlock)
    return closed
  }
  t.after(close)
  const rows = (sql: string): Row[] => store.reader.connection.all(sql, []).map((row) => ({ ...row }))
  return {
    store,
    clock,
    data_dir,
    fatal,
    add: (id) =>
      store.write((tx) => {
        tx.connection.run('INSERT INTO items VALUES (?)', [id])
        return Promise.resolve(id)
      }),
    items: () => rows('SELECT id FROM items ORDER BY id').map((row) => String(row['id'])),
    rows,
    close,
  }
}

/** One call of a handler, which lasts until the test ends it. */
export interface Attempted {
  job: Job
  signal: AbortSignal
  /** Commits the end of the job. */
  commit(): Promise<void>
  /** Commits the end of the job, and leaves. */
  finish(): Promise<void>
  /** Leaves, whatever has become of the job. */
  leave(): void
  fail(error: Error): void
}

export interface TestJobs extends TestStore {
  jobs: Jobs
  logged: string[]
  attempts: Attempted[]
  /** Keys in the order in which they were given to the handler. */
  started(): string[]
  /** The newest attempt at a key. */
  at(key: string): Attempted
  enqueue(key: string, job?: Partial<NewJob>): Promise<boolean>
  cancel(key: string): Promise<void>
  /** The table: keys, attempts, and whether somebody holds the job. */
  table(): { key: string; attempt: number; held: boolean }[]
}

export const KIND = 'work'

/** Jobs of one kind, that are performed one at a time unless the handler says otherwise. Not started yet. */
export function openTestJobs(
  t: TestContext,
  handler: Partial<JobHandler> = {},
  settings: StoreSettings = {},
): TestJobs {
  const opened = openTestStore(t, {
    ...settings,
    migrations: [...jobMigrations, ...(settings.migrations ?? [])],
  })
  const { store, clock, rows } = opened
  const logged: string[] = []
  const jobs = new Jobs(
    store,
    clock,
    openLog('debug', clock, (line) => logged.push(line)),
  )
  const attempts: Attempted[] = []
  const commit = (job: Job) => store.write((tx) => Promise.resolve(job.finish(tx)))
  jobs.handle(KIND, {
    concurrency_max: 1,
    per_user_max: 100,
    total_max: 1_000,
    lease_ms: 60_000,
    attempts_max: 3,
    run: (job, signal) =>
      new Promise((leave, fail) => {
        const finish = () => commit(job).then(leave)
        attempts.push({ job, signal, leave, fail, finish, commit: () => commit(job) })
      }),
    giveUp: commit,
    ...handler,
  })
  return {
    ...opened,
    jobs,
    logged,
    attempts,
    started: () => attempts.map(({ job }) => job.key),
    at: (key) => {
      const found = attempts.findLast(({ job }) => job.key === key)
      if (found === undefined) throw new Error(`${key} was never started.`)
      return found
    },
    enqueue: (key, job = {}) =>
      store.write((tx) =>
        Promise.resolve(jobs.enqueue(tx, { kind: KIND, key, user_id: 'ann', payload: {}, ...job })),
      ),
    cancel: (key) => store.write((tx) => Promise.resolve(jobs.cancel(tx, KIND, key))),
    table: () =>
      rows('SELECT key, attempt, lease_until FROM jobs ORDER BY key').map((row) => ({
        key: String(row['key']),
        attempt: Number(row['attempt']),
        held: row['lease_until'] !== null,
      })),
  }
}
