import { createHash } from 'node:crypto'
import { chmodSync, closeSync, constants, copyFileSync, fsyncSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder, syncFolder } from '../folder.ts'
import type { BackedUpFile } from './manifest.ts'

const CHUNK_BYTES = 1_048_576

/** Size and SHA-256 of a file, read in parts. Not for a database that is open: reading it would drop its locks. */
export function measure(path: string): Omit<BackedUpFile, 'path'> {
  const hash = createHash('sha256')
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const file = openSync(path, 'r')
  let bytes = 0
  try {
    for (;;) {
      const read = readSync(file, chunk)
      if (read === 0) return { bytes, sha256: hash.digest('hex') }
      hash.update(chunk.subarray(0, read))
      bytes += read
    }
  } finally {
    closeSync(file)
  }
}

/** Copies a file for its user alone, on file systems that can without taking room; it is on the disk afterwards. */
export function copyDurably(from: string, to: string): void {
  makeFolder(dirname(to))
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  settleFile(to)
}

/** Makes a file that was written by others private, and waits until it is on the disk. */
export function settleFile(path: string): void {
  chmodSync(path, 0o600)
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncFolder(dirname(path))
}
