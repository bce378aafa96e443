import { createHmac } from 'node:crypto'
import type { AuditLine } from '../audit.ts'

/** A line as it is kept. `mac` covers the line and the `mac` of the one before: no line can be changed, left out or moved. */
export interface AuditRow extends AuditLine {
  seq: number
  /** ISO-8601. */
  time: string
  mac: string
}

/** Where the chain stands: the number and the `mac` of the newest line. */
export interface ChainHead {
  seq: number
  mac: string
}

/** What stands before the first line. */
export const GENESIS: ChainHead = { seq: 0, mac: '' }

/** The line's fields in the order in which they are covered. */
const COVERED = [
  'seq',
  'time',
  'request_id',
  'actor',
  'session_id',
  'transport',
  'operation',
  'target',
  'status',
  'outcome',
  'ip',
  'counted',
  'duration_ms',
] as const satisfies readonly (keyof AuditRow)[]

/**
 * The `mac` of a line after another: HMAC-SHA-256 under a key of the machine, base64url. Without that key nobody can
 * write a chain that holds, not even whoever has the database.
 */
export function macOf(key: Buffer, before: string, row: Omit<AuditRow, 'mac'>): string {
  const covered = JSON.stringify([before, ...COVERED.map((name) => row[name])])
  return createHmac('sha256', key).update(covered).digest('base64url')
}

/** Adds a line to the chain. */
export function link(key: Buffer, head: ChainHead, line: AuditLine & { time: string }): AuditRow {
  // What comes from outside may hold half a pair, which the database would keep as something else.
  const row = { ...line, target: line.target?.toWellFormed() ?? null, seq: head.seq + 1 }
  return { ...row, mac: macOf(key, head.mac, row) }
}
