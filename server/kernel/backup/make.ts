import { existsSync, readFileSync, renameSync, rmSync, statSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkpointsPath } from '../audit/checkpoints.ts'
import { writeDurably } from '../files.ts'
import { makeFolder, syncFolder } from '../folder.ts'
import { copyDatabase } from '../store/connection.ts'
import type { Connection } from '../store/connection.ts'
import { measure, settleFile } from './files.ts'
import { BackupError, manifestPath, signManifest } from './manifest.ts'
import type { Manifest, Reason } from './manifest.ts'
import { CHECKPOINTS, DATABASE, backupsFolder, markUnverified, nameOf, temporaryIn } from './place.ts'

export interface MakeOptions {
  data_dir: string
  /** That of the purpose `backup`. */
  key: Buffer
  version: string
  /** ISO-8601. */
  now: string
  reason: Reason
  /** Room that stays free beside it; the server needs some to go on. 64 MiB unless given. */
  spare_bytes?: number
}

export interface Made {
  name: string
  folder: string
  manifest: Manifest
}

const MIB = 1_048_576
const SPARE_BYTES = 64 * MIB

/**
 * Makes a backup of a data folder, also while a server writes to it. It has its name only once all of it is on the disk.
 *
 * @throws BackupError when there is no room for it, or it cannot be written.
 */
export function makeBackup(options: MakeOptions): Promise<Made> {
  const path = join(options.data_dir, DATABASE)
  return build(options, (to) => copyDatabase(path, to, readFacts))
}

/**
 * The same of a database that nobody has open, at once: for a start that is about to change it.
 *
 * @param copy - copies the database to a path, with everything that was committed.
 */
export function makeBackupAtRest(options: MakeOptions, facts: Facts, copy: (to: string) => void): Made {
  const building = begin(options)
  try {
    copy(join(building.temporary, DATABASE))
    return complete(options, building, facts)
  } catch (error) {
    throw toRefusal(options, building, error)
  }
}

/** What is said of the database in the manifest. */
export interface Facts {
  schema: string[]
  rows: Record<string, number>
}

/** Reads the names of the migrations, and counts the rows of all tables but those that are only an index of others. */
export function readFacts(connection: Connection): Facts {
  const tables = connection.all(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`,
    [],
  )
  const names = tables.map((row) => String(row['name']))
  const rows = names.map((name) => {
    const [counted] = connection.all(`SELECT count(*) AS rows FROM "${name.replaceAll('"', '""')}"`, [])
    return [name, Number(counted?.['rows'])] as const
  })
  const applied = names.includes('migrations')
    ? connection.all('SELECT name FROM migrations ORDER BY rowid', [])
    : []
  return { schema: applied.map((row) => String(row['name'])), rows: Object.fromEntries(rows) }
}

async function build(options: MakeOptions, copy: (to: string) => Promise<Facts>): Promise<Made> {
  const building = begin(options)
  try {
    return complete(options, building, await copy(join(building.temporary, DATABASE)))
  } catch (error) {
    throw toRefusal(options, building, error)
  }
}

interface Building {
  name: string
  folder: string
  temporary: string
}

function begin(options: MakeOptions): Building {
  const { data_dir, now, reason } = options
  const all = backupsFolder(data_dir)
  const name = nameOf(now, reason)
  const building = { name, folder: join(all, name), temporary: temporaryIn(all, name) }
  try {
    makeFolder(all)
    if (existsSync(building.folder)) throw new BackupError(`There is a backup ${name} already.`)
    requireRoom(data_dir, sizeOfData(data_dir), options.spare_bytes)
    rmSync(building.temporary, { recursive: true, force: true })
    makeFolder(building.temporary)
    // Before the database: what a checkpoint covers is committed, so all of it is in a copy that is made later.
    copyCheckpoints(data_dir, building.temporary)
    return building
  } catch (error) {
    throw toRefusal(options, building, error)
  }
}

function complete(options: MakeOptions, { name, folder, temporary }: Building, facts: Facts): Made {
  const { key, version, now, reason } = options
  settleFile(join(temporary, DATABASE))
  const paths = [DATABASE, CHECKPOINTS].filter((path) => existsSync(join(temporary, path)))
  const files = paths.map((path) => ({ path, ...measure(join(temporary, path)) }))
  const manifest = signManifest(key, { version, created_at: now, reason, ...facts, files })
  writeDurably(manifestPath(temporary), `${JSON.stringify(manifest, undefined, 2)}\n`)
  markUnverified(temporary)
  renameSync(temporary, folder)
  syncFolder(dirname(folder))
  return { name, folder, manifest }
}

/** Whole lines alone: the server may be writing the next one. */
function copyCheckpoints(data_dir: string, temporary: string): void {
  const path = checkpointsPath(data_dir)
  if (!existsSync(path)) return
  const text = readFileSync(path, 'utf8')
  writeDurably(join(temporary, CHECKPOINTS), text.slice(0, text.lastIndexOf('\n') + 1))
}

/** Bytes of the database of a data folder, with what is still in its log. */
export function sizeOfData(data_dir: string): number {
  return [DATABASE, `${DATABASE}-wal`]
    .map((name) => statSync(join(data_dir, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}

/** @throws BackupError when the disk of a folder has no room for so many bytes, and some to spare. */
export function requireRoom(folder: string, bytes: number, spare_bytes = SPARE_BYTES): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize >= bytes + spare_bytes) return
  const needed = Math.ceil((bytes + spare_bytes) / MIB)
  const free = Math.floor((bavail * bsize) / MIB)
  throw new BackupError(
    `The disk of ${folder} has no room for a backup: ${needed} MB are needed, ${free} are free.`,
  )
}

function toRefusal({ data_dir }: MakeOptions, { temporary }: Building, error: unknown): BackupError {
  rmSync(temporary, { recursive: true, force: true })
  if (error instanceof BackupError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new BackupError(`No backup of ${data_dir} could be made: ${why}`, { cause: error })
}
