import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder, syncFolder } from '../folder.ts'
import type { Random } from '../ids.ts'
import { AGE, decrypt, encrypt } from './age.ts'
import { requireRoom } from './make.ts'
import { BackupError, readManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { CHECKPOINTS, DATABASE } from './place.ts'
import { pack, unpack } from './tar.ts'
import type { TarEntry } from './tar.ts'
import { compareFiles } from './verify.ts'

const READ_BYTES = 1_048_576
const MANIFEST = 'manifest.json'
/** Only these come out of a file, and only once each, whatever it says. */
const PATHS: readonly string[] = [MANIFEST, DATABASE, CHECKPOINTS]
/** Somebody who has the file can try passphrases as long as they like. */
export const PASSPHRASE_MIN = 12

export interface SealOptions {
  passphrase: string
  random: Random
  /** That of the purpose `backup`. */
  key: Buffer
  /** For tests. */
  cost?: number
}

/** Whether a file is an encrypted backup, by its first bytes. */
export function isSealed(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(AGE.length)
    readSync(file, start)
    return start.toString('latin1') === AGE
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a backup into one encrypted file, which has its name only once it is whole and on the disk.
 *
 * @throws BackupError when the backup is damaged, the passphrase too short, or there is a file of this name.
 */
export async function sealBackup(
  folder: string,
  path: string,
  options: SealOptions,
): Promise<{ bytes: number }> {
  const { passphrase, random, key, cost } = options
  if (passphrase.length < PASSPHRASE_MIN)
    throw new BackupError(`A passphrase has at least ${PASSPHRASE_MIN} characters.`)
  if (existsSync(path)) throw new BackupError(`There is a file ${path} already.`)
  const manifest = readManifest(folder, key)
  const problems = compareFiles(folder, manifest)
  if (problems.length > 0) throw new BackupError(`The backup is damaged: ${problems[0]}.`)
  const archive = pack(entriesOf(folder, manifest), Date.parse(manifest.created_at))
  const temporary = `${path}.${process.pid}.unfinished`
  try {
    const bytes = await writeAll(encrypt(archive, passphrase, random, cost), temporary)
    place(temporary, path)
    return { bytes }
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Opens an encrypted backup into a folder. Nothing in that may be used unless this ends well.
 *
 * @param spare_bytes - room that stays free beside it; as for a backup unless given.
 */
export function placeSealed(
  path: string,
  passphrase: string,
  spare_bytes?: number,
): (to: string) => Promise<void> {
  return async (to) => {
    if (!existsSync(path)) throw new BackupError(`There is no file ${path}.`)
    // What is encrypted is not compressed, so it takes as much room as it has.
    requireRoom(to, statSync(path).size, spare_bytes)
    const left = new Set(PATHS)
    const plain = decrypt(contentOf(path), passphrase)
    await unpack(plain, async (name, _bytes, content) => {
      if (!left.delete(name)) throw new BackupError(`${name} does not belong into a backup.`)
      makeFolder(dirname(join(to, name)))
      await writeAll(content, join(to, name))
    })
    syncFolder(to)
  }
}

function entriesOf(folder: string, { files }: Manifest): TarEntry[] {
  const paths = [MANIFEST, ...files.map(({ path }) => path)]
  return paths.map((path) => ({
    path,
    bytes: statSync(join(folder, path)).size,
    content: contentOf(join(folder, path)),
  }))
}

/** Opened only when it is its turn. */
async function* contentOf(path: string): AsyncGenerator<Buffer> {
  for await (const part of createReadStream(path, { highWaterMark: READ_BYTES })) yield part as Buffer
}

/** Writes a new private file, and waits until it is on the disk. */
async function writeAll(parts: AsyncIterable<Buffer>, path: string): Promise<number> {
  const file = openSync(path, 'wx', 0o600)
  let bytes = 0
  try {
    for await (const part of parts) {
      for (let done = 0; done < part.length;) done += writeSync(file, part, done)
      bytes += part.length
    }
    fsyncSync(file)
    return bytes
  } finally {
    closeSync(file)
  }
}

/** Names a file that is whole; another one of the name, made meanwhile, is left alone. */
function place(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new BackupError(`There is a file ${path} already.`, { cause: error })
    // Sticks and shares often have no links.
    renameSync(temporary, path)
  }
  syncFolder(dirname(path))
}
