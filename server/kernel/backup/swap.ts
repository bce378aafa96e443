import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeDurably } from '../files.ts'
import { makeFolder, syncFolder } from '../folder.ts'
import { DATABASE } from './place.ts'

/** What a restore is called while it goes on: tests end it at each of these. */
export type Step = (what: string) => void

/**
 * How restored data takes the place of what was there.
 *
 * Invariants: X1 until the journal is there nothing of the data folder is touched; from then on the restore is carried
 * through, by whoever opens the folder next. X2 every move of the journal can be made again: it is done when its source
 * is gone or its target is there.
 */
interface Journal {
  moves: { from: string; to: string }[]
}

const FOLDER = 'restoring'
const JOURNAL = 'journal.json'
/** Says to the next start that its data comes from a backup; one of the files that are moved in. */
export const RESTORED = 'restored.json'
const OLD = ['audit', DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, RESTORED] as const
const NEW = ['audit', DATABASE, RESTORED] as const

/** Where restored data is made ready, on the volume of the data. */
export function stagingFolder(data_dir: string): string {
  return join(data_dir, FOLDER, 'new')
}

/** Whether a restore was ended in the middle. */
export function isSwapping(data_dir: string): boolean {
  return existsSync(join(data_dir, FOLDER, JOURNAL))
}

/**
 * Puts what stands in the staging folder in the place of the data. The folder must be locked, and nobody have it open.
 *
 * @param keep_old - folder in the data folder that keeps what was there; without it, that is removed.
 */
export function swap(data_dir: string, keep_old: string | undefined, step: Step = () => {}): void {
  const old = keep_old ?? join(FOLDER, 'old')
  const out = OLD.filter((name) => existsSync(join(data_dir, name)))
  const moves = [
    ...out.map((name) => ({ from: name, to: join(old, name) })),
    ...NEW.filter((name) => existsSync(join(stagingFolder(data_dir), name))).map((name) => ({
      from: join(FOLDER, 'new', name),
      to: name,
    })),
  ]
  makeFolder(join(data_dir, old))
  step('before the journal')
  writeDurably(join(data_dir, FOLDER, JOURNAL), JSON.stringify({ moves } satisfies Journal))
  step('after the journal')
  carryOn(data_dir, step)
}

/** Finishes a restore that was ended in the middle, or removes what it had made ready. Before anything is opened. */
export function recoverSwap(data_dir: string, step: Step = () => {}): void {
  if (isSwapping(data_dir)) carryOn(data_dir, step)
  else rmSync(join(data_dir, FOLDER), { recursive: true, force: true })
}

function carryOn(data_dir: string, step: Step): void {
  const folder = join(data_dir, FOLDER)
  const { moves } = JSON.parse(readFileSync(join(folder, JOURNAL), 'utf8')) as Journal
  for (const { from, to } of moves) {
    const [source, target] = [join(data_dir, from), join(data_dir, to)]
    if (!existsSync(source) || existsSync(target)) continue
    renameSync(source, target)
    step(`moved ${from}`)
    syncFolder(dirname(source))
    syncFolder(dirname(target))
    step(`synced ${from}`)
  }
  // From here on the folder is what any start leaves: what is still in it is of no use.
  rmSync(join(folder, JOURNAL), { force: true })
  syncFolder(folder)
  step('removed the journal')
  rmSync(folder, { recursive: true, force: true })
  syncFolder(data_dir)
}
