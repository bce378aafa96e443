import { verifySnapshot } from '../kernel/audit/verify.ts'
import { checkpointKey, checkpointsPath, readCheckpoints } from '../kernel/audit/checkpoints.ts'
import { listBackups } from '../kernel/backup/place.ts'
import type { Keys } from '../kernel/crypto.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Connection } from '../kernel/store/connection.ts'
import { note, problem, well } from './finding.ts'
import type { Finding } from './finding.ts'

const RESTORE = 'Restore a backup: paios backup list, then paios restore NAME'
const DAY_MS = 86_400_000
/** The daily backup may wait for a machine that is off at night. */
const BACKUP_MS_MAX = 2 * DAY_MS
/** Clocks of one machine differ by no more between two looks at them. */
const SKEW_MS_MAX = 300_000

/** Whether the root key is the one that the data was written under. */
export function checkSameKey(data_dir: string, keys: Keys): Finding | undefined {
  const { checkpoints, bad } = readCheckpoints(checkpointsPath(data_dir), checkpointKey(keys))
  if (checkpoints.length > 0 || bad.length === 0) return undefined
  return problem(
    'key',
    'The key file holds another key than the one that this data was written under.',
    'Put the key of this data back from your copy; keep the other one, it may belong to other data.',
  )
}

/** Whether the database is whole: every page, and every reference. */
export function checkDatabase(connection: Connection): Finding {
  const damaged = connection
    .all('PRAGMA integrity_check(3)', [])
    .map((row) => String(row['integrity_check']))
    .filter((what) => what !== 'ok')
  if (damaged.length > 0) return problem('database', `The database is damaged: ${damaged[0]}.`, RESTORE)
  const [orphan] = connection.all('SELECT * FROM pragma_foreign_key_check LIMIT 1', [])
  if (orphan === undefined) return well('database', 'The database is whole.')
  const { table, parent } = orphan
  return problem(
    'database',
    `The database is damaged: a row of ${String(table)} names a row of ${String(parent)} that is not there.`,
    RESTORE,
  )
}

/** Whether the schema is the one of this program. */
export function checkSchema(connection: Connection, known: readonly string[]): Finding {
  const schema = connection.all('SELECT name FROM migrations', []).map((row) => String(row['name']))
  const newer = schema.filter((name) => !known.includes(name))
  if (newer.length > 0) {
    const says = `The data was written by a newer version (${newer.join(', ')}).`
    return problem('schema', says, 'Update this program, or restore a backup from before the update.')
  }
  const pending = known.filter((name) => !schema.includes(name))
  if (pending.length === 0) return well('schema', 'The schema is the one of this version.')
  const says = `${pending.length} migrations are pending (${pending.slice(0, 3).join(', ')}).`
  return note('schema', says, 'The next start makes a backup and then applies them: npm start')
}

/** Whether the whole audit holds. */
export async function checkAudit(connection: Connection, data_dir: string, keys: Keys): Promise<Finding> {
  const report = await verifySnapshot({
    connection,
    key: keys.derive('audit'),
    signing_key: checkpointKey(keys),
    checkpoints_path: checkpointsPath(data_dir),
  })
  if (report.ok) return well('audit', `The audit holds: ${report.rows} lines.`)
  return problem(
    'audit',
    `The audit does not hold: ${report.problems[0]?.what}.`,
    'See all of it with: paios audit verify. Somebody may have changed the data: restore a backup from before.',
  )
}

/** Whether the clock has gone back behind what was written last. @param now - epoch ms. */
export function checkClock(connection: Connection, now: number): Finding {
  const [row] = connection.all(
    'SELECT max(time) AS newest FROM (SELECT time FROM audit ORDER BY seq DESC LIMIT 100)',
    [],
  )
  const newest = typeof row?.['newest'] === 'string' ? row['newest'] : undefined
  if (newest === undefined || Date.parse(newest) <= now + SKEW_MS_MAX)
    return well('clock', 'The clock agrees with what was written last.')
  const behind = Math.round((Date.parse(newest) - now) / 60_000)
  return problem(
    'clock',
    `The clock is ${behind} minutes behind what was written last, at ${newest}: reminders and sign-ins go wrong.`,
    'Set the clock of this machine, best by switching on network time.',
  )
}

/** Whether there is a backup that is not too old. @param now - epoch ms. */
export function checkBackups(
  { data_dir }: Pick<Settings, 'data_dir'>,
  began: string | undefined,
  now: number,
): Finding {
  const [newest] = listBackups(data_dir)
  const since = newest?.manifest.created_at ?? began
  const age_ms = since === undefined ? 0 : now - Date.parse(since)
  if (newest !== undefined && age_ms <= BACKUP_MS_MAX)
    return well('backups', `The newest backup is ${newest.name}.`)
  const make = 'Make one now: paios backup. The server makes one each night while it runs.'
  if (newest === undefined && age_ms <= BACKUP_MS_MAX) return note('backups', 'There is no backup yet.', make)
  const days = Math.floor(age_ms / DAY_MS)
  const says =
    newest === undefined
      ? `There is no backup, and the data is ${days} days old.`
      : `The newest backup, ${newest.name}, is ${days} days old.`
  return problem('backups', says, make)
}
