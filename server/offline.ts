import { statSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointKey } from './kernel/audit/checkpoints.ts'
import { makeAndVerify } from './kernel/backup/keep.ts'
import type { Made } from './kernel/backup/make.ts'
import { BackupError } from './kernel/backup/manifest.ts'
import type { Reason } from './kernel/backup/manifest.ts'
import { backupsFolder, listBackups, removeUnfinished } from './kernel/backup/place.ts'
import type { Kept } from './kernel/backup/place.ts'
import { placeFolder, restore } from './kernel/backup/restore.ts'
import type { RestoreReport } from './kernel/backup/restore.ts'
import { isSealed, placeSealed, sealBackup } from './kernel/backup/sealed.ts'
import { recoverSwap } from './kernel/backup/swap.ts'
import { verifyBackup } from './kernel/backup/verify.ts'
import type { Verdict } from './kernel/backup/verify.ts'
import { iso, systemClock } from './kernel/clock.ts'
import { openRootKey } from './kernel/crypto.ts'
import { systemRandom } from './kernel/ids.ts'
import type { KeyPlace } from './kernel/ring.ts'
import type { Settings } from './kernel/settings.ts'
import { lockFolder } from './kernel/store/lock.ts'
import { databasePath } from './kernel/store/open.ts'
import { VERSION } from './version.ts'

/** Backups of one kind that are kept when no server, and so no setting, says how many. */
const KEEP = 7

/** What can be done to a data folder on which no server runs, or that is only looked at. */
export interface OfflineBackups {
  /** @throws LockedFolderError while a server runs; BackupError when none can be made, or it does not hold. */
  make(): Promise<Made>
  /** The newest unless named. @throws BackupError when there is none, or it is of another server. */
  find(name?: string): Kept
  verify(name?: string): Promise<Verdict & { name: string }>
  /** Writes a backup into one encrypted file. */
  seal(name: string, file: string, passphrase: string): Promise<{ bytes: number }>
  /** Whether this is an encrypted file, which needs its passphrase. */
  isSealed(source: string): boolean
  /** Whether a restore could begin. @throws BackupError when there is no such backup; LockedFolderError while a server runs. */
  requireRestorable(source: string): void
  /** Restores a backup: its name, its folder, or an encrypted file. @throws LockedFolderError while a server runs. */
  restore(source: string, passphrase?: string): Promise<RestoreReport>
}

/** The backups of a data folder, newest first: to see them needs no key. */
export function listKept({ data_dir }: Pick<Settings, 'data_dir'>): Kept[] {
  return listBackups(data_dir)
}

/** @throws KeyFileError when the root key is missing or cannot be read: without it no backup is of use. */
export function openOfflineBackups(place: Pick<Settings, 'data_dir'> & KeyPlace): OfflineBackups {
  const { data_dir } = place
  const keys = openRootKey(place, systemRandom, false)
  const key = keys.derive('backup')
  const judging = async () => ({
    key,
    audit_key: keys.derive('audit'),
    signing_key: checkpointKey(keys),
    known: await readKnown(),
  })
  const make = async (reason: Reason): Promise<Made> =>
    makeAndVerify({ ...(await judging()), data_dir, version: VERSION, now: now(), reason, keep: KEEP })
  const saveCurrent = async () => (await make('restore')).name
  const find: OfflineBackups['find'] = (name) => {
    const all = listBackups(data_dir)
    const found = name === undefined ? all[0] : all.find((kept) => kept.name === name)
    if (found !== undefined) return found
    throw new BackupError(name === undefined ? 'There is no backup yet.' : `There is no backup ${name}.`)
  }
  return {
    find,
    isSealed,
    make: async () => {
      requireData(data_dir)
      const unlock = lockFolder(data_dir)
      try {
        recoverSwap(data_dir)
        removeUnfinished(backupsFolder(data_dir))
        return await make('asked')
      } finally {
        unlock()
      }
    },
    verify: async (wanted) => {
      const { folder, name } = find(wanted)
      return { name, ...(await verifyBackup(folder, data_dir, name, await judging())) }
    },
    seal: (name, file, passphrase) =>
      sealBackup(find(name).folder, file, { passphrase, random: systemRandom, key }),
    requireRestorable: (source) => {
      if (!isSealed(source)) folderOf(data_dir, source)
      if (isFolder(data_dir)) lockFolder(data_dir)()
    },
    restore: async (source, passphrase = '') => {
      const placed = isSealed(source)
        ? placeSealed(source, passphrase)
        : placeFolder(folderOf(data_dir, source), key)
      return restore(placed, { ...(await judging()), data_dir, now: now(), saveCurrent })
    },
  }
}

function now(): string {
  return iso(systemClock.now())
}

/** The folder of a backup that is named, or that is somewhere else. */
function folderOf(data_dir: string, source: string): string {
  const named = join(backupsFolder(data_dir), source)
  if (!source.includes('/') && isFolder(named)) return named
  if (isFolder(source)) return source
  throw new BackupError(
    `There is no backup ${source}: neither one of that name nor a folder or an encrypted file.`,
  )
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function requireData(data_dir: string): void {
  if (statSync(databasePath(data_dir), { throwIfNoEntry: false }) === undefined)
    throw new BackupError(`There is no data in ${data_dir}.`)
}

/** Loaded when it is needed: the names of the migrations stand in every domain. */
export async function readKnown(): Promise<string[]> {
  const [{ MIGRATIONS }, { knownMigrations }] = await Promise.all([
    import('./migrations.ts'),
    import('./backups.ts'),
  ])
  return knownMigrations(MIGRATIONS)
}
