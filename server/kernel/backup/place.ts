import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../files.ts'
import { syncFolder } from '../folder.ts'
import { peekManifest } from './manifest.ts'
import type { Manifest, Reason } from './manifest.ts'

/** The database inside a backup, and the signed checkpoints of its audit. */
export const DATABASE = 'paios.sqlite'
export const CHECKPOINTS = 'audit/checkpoints.jsonl'

/** What a temporary folder begins with: its work was not finished, so nothing in it is of use. */
const TEMPORARY = '.unfinished-'
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-(?:asked|daily|migration|restore)$/

/** A backup in the folder of backups. */
export interface Kept {
  name: string
  folder: string
  bytes: number
  manifest: Manifest
}

export function backupsFolder(data_dir: string): string {
  return join(data_dir, 'backups')
}

/** @param created_at - ISO-8601. */
export function nameOf(created_at: string, reason: Reason): string {
  return `${created_at.replaceAll(/[:.]/g, '-')}-${reason}`
}

export function temporaryIn(folder: string, name: string): string {
  return join(folder, `${TEMPORARY}${name}`)
}

/** Removes what a process that died in the middle has left. Nobody else may be at work in the folder. */
export function removeUnfinished(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder))
    if (name.startsWith(TEMPORARY)) rmSync(join(folder, name), { recursive: true, force: true })
}

/** The backups of a data folder, newest first. Their manifests are not proven yet. */
export function listBackups(data_dir: string): Kept[] {
  const all = backupsFolder(data_dir)
  if (!existsSync(all)) return []
  return readdirSync(all)
    .filter((name) => NAME.test(name))
    .toSorted()
    .toReversed()
    .flatMap((name) => {
      const folder = join(all, name)
      const manifest = peekManifest(folder)
      if (manifest === undefined) return []
      return [{ name, folder, manifest, bytes: bytesOf(manifest) }]
    })
}

/** Says of a backup that nobody has looked at it, or that it was found not to hold. */
const UNVERIFIED = 'unverified'

export function markUnverified(folder: string): void {
  writeDurably(join(folder, UNVERIFIED), '')
}

/** Whether it was restored into a folder of its own and found to hold. */
export function isVerified(folder: string): boolean {
  return !existsSync(join(folder, UNVERIFIED))
}

export function markVerified(folder: string): void {
  rmSync(join(folder, UNVERIFIED), { force: true })
  syncFolder(folder)
}

/**
 * Removes all but the newest of a kind: backups that somebody asks for never push out the daily ones, and those that hold
 * are never pushed out by one that does not.
 *
 * @param ok - whether the newest one holds: unless it does, none that does is removed.
 */
export function prune(data_dir: string, reason: Reason, keep: number, ok: boolean): void {
  const all = listBackups(data_dir).filter(({ name }) => name.endsWith(`-${reason}`))
  const [verified, others] = [true, false].map((wanted) =>
    all.filter(({ folder }) => isVerified(folder) === wanted).slice(Math.max(1, keep)),
  )
  for (const { folder } of [...(ok ? (verified ?? []) : []), ...(others ?? [])])
    rmSync(folder, { recursive: true, force: true })
}

export function bytesOf({ files }: Manifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}
