import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { auditStore } from '../audit/store.ts'
import { writeDurably } from '../files.ts'
import { makeFolder } from '../folder.ts'
import { openConnection } from '../store/connection.ts'
import { lockFolder } from '../store/lock.ts'
import { requireRoom } from './make.ts'
import { BackupError, readManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { DATABASE, backupsFolder, bytesOf, nameOf, removeUnfinished } from './place.ts'
import { RESTORED, recoverSwap, stagingFolder, swap } from './swap.ts'
import type { Step } from './swap.ts'
import { compareFiles, copyBackup, verifyRestored } from './verify.ts'
import type { VerifyOptions } from './verify.ts'

export interface RestoreOptions extends VerifyOptions {
  data_dir: string
  /** ISO-8601. */
  now: string
  /** Makes a backup of what is there, so that the restore can be taken back; told when there is data. */
  saveCurrent: () => Promise<string>
  step?: Step
}

/** What the first start on restored data is told. */
export interface Restored {
  /** Of the backup, and of the restore; ISO-8601. */
  created_at: string
  restored_at: string
}

export interface RestoreReport {
  manifest: Manifest
  audit_lines: number
  /** Name of the backup of what was there before, or the folder that keeps it where none could be made. */
  before: { backup: string } | { folder: string; why: string } | undefined
}

/**
 * Puts a backup in the place of the data. The server must not run. All of the backup is looked at before anything is
 * touched, and whenever the process dies the folder holds the old data or the new.
 *
 * @param place - puts the files of the backup into an empty folder.
 * @throws LockedFolderError while a server runs; BackupError when the backup is damaged, of another root key or of a
 * newer version: then nothing is changed.
 */
export async function restore(
  place: (folder: string) => Promise<void> | void,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { data_dir } = options
  makeFolder(data_dir)
  const unlock = lockFolder(data_dir)
  try {
    recoverSwap(data_dir)
    removeUnfinished(backupsFolder(data_dir))
    return await restoreLocked(place, options)
  } finally {
    unlock()
  }
}

/**
 * Copies a backup that lies in a folder.
 *
 * @param spare_bytes - room that stays free beside it; as for a backup unless given.
 * @throws BackupError when its files are not those of its manifest, or there is no room for them.
 */
export function placeFolder(folder: string, key: Buffer, spare_bytes?: number): (to: string) => void {
  return (to) => {
    const manifest = readManifest(folder, key)
    refuseDamaged(compareFiles(folder, manifest))
    requireRoom(to, bytesOf(manifest), spare_bytes)
    copyBackup(folder, to, manifest)
    writeDurably(join(to, 'manifest.json'), JSON.stringify(manifest))
  }
}

async function restoreLocked(
  place: (folder: string) => Promise<void> | void,
  { data_dir, now, saveCurrent, step = () => {}, ...judging }: RestoreOptions,
): Promise<RestoreReport> {
  const staging = stagingFolder(data_dir)
  let isReady = false
  try {
    makeFolder(staging)
    step('made the staging folder')
    await place(staging)
    step('placed the backup')
    const manifest = readManifest(staging, judging.key)
    refuseDamaged(compareFiles(staging, manifest))
    const { problems, audit_lines } = await verifyRestored(staging, manifest, judging)
    refuseDamaged(problems)
    step('verified the backup')
    const before = await save(data_dir, now, saveCurrent)
    step('saved the current data')
    const note: Restored = { created_at: manifest.created_at, restored_at: now }
    writeDurably(join(staging, RESTORED), JSON.stringify(note))
    rmSync(join(staging, 'manifest.json'))
    isReady = true
    swap(data_dir, before !== undefined && 'folder' in before ? before.folder : undefined, step)
    return { manifest, audit_lines, before }
  } finally {
    // What was refused leaves nothing; what was begun is carried on.
    if (!isReady) rmSync(join(staging, '..'), { recursive: true, force: true })
  }
}

async function save(
  data_dir: string,
  now: string,
  saveCurrent: () => Promise<string>,
): Promise<RestoreReport['before']> {
  if (!existsSync(join(data_dir, DATABASE))) return undefined
  try {
    readToTheEnd(join(data_dir, DATABASE))
    return { backup: await saveCurrent() }
  } catch (error) {
    // Damaged data is what many restores are for: it is kept as it is.
    const why = error instanceof Error ? error.message : String(error)
    return { folder: `replaced-${nameOf(now, 'restore')}`, why }
  }
}

/** Whether what is there is worth a backup: copying alone does not notice damage. */
function readToTheEnd(path: string): void {
  const connection = openConnection(path, { synchronous: 'FULL', read_only: true })
  try {
    auditStore.head(connection)
    const [row] = connection.all('PRAGMA quick_check(1)', [])
    if (row?.['quick_check'] !== 'ok') throw new Error(String(row?.['quick_check']))
  } finally {
    connection.close()
  }
}

function refuseDamaged(problems: readonly string[]): void {
  if (problems.length === 0) return
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`
  throw new BackupError(`The backup is damaged: ${problems[0]}${more}.`)
}
