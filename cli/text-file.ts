import { closeSync, openSync, readSync } from 'node:fs'
import { EXIT, Stop } from './exit.ts'
import { oneLine } from './print.ts'

/** More than any text that a server takes; a file without an end is read no further. */
const TEXT_BYTES_MAX = 16_777_216

/** The text of a file that somebody named. @throws Stop for what cannot be read, is too long, or is no text. */
export function readTextFile(path: string): string {
  const bytes = read(path)
  if (bytes.length > TEXT_BYTES_MAX) throw new Stop(EXIT.usage, `${oneLine(path)} is larger than 16 MiB.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Stop(EXIT.usage, `${oneLine(path)} is no text in UTF-8.`, { cause: error })
  }
}

function read(path: string): Buffer {
  const chunks: Buffer[] = []
  try {
    const file = openSync(path, 'r')
    try {
      for (let size = 0; size <= TEXT_BYTES_MAX;) {
        const chunk = Buffer.alloc(65_536)
        const count = readSync(file, chunk)
        if (count === 0) break
        chunks.push(chunk.subarray(0, count))
        size += count
      }
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new Stop(EXIT.usage, `${oneLine(path)} cannot be read.`, { cause: error })
  }
  return Buffer.concat(chunks)
}
