import type { KeyObject } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { verifySnapshot } from '../../kernel/audit/verify.ts'
import { openConnection } from '../../kernel/store/connection.ts'
import type { Connection } from '../../kernel/store/connection.ts'
import { integrityStore } from './store.ts'

/** Where the data is, and the keys that its audit was written with. */
export interface Order {
  path: string
  key: Uint8Array
  signing_key: KeyObject
  checkpoints_path: string
}

/** What was found; `lines` are those of the audit that could be looked at. */
export interface Findings {
  problems: string[]
  lines: number
}

/** Rows that are told of each kind of problem; of broken references one more is read, to know that there are more. */
const TOLD_MAX = 100

async function check({ path, key, signing_key, checkpoints_path }: Order): Promise<Findings> {
  let connection: Connection | undefined
  try {
    connection = openConnection(path, { synchronous: 'NORMAL', read_only: true })
    const problems = [...pagesOf(connection), ...referencesOf(connection)]
    const report = await verifySnapshot({ connection, key: Buffer.from(key), signing_key, checkpoints_path })
    return {
      problems: [...problems, ...report.problems.map(({ what }) => `audit: ${what}`)],
      lines: report.rows,
    }
  } catch (error) {
    // A database that is damaged enough cannot even be asked what is wrong with it.
    return { problems: [`database: it cannot be read (${String(error)})`], lines: 0 }
  } finally {
    connection?.close()
  }
}

function pagesOf(connection: Connection): string[] {
  return integrityStore.damages(connection, TOLD_MAX).map((what) => `database: ${what}`)
}

function referencesOf(connection: Connection): string[] {
  const found = integrityStore.orphans(connection, TOLD_MAX + 1)
  const told = found
    .slice(0, TOLD_MAX)
    .map(({ name, parent }) => `database: a row of ${name} names a row of ${parent} that is not there`)
  return found.length > TOLD_MAX ? [...told, 'database: and more such rows'] : told
}

parentPort?.postMessage(await check(workerData as Order))
