import { existsSync } from 'node:fs'
import { Audit } from './audit.ts'
import { checkpointsPath } from './audit/checkpoints.ts'
import { auditMigrations } from './audit/store.ts'
import { makeAtRest } from './backup/keep.ts'
import { BackupError } from './backup/manifest.ts'
import type { Clock } from './clock.ts'
import { iso } from './clock.ts'
import { openRootKey } from './crypto.ts'
import type { Keys } from './crypto.ts'
import { Events, eventMigrations } from './events.ts'
import { idempotencyMigrations } from './idempotency.ts'
import { openIds } from './ids.ts'
import type { Random } from './ids.ts'
import { jobMigrations } from './job-queries.ts'
import { Jobs } from './jobs.ts'
import { logOf } from './log.ts'
import type { Log } from './log.ts'
import type { Settings } from './settings.ts'
import type { Migration } from './store/migrate.ts'
import { databasePath, openStore } from './store/open.ts'
import type { OpenStoreOptions } from './store/open.ts'
import type { Store } from './store/store.ts'

/** What every domain stands on. */
export interface Kernel {
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly keys: Keys
  readonly store: Store
  readonly events: Events
  readonly jobs: Jobs
  readonly audit: Audit
  /** A fresh UUIDv7. */
  id(): string
  /** Now as ISO-8601 UTC with milliseconds. */
  now(): string
  /** Ends what runs, writes what waits, and lets go of the data folder. */
  close(): Promise<void>
}

export interface KernelOptions extends Pick<OpenStoreOptions, 'syncer' | 'onFatal' | 'refuseWrites'> {
  settings: Settings
  clock: Clock
  random: Random
  log: Log
  /** Those of the domains, in the order of the domains. */
  migrations: readonly Migration[]
  /** Of the program, for the backup that is made before a migration. */
  version?: string
  /** Opened already; otherwise the root key is read from where the settings say. */
  keys?: Keys
}

/** Whether there is nothing yet that a root key was made for. */
export function isFirstStart({ data_dir }: Pick<Settings, 'data_dir'>): boolean {
  return !existsSync(databasePath(data_dir))
}

/** Those of the kernel itself, before the ones of any domain. */
export const kernelMigrations: readonly Migration[] = [
  ...auditMigrations,
  ...idempotencyMigrations,
  ...eventMigrations,
  ...jobMigrations,
]

/** Backups from before a migration that are kept. */
const KEPT_BEFORE_MIGRATION = 7

/** Opens the data folder and everything that belongs to no domain. */
export function openKernel(options: KernelOptions): Kernel {
  const { settings, clock, random, log } = options
  const keys = options.keys ?? openRootKey(settings, random, isFirstStart(settings))
  const now = iso(clock.now())
  const { store, unlock } = openStore({
    ...options,
    data_dir: settings.data_dir,
    migrations: [...kernelMigrations, ...options.migrations],
    now,
    beforeMigration: (facts, copy) => {
      const { data_dir } = settings
      const { version = 'unknown' } = options
      const made = { data_dir, key: keys.derive('backup'), version, now, reason: 'migration' } as const
      try {
        makeAtRest({ ...made, keep: KEPT_BEFORE_MIGRATION }, facts, copy)
      } catch (error) {
        if (!(error instanceof BackupError)) throw error
        const why = 'The data is of an older version, and nothing of it is changed without a backup.'
        throw new BackupError(`${why} ${error.message}`, { cause: error })
      }
    },
  })
  const jobs = new Jobs(store, clock, logOf(log, 'jobs'))
  const id = openIds(() => clock.now(), random)
  const audit = new Audit({
    store,
    clock,
    log: logOf(log, 'audit'),
    keys,
    checkpoints_path: checkpointsPath(settings.data_dir),
    instance: id,
  })
  return {
    settings,
    clock,
    random,
    log,
    keys,
    store,
    jobs,
    audit,
    events: new Events(store, clock),
    id,
    now: () => iso(clock.now()),
    close: async () => {
      await audit.close()
      await store.close().catch((error: unknown) => log.error('the store did not close', { error }))
      unlock()
    },
  }
}
