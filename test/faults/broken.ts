import { fdatasyncSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { openSyncer } from '../../server/kernel/store/sync.ts'
import type { Syncer } from '../../server/kernel/store/sync.ts'

/**
 * How promises may be broken; `none` is the real thing. Late: a batch is acknowledged before its sync. Hasty: readers or
 * listeners do not wait. Stale: a log made anew is synced by its old descriptor. Off: nothing is synced. Loose: the log
 * is moved into the database without syncs, and then written over.
 */
export const DEFECTS = ['none', 'late', 'hasty-reader', 'hasty-events', 'stale', 'off', 'loose'] as const
export type Defect = (typeof DEFECTS)[number]

/** A syncer with the defect, to be noticed by those who look for lost acknowledgements. */
export function openBrokenSyncer(defect: Defect): (path: string) => Syncer {
  if (defect === 'late') return late
  if (defect === 'stale') return openStale()
  if (defect === 'loose') return loose
  if (defect === 'off') return (path) => ({ ...openSyncer(path), sync: () => Promise.resolve() })
  return openSyncer
}

/** Every second batch is acknowledged at once; it is synced with the next. */
function late(path: string): Syncer {
  const real = openSyncer(path)
  let asked = 0
  const sync = (): Promise<void> => {
    asked += 1
    return asked % 2 === 1 ? real.sync() : Promise.resolve()
  }
  return { ...real, sync }
}

/** Keeps syncing the log that it saw first, also when that was replaced by another. */
function openStale(): (path: string) => Syncer {
  let descriptor: number | undefined
  return (path) => ({
    ...openSyncer(path),
    sync: () => {
      descriptor ??= openSync(`${path}-wal`, 'r+')
      fdatasyncSync(descriptor)
      return Promise.resolve()
    },
  })
}

/** Checkpoints as fast as can be. */
function loose(path: string): Syncer {
  const checkpoint = (): Promise<void> => {
    const database = new DatabaseSync(path)
    database.exec('PRAGMA synchronous=OFF; PRAGMA wal_checkpoint(PASSIVE)')
    database.close()
    return Promise.resolve()
  }
  return { ...openSyncer(path), checkpoint }
}
