import type { Connection } from '../store/connection.ts'
import type { AuditRow } from './chain.ts'

/** Lines after a number, oldest first; without one the newest, oldest of them first. */
export function readLines(connection: Connection, after: number | undefined, limit: number): AuditRow[] {
  if (after !== undefined) {
    const later = connection.all('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', [after, limit])
    return later as unknown as AuditRow[]
  }
  const newest = connection.all('SELECT * FROM audit WHERE seq > 0 ORDER BY seq DESC LIMIT ?', [limit])
  return (newest as unknown as AuditRow[]).toReversed()
}
