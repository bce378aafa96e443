import { existsSync } from 'node:fs'
import { openRootKey } from '../crypto.ts'
import { systemRandom } from '../ids.ts'
import type { KeyPlace } from '../ring.ts'
import type { Settings } from '../settings.ts'
import { openConnection } from '../store/connection.ts'
import { databasePath } from '../store/open.ts'
import type { AuditRow } from './chain.ts'
import { checkpointKey, checkpointsPath } from './checkpoints.ts'
import { readLines } from './lines.ts'
import { verifySnapshot } from './verify.ts'
import type { AuditReport } from './verify.ts'

/** The audit of a data folder, whether a server runs on it or not. */
export interface OfflineAudit {
  verify(): Promise<AuditReport>
  /** Lines after a number, oldest first; without one the newest. */
  lines(after: number | undefined, limit: number): AuditRow[]
  close(): void
}

/**
 * Opens the audit for reading alone.
 *
 * @throws KeyFileError when the root key is missing or is not readable; Error when there is no data.
 */
export function openOfflineAudit(place: Pick<Settings, 'data_dir'> & KeyPlace): OfflineAudit {
  const { data_dir } = place
  const path = databasePath(data_dir)
  if (!existsSync(path)) throw new Error(`There is no data in ${data_dir}.`)
  const keys = openRootKey(place, systemRandom, false)
  const connection = openConnection(path, { synchronous: 'NORMAL', read_only: true })
  return {
    verify: () =>
      verifySnapshot({
        connection,
        key: keys.derive('audit'),
        signing_key: checkpointKey(keys),
        checkpoints_path: checkpointsPath(data_dir),
      }),
    lines: (after, limit) => readLines(connection, after, limit),
    close: () => connection.close(),
  }
}
