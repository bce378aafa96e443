import type { Connection } from '../store/connection.ts'
import type { AuditRow } from './chain.ts'
import { auditStore } from './store.ts'

/** Lines after a number, oldest first; without one the newest, oldest of them first. */
export function readLines(connection: Connection, after: number | undefined, limit: number): AuditRow[] {
  return after === undefined
    ? auditStore.newest(connection, limit).toReversed()
    : auditStore.after(connection, after, limit)
}
