import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openConnection } from './connection.ts'
import { makeFolder } from '../folder.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrate.ts'
import { Store } from './store.ts'
import type { StoreOptions } from './store.ts'
import { openSyncer } from './sync.ts'
import type { Syncer } from './sync.ts'

/** The database of a data folder. */
export function databasePath(data_dir: string): string {
  return join(data_dir, 'paios.sqlite')
}

/** Another server already serves this data folder. */
export class LockedFolderError extends Error {}

export interface OpenStoreOptions extends Pick<
  StoreOptions,
  'clock' | 'onFatal' | 'waiting_max' | 'refuseWrites'
> {
  data_dir: string
  migrations: readonly Migration[]
  now: string
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
  const unlock = lock(options.data_dir)
  try {
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
function prepare(path: string, { migrations, now }: OpenStoreOptions): void {
  const connection = openConnection(path, { synchronous: 'FULL' })
  chmodSync(path, 0o600)
  try {
    migrate(connection, migrations, now)
    const [row] = connection.all('PRAGMA wal_checkpoint(TRUNCATE)', [])
    if (Number(row?.['busy']) !== 0) throw new LockedFolderError(`The database ${path} is in use.`)
  } finally {
    connection.close()
  }
}

/** Holds an exclusive lock that the operating system ends with the process, however that dies. */
function lock(data_dir: string): () => void {
  const database = new DatabaseSync(join(data_dir, 'lock.sqlite'), { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new LockedFolderError(`Another PAIOS is running on ${data_dir}.`, { cause: error })
  }
  return () => {
    if (database.isOpen) database.close()
  }
}
