import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { lstat, open, opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileFacts } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import { isMissing } from './failure.ts'

const ENTRIES_MAX = 10_000
const DIGEST_BYTES_MAX = 64 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024
/** Entries of a folder whose facts are asked for at once. */
const AT_ONCE = 32

/** What lies in a folder, by name; nothing hidden. @throws ActionError for more than 10,000 entries. */
export async function entries(path: string, real: string): Promise<FileFacts[]> {
  if (!(await stat(real)).isDirectory()) throw new ActionError(`${path} is no folder.`)
  const names: string[] = []
  for await (const { name } of await opendir(real)) {
    if (name.startsWith('.')) continue
    if (names.length === ENTRIES_MAX) throw new ActionError(`${path} has more than ${ENTRIES_MAX} entries.`)
    names.push(name)
  }
  names.sort()
  const found: FileFacts[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE).map((name) => entry(join(path, name), join(real, name)))
    found.push(...(await Promise.all(some)).filter((facts) => facts !== undefined))
  }
  return found
}

/** Facts of an entry; none of what is neither file nor folder, of links, and of what went away meanwhile. */
async function entry(path: string, real: string): Promise<FileFacts | undefined> {
  try {
    return toFacts(path, await lstat(real))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/**
 * SHA-256 of what a file says, in hex. A pipe would keep the reader waiting for ever, so it is opened without waiting, and only a plain file is read.
 *
 * @throws ActionError for more than 64 MiB.
 */
export async function digest(path: string, real: string): Promise<string> {
  if (!(await stat(real)).isFile()) throw new ActionError(`${path} is no file.`)
  // Neither flag exists everywhere, and one that does not counts as none.
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
  const file = await open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
  try {
    if (!(await file.stat()).isFile()) throw new ActionError(`${path} is no file.`)
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let size = 0
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, size)
      if (bytesRead === 0) return hash.digest('hex')
      size += bytesRead
      if (size > DIGEST_BYTES_MAX) throw new ActionError(`${path} is larger than 64 MiB.`)
      hash.update(chunk.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

/** Facts of a file or folder; none of anything else. */
export function toFacts(path: string, stats: Stats): FileFacts | undefined {
  if (!stats.isFile() && !stats.isDirectory()) return undefined
  const kind = stats.isFile() ? 'file' : 'folder'
  return { path, kind, size_bytes: stats.size, modified: Math.floor(stats.mtimeMs) }
}
