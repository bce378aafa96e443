import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** A file of the project. */
export interface Source {
  path: string
  text: string
}

/** Files that git tracks or would track, with these endings. */
export function sources(...endings: readonly string[]): Source[] {
  // Ended by zero bytes, because git otherwise writes a name with other than ASCII letters as an escape.
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { encoding: 'utf8' })
  return listed
    .split('\0')
    .filter((path) => endings.some((ending) => path.endsWith(ending)) && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

/** Whether a file is a test or what tests stand on. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|^test\/|\/(?:fixture|rig|in-memory)\.ts$/.test(path)
}
