import { createHmac } from 'node:crypto'

/** A stretch of the chain whose lines are gone; what it held cannot be known, but not that there was something else. */
export interface Segment {
  first_seq: number
  last_seq: number
  /** `mac` before its first line, and of its last. */
  mac_before: string
  mac_after: string
  from_time: string
  to_time: string
  sealed_at: string
  /** HMAC over the other fields under the key of the chain, base64url. */
  seal: string
}

export function sealSegment(key: Buffer, segment: Omit<Segment, 'seal'>): Segment {
  return { ...segment, seal: sealOf(key, segment) }
}

export function isSealed(key: Buffer, { seal, ...segment }: Segment): boolean {
  return sealOf(key, segment) === seal
}

function sealOf(key: Buffer, segment: Omit<Segment, 'seal'>): string {
  const { first_seq, last_seq, mac_before, mac_after, from_time, to_time, sealed_at } = segment
  const covered = ['segment', first_seq, last_seq, mac_before, mac_after, from_time, to_time, sealed_at]
  return createHmac('sha256', key).update(JSON.stringify(covered)).digest('base64url')
}
