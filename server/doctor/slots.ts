import { accessSync, constants, statSync } from 'node:fs'
import { KeyslotsError, keyslotsPath, openKeyslots } from '../domains/vault/keyslots.ts'
import type { Keys } from '../kernel/crypto.ts'
import { systemRandom } from '../kernel/ids.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Connection } from '../kernel/store/connection.ts'
import { problem, well } from './finding.ts'
import type { Finding } from './finding.ts'

const BACK =
  'Put it back from your copy. Without one, delete these secrets and store them anew: paios credentials'

/** Whether the keys of stored secrets are there, for their user alone, and open. @param keys - where the root key is known. */
export function checkSlots(
  { key_file }: Pick<Settings, 'key_file'>,
  keys: Keys | undefined,
  connection: Connection,
): Finding {
  const path = keyslotsPath(key_file)
  const sealed = countByKey(connection)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    const count = sum(sealed.values())
    if (count === 0) return well('secrets', 'No secret is stored yet.')
    const says = `The file of keys ${path} is missing, and without it no stored secret opens (${count}).`
    return problem('secrets', says, BACK)
  }
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    return problem(
      'secrets',
      `The file of keys ${path} can be read by others on this machine.`,
      `chmod 600 ${path}`,
    )
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch {
    const mend = `Run this as the user of the server, or give it to this one: chown "$USER" ${path}; chmod 600 ${path}`
    return problem('secrets', `The file of keys ${path} cannot be read and written by this user.`, mend)
  }
  return keys === undefined
    ? well('secrets', `The file of keys ${path} is there, and private.`)
    : checkOpening(path, keys, sealed)
}

function checkOpening(path: string, keys: Keys, sealed: ReadonlyMap<string, number>): Finding {
  try {
    const slots = openKeyslots({ path, keys, random: systemRandom, now: () => '' })
    for (const user_id of slots.users()) for (const id of slots.of(user_id)) slots.open(user_id, id)
    const known = new Set(slots.all())
    const closed = sum([...sealed].filter(([id]) => !known.has(id)).map(([, count]) => count))
    if (closed === 0) return well('secrets', `The keys of stored secrets are in ${path}, and open.`)
    const says = `${closed === 1 ? 'One stored secret does' : `${closed} stored secrets do`} not open: the key is not in ${path}, which is older.`
    return problem('secrets', says, BACK)
  } catch (error) {
    if (!(error instanceof KeyslotsError)) throw error
    return problem('secrets', error.message, BACK)
  }
}

/** How many secrets are sealed under which key; nothing in the data of a version that stored none. */
function countByKey(connection: Connection): Map<string, number> {
  const tables = connection.all(`SELECT name FROM sqlite_master WHERE name = 'credentials'`, [])
  if (tables.length === 0) return new Map()
  const rows = connection.all('SELECT key_id, count(*) AS count FROM credentials GROUP BY key_id', [])
  return new Map(rows.map((row) => [String(row['key_id']), Number(row['count'])]))
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0)
}
