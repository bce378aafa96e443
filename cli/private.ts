import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { EXIT, Stop } from './exit.ts'

/** A file of secrets that cannot be read, and what to do about it. */
export function unreadable(path: string, remedy: string, cause?: unknown): Stop {
  return new Stop(EXIT.failed, `${path} is not readable. ${remedy}`, { cause })
}

/**
 * The text of a file that only its owner can read, or nothing when there is none. Reads and checks the same open file, so
 * that it cannot be exchanged in between.
 *
 * @param remedy - what to do about a file that cannot be read, as a sentence.
 * @throws Stop for a file that others can read.
 */
export function readPrivate(path: string, remedy: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(path, remedy, error)
  }
  try {
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) {
      throw new Stop(EXIT.failed, `Others can read ${path}. Close it with: chmod 600 ${path}`)
    }
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}
