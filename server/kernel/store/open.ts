import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFacts } from '../backup/make.ts'
import type { Facts } from '../backup/make.ts'
import { recoverSwap } from '../backup/swap.ts'
import { makeFolder } from '../folder.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { LockedFolderError, lockFolder } from './lock.ts'
import { isPending, migrate } from './migrate.ts'
import type { Migration } from './migrate.ts'
import { Store } from './store.ts'
import type { StoreOptions } from './store.ts'
import { openSyncer } from './sync.ts'
import type { Syncer } from './sync.ts'

/** The database of a data folder. */
export function databasePath(data_dir: string): string {
  return join(data_dir, 'paios.sqlite')
}

export interface OpenStoreOptions extends Pick<
  StoreOptions,
  'clock' | 'onFatal' | 'waiting_max' | 'refuseWrites'
> {
  data_dir: string
  migrations: readonly Migration[]
  now: string
  /** Makes a backup of a database with data in it, before its schema is changed; what it throws ends the start. */
  beforeMigration?: (facts: Facts, copy: (to: string) => void) => void
  /** Replaced by tests that record or spare the syncs. */
  syncer?: (path: string) => Syncer
}

/**
 * Opens the database of a data folder for this process alone.
 *
 * @throws LockedFolderError when another process has it; NewerSchemaError when a newer program wrote it.
 */
export function openStore(options: OpenStoreOptions): { store: Store; unlock: () => void } {
  makeFolder(options.data_dir)
  const unlock = lockFolder(options.data_dir)
  try {
    recoverSwap(options.data_dir)
    const path = databasePath(options.data_dir)
    prepare(path, options)
    const store = new Store({
      ...options,
      writer: openConnection(path, { synchronous: 'NORMAL' }),
      reader: openConnection(path, { synchronous: 'NORMAL', read_only: true }),
      syncer: (options.syncer ?? openSyncer)(path),
    })
    return { store, unlock }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Recovers and migrates under FULL, and leaves an empty log behind: every commit until then is in the database itself. */
function prepare(path: string, options: OpenStoreOptions): void {
  saveFirst(path, options)
  const connection = openConnection(path, { synchronous: 'FULL' })
  chmodSync(path, 0o600)
  try {
    migrate(connection, options.migrations, options.now)
    emptyLog(path, connection)
  } finally {
    connection.close()
  }
}

/** With nothing in its log and nobody that has it open, the database is one file that can be copied as it is. */
function saveFirst(path: string, { migrations, beforeMigration }: OpenStoreOptions): void {
  if (beforeMigration === undefined) return
  const connection = openConnection(path, { synchronous: 'FULL' })
  let facts: Facts | undefined
  try {
    if (isPending(connection, migrations)) {
      facts = readFacts(connection)
      emptyLog(path, connection)
    }
  } finally {
    connection.close()
  }
  if (facts !== undefined) beforeMigration(facts, (to) => copyFileSync(path, to))
}

function emptyLog(path: string, connection: Connection): void {
  const [row] = connection.all('PRAGMA wal_checkpoint(TRUNCATE)', [])
  if (Number(row?.['busy']) !== 0) throw new LockedFolderError(`The database ${path} is in use.`)
}
