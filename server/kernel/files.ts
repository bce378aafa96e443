import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder, syncFolder } from './folder.ts'

/**
 * Writes a private file (0600) so that a crash leaves the old one or the whole new one: a temporary beside it, synced,
 * renamed into place, and the folder synced.
 */
export function writeDurably(path: string, text: string): void {
  place(path, text, (temporary) => renameSync(temporary, path))
}

/** Writes a private file like `writeDurably`, unless there is one already. */
export function createDurably(path: string, text: string): void {
  place(path, text, (temporary) => {
    try {
      linkSync(temporary, path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Some file systems have no links; there, two processes at once are not told apart.
      if (code !== 'EEXIST') renameSync(temporary, path)
    }
  })
}

function place(path: string, text: string, move: (temporary: string) => void): void {
  const folder = dirname(path)
  makeFolder(folder)
  const temporary = `${path}.${process.pid}.new`
  try {
    const file = openSync(temporary, 'w', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    move(temporary)
  } finally {
    rmSync(temporary, { force: true })
  }
  syncFolder(folder)
}
