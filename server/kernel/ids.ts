import { randomBytes } from 'node:crypto'

/** Source of unpredictable bytes; tests pass a seeded one. */
export type Random = (size: number) => Uint8Array

/** The operating system's generator. */
export const systemRandom: Random = (size) => randomBytes(size)

/** Values of the 12 bits that order the ids of one millisecond; they start low, so that there is room to count. */
const COUNTER_START_MAX = 2_048
const COUNTER_MAX = 4_095

/** Random bytes of an id, and of how many ids they are drawn at once: each draw is a call of the system. */
const RANDOM_BYTES = 10
const DRAWN = 128

/**
 * Makes a source of UUIDv7: ordered by time, and within a millisecond by a counter, so that "newest" is always the one
 * made last; 62 random bits (RFC 9562, sections 5.7 and 6.2, method 1).
 */
export function openIds(now: () => number, random: Random): () => string {
  let time = 0
  let counter = 0
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  const draw = (): Uint8Array => {
    if (used === pool.length) {
      pool = random(RANDOM_BYTES * DRAWN)
      used = 0
    }
    used += RANDOM_BYTES
    return pool.subarray(used - RANDOM_BYTES, used)
  }
  return () => {
    const current = now()
    const bytes = Buffer.alloc(18)
    bytes.set(draw(), 8)
    if (current > time) {
      time = current
      counter = bytes.readUInt16BE(16) % COUNTER_START_MAX
    } else if (counter < COUNTER_MAX) counter += 1
    else {
      // A full millisecond, or a clock that went back: borrow from the future rather than lose the order.
      time += 1
      counter = 0
    }
    bytes.writeUIntBE(time, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
    const hex = bytes.toString('hex', 0, 16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

/** The least id that can be made at a time, epoch ms: ids begin with theirs (RFC 9562, UUIDv7). */
export function firstIdAt(time: number): string {
  const digits = Math.max(0, time).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}

/** When an id was made, epoch ms. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}
