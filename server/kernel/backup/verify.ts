import type { KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { verifySnapshot } from '../audit/verify.ts'
import { makeFolder } from '../folder.ts'
import { openConnection } from '../store/connection.ts'
import type { Connection } from '../store/connection.ts'
import { copyDurably, measure } from './files.ts'
import { readFacts, requireRoom } from './make.ts'
import { BackupError, readManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { CHECKPOINTS, DATABASE, backupsFolder, bytesOf, temporaryIn } from './place.ts'

/** The keys that a backup is judged with. */
export interface BackupKeys {
  /** Those of the purposes `backup` and `audit`. */
  key: Buffer
  audit_key: Buffer
  signing_key: KeyObject
}

export interface VerifyOptions extends BackupKeys {
  /** Names of the migrations that this program knows. */
  known: readonly string[]
  /** Room that stays free beside the copy that is looked at; as for a backup unless given. */
  spare_bytes?: number
}

/** What a backup is worth. */
export interface Verdict {
  ok: boolean
  /** At most some hundred. */
  problems: string[]
  /** Lines of the audit that hold. */
  audit_lines: number
}

/** Problems of one kind that are told. */
const TOLD_MAX = 20
/** Files that a backup can have. Nothing else is copied, whatever a manifest says. */
const PATHS: ReadonlySet<string> = new Set([DATABASE, CHECKPOINTS])

/**
 * Restores a backup into a folder of its own, looks at everything, and removes it again.
 *
 * @throws BackupError when it is no backup of this server at all.
 */
export async function verifyBackup(
  folder: string,
  data_dir: string,
  name: string,
  options: VerifyOptions,
): Promise<Verdict> {
  const scratch = temporaryIn(backupsFolder(data_dir), `check-${name}`)
  rmSync(scratch, { recursive: true, force: true })
  try {
    const manifest = readManifest(folder, options.key)
    const damaged = compareFiles(folder, manifest)
    if (damaged.length > 0) return { ok: false, problems: damaged, audit_lines: 0 }
    makeFolder(scratch)
    requireRoom(scratch, bytesOf(manifest), options.spare_bytes)
    copyBackup(folder, scratch, manifest)
    return await verifyRestored(scratch, manifest, options)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** What of the files of a backup is not as its manifest says. */
export function compareFiles(folder: string, { files }: Manifest): string[] {
  const problems = files.flatMap(({ path, bytes, sha256 }) => {
    if (!PATHS.has(path)) return [`${path}: no such file belongs to a backup`]
    const found = statSync(join(folder, path), { throwIfNoEntry: false })
    if (found?.isFile() !== true) return [`${path}: it is missing`]
    if (found.size !== bytes) return [`${path}: it has ${found.size} bytes instead of ${bytes}`]
    return measure(join(folder, path)).sha256 === sha256 ? [] : [`${path}: it was changed or is damaged`]
  })
  return files.some(({ path }) => path === DATABASE) ? problems : [...problems, `${DATABASE}: it is missing`]
}

/** Copies the files of a backup, and nothing else. */
export function copyBackup(folder: string, to: string, { files }: Manifest): void {
  for (const { path } of files) {
    mkdirSync(dirname(join(to, path)), { recursive: true, mode: 0o700 })
    copyDurably(join(folder, path), join(to, path))
  }
}

/**
 * Looks at a restored copy as a server would: the schema, every page, every reference, the number of rows, and the whole
 * chain of the audit.
 */
export async function verifyRestored(
  folder: string,
  manifest: Manifest,
  options: VerifyOptions,
): Promise<Verdict> {
  const newer = manifest.schema.filter((name) => !options.known.includes(name))
  if (newer.length > 0) {
    throw new BackupError(
      `The backup was made by a newer version (${manifest.version}, with ${newer.join(', ')}): update this program first.`,
    )
  }
  let connection: Connection | undefined
  try {
    connection = openConnection(join(folder, DATABASE), { synchronous: 'FULL', read_only: true })
    const problems = [...findDamage(connection), ...compareFacts(connection, manifest)]
    const { audit_key, signing_key } = options
    const report = await verifySnapshot({
      connection,
      key: audit_key,
      signing_key,
      checkpoints_path: join(folder, CHECKPOINTS),
    })
    problems.push(...report.problems.slice(0, TOLD_MAX).map(({ what }) => `audit: ${what}`))
    return { ok: problems.length === 0, problems, audit_lines: report.rows }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ok: false, problems: [`database: it cannot be read (${why})`], audit_lines: 0 }
  } finally {
    connection?.close()
    removeLogs(folder)
  }
}

/** What is damaged in the database of a folder that nobody has open. */
export function findDamageIn(folder: string): string[] {
  let connection: Connection | undefined
  try {
    connection = openConnection(join(folder, DATABASE), { synchronous: 'FULL', read_only: true })
    return findDamage(connection)
  } catch (error) {
    return [`database: it cannot be read (${error instanceof Error ? error.message : String(error)})`]
  } finally {
    connection?.close()
    removeLogs(folder)
  }
}

function findDamage(connection: Connection): string[] {
  const damaged = connection
    .all(`PRAGMA integrity_check(${TOLD_MAX})`, [])
    .map((row) => String(row['integrity_check']))
    .filter((what) => what !== 'ok')
  const orphans = connection.all('SELECT * FROM pragma_foreign_key_check LIMIT +?', [TOLD_MAX])
  return [
    ...damaged.map((what) => `database: ${what}`),
    ...orphans.map(
      ({ table, parent }) =>
        `database: a row of ${String(table)} names a row of ${String(parent)} that is not there`,
    ),
  ]
}

function compareFacts(connection: Connection, manifest: Manifest): string[] {
  const found = readFacts(connection)
  const schema = found.schema.join() === manifest.schema.join() ? [] : ['database: its schema is another one']
  const names = new Set([...Object.keys(found.rows), ...Object.keys(manifest.rows)])
  const rows = [...names]
    .filter((name) => found.rows[name] !== manifest.rows[name])
    .map(
      (name) => `database: ${name} has ${found.rows[name] ?? 0} rows instead of ${manifest.rows[name] ?? 0}`,
    )
  return [...schema, ...rows.slice(0, TOLD_MAX)]
}

/** A copy goes into its place as one file: what reading has left beside it holds nothing. */
function removeLogs(folder: string): void {
  for (const end of ['-wal', '-shm']) {
    const path = join(folder, `${DATABASE}${end}`)
    if (existsSync(path)) rmSync(path, { force: true })
  }
}
