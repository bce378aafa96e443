import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a private folder (0700), and those above it that are missing, so that they survive a power cut: syncing what is
 * in a folder does nothing for the folder's own name.
 */
export function makeFolder(path: string): void {
  const made = resolve(path)
  const first = mkdirSync(made, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let folder = made; folder.length >= resolve(first).length; folder = dirname(folder)) {
    syncFolder(dirname(folder))
  }
}

/** Makes the names in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows has no folder handles to sync; its names are journalled.
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
