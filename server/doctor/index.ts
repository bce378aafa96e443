import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LockedFolderError, lockFolder } from '../kernel/store/lock.ts'
import type { Keys } from '../kernel/crypto.ts'
import type { Settings } from '../kernel/settings.ts'
import { kindOf } from '../kernel/ring.ts'
import { openConnection } from '../kernel/store/connection.ts'
import type { Connection } from '../kernel/store/connection.ts'
import { databasePath } from '../kernel/store/open.ts'
import { checkAudit, checkBackups, checkClock, checkDatabase, checkSameKey, checkSchema } from './data.ts'
import { note, problem, well } from './finding.ts'
import type { Finding } from './finding.ts'
import { checkSlots } from './slots.ts'
import { checkFolder, checkKey, checkNode, checkPackages, checkRestore, checkRoom, roomOf } from './place.ts'

export type { Finding } from './finding.ts'

export interface DoctorOptions {
  settings: Settings
  /** Epoch ms. */
  now: number
  /** Version of Node that runs this, and the packages that are looked for. */
  node: string
  packages?: readonly string[]
  resolve: (name: string) => void
  /** Whether a server answers on this machine's data folder, and who has its port. */
  server: { answers: boolean; port: 'free' | 'taken' | 'forbidden' }
  /** Names of the migrations that this program knows. */
  known: () => Promise<string[]>
}

/** The Node that the program is written for. */
const NODE_MAJOR = 26

/** Looks at everything that can keep a server from running well. Changes nothing. */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const { settings, server } = options
  const { data_dir } = settings
  const folder = checkFolder(settings)
  const { finding: key, keys } = checkKey(settings)
  const findings = [
    checkNode(options.node, NODE_MAJOR),
    checkPackages(options.packages ?? neededPackages(), options.resolve),
    folder,
    checkRoom(data_dir, roomOf(nearest(data_dir))),
    checkPort(settings, server),
    checkLock(settings, server.answers),
    checkRestore(settings),
  ]
  const other = keys === undefined ? undefined : checkSameKey(data_dir, keys)
  findings.push(other ?? key)
  if (existsSync(databasePath(data_dir)) && folder.kind !== 'problem')
    findings.push(...(await examineData(options, other === undefined ? keys : undefined)))
  return findings
}

async function examineData(options: DoctorOptions, keys: Keys | undefined): Promise<Finding[]> {
  const { settings, now, known } = options
  const { data_dir } = settings
  let connection: Connection | undefined
  try {
    connection = openConnection(databasePath(data_dir), { synchronous: 'NORMAL', read_only: true })
    const [row] = connection.all('SELECT min(applied_at) AS began FROM migrations', [])
    const began = typeof row?.['began'] === 'string' ? row['began'] : undefined
    const findings = [
      checkDatabase(connection),
      checkSchema(connection, await known()),
      checkClock(connection, now),
      checkBackups(settings, began, now),
      checkSlots(settings, keys, connection),
    ]
    return keys === undefined ? findings : [...findings, await checkAudit(connection, data_dir, keys)]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const mend = 'Restore a backup: paios backup list, then paios restore NAME'
    return [problem('database', `The database cannot be read: ${why}.`, mend)]
  } finally {
    connection?.close()
  }
}

function checkPort({ host, port }: Settings, server: DoctorOptions['server']): Finding {
  if (server.answers) return well('port', 'A server is running.')
  if (port === 0 || server.port === 'free') return well('port', `Port ${port} of ${host} is free.`)
  if (server.port === 'taken') {
    const says = `Port ${port} of ${host} is taken by another program.`
    return problem('port', says, 'End that program, or choose another port: PAIOS_PORT=3002 npm start')
  }
  return problem(
    'port',
    `This user may not take connections at port ${port} of ${host}.`,
    'Choose a port above 1023 and an address of this machine: PAIOS_PORT=3001 npm start',
  )
}

/** A lock ends with its process, so one that is held is held by somebody. */
function checkLock(settings: Settings, answers: boolean): Finding {
  const { data_dir } = settings
  if (!existsSync(databasePath(data_dir))) return well('lock', 'Nobody has the data folder.')
  try {
    lockFolder(data_dir)()
    // A sealed server opens nothing before it has its passphrase.
    if (answers && kindOf(settings) === 'passphrase')
      return note('lock', 'The server is sealed, and has not opened its data.', 'paios key unseal')
    return answers
      ? problem(
          'lock',
          'A server answers, but does not hold its data folder.',
          'Stop it and start it again: its data may be open elsewhere.',
        )
      : well('lock', 'Nobody has the data folder.')
  } catch (error) {
    if (!(error instanceof LockedFolderError)) throw error
    if (answers) return well('lock', 'The running server has the data folder.')
    return problem(
      'lock',
      'A process has the data folder, but no server answers: one that is starting, restoring, or hanging.',
      'Wait a minute and look again; if it stays, end that process (it is named in: fuser FOLDER/lock.sqlite).',
    )
  }
}

function neededPackages(): string[] {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return Object.keys((JSON.parse(text) as { dependencies: Record<string, string> }).dependencies)
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder))
}
