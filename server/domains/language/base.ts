import { readFileSync } from 'node:fs'
import { fromBytes, toBytes } from './statistics/bytes.ts'
import type { Model } from './statistics/model.ts'

/** The model of the built-in skills, so that a new server need not train it: `node scripts/base-model.ts` makes it. */
export const BASE = new URL('./base.model', import.meta.url)
/** The file begins with the name of what the model was made from. */
const NAME_LENGTH = 32

/** The shipped model, when it was made from just these examples. */
export function readBase(name: string): Model | undefined {
  try {
    const bytes = readFileSync(BASE)
    return nameIn(bytes) === name ? fromBytes(bytes.subarray(NAME_LENGTH)) : undefined
  } catch {
    // Absent or damaged: it is made anew in the data folder.
    return undefined
  }
}

/** The bytes of the shipped file. */
export function baseBytes(name: string, model: Model): Uint8Array {
  return Buffer.concat([Buffer.from(name, 'latin1'), toBytes(model)])
}

/** The name of what a shipped file was made from. */
export function nameIn(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, NAME_LENGTH)).toString('latin1')
}
