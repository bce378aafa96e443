import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Another process has this data folder. */
export class LockedFolderError extends Error {}

/**
 * Holds an exclusive lock on a data folder that the operating system ends with the process, however that dies.
 *
 * @throws LockedFolderError when another process holds it.
 */
export function lockFolder(data_dir: string): () => void {
  const path = join(data_dir, 'lock.sqlite')
  // What is beside a database gets the rights of its file.
  if (existsSync(data_dir) && !existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: 0 })
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
