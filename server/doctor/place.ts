import { accessSync, constants, existsSync, statSync, statfsSync } from 'node:fs'
import { isSwapping } from '../kernel/backup/swap.ts'
import { openRootKey } from '../kernel/crypto.ts'
import { KeychainError } from '../kernel/keychain.ts'
import { KeyFileError, SealedError } from '../kernel/ring.ts'
import type { Keys } from '../kernel/crypto.ts'
import { systemRandom } from '../kernel/ids.ts'
import type { Settings } from '../kernel/settings.ts'
import { databasePath } from '../kernel/store/open.ts'
import { note, problem, well } from './finding.ts'
import type { Finding } from './finding.ts'

const GIB = 1_073_741_824
const MIB = 1_048_576
/** Below this, or this share of the disk, the server writes nothing any more. */
const FREE_BYTES_MIN = 256 * MIB
const FREE_SHARE_MIN = 0.05

/** Whether this is the Node that the program is written for. */
export function checkNode(found: string, wanted_major: number): Finding {
  const major = Number(found.replace(/^v/, '').split('.')[0])
  if (major === wanted_major) return well('node', `Node ${found} runs it.`)
  return problem(
    'node',
    `It runs under Node ${found}, and is written for Node ${wanted_major}.`,
    'Start it with: npm start (which brings the right one), or npx paios',
  )
}

/** Whether everything that the program needs is installed. */
export function checkPackages(needed: readonly string[], resolve: (name: string) => void): Finding {
  const missing = needed.filter((name) => {
    try {
      resolve(name)
      return false
    } catch {
      return true
    }
  })
  if (missing.length === 0) return well('packages', `All ${needed.length} packages are installed.`)
  const named = missing.slice(0, 5).join(', ')
  return problem(
    'packages',
    `${missing.length} packages are missing: ${named}.`,
    'Install them with: npm install',
  )
}

/** Whether the data folder is there, for its user alone, and can be written. */
export function checkFolder({ data_dir }: Pick<Settings, 'data_dir'>): Finding {
  const found = statSync(data_dir, { throwIfNoEntry: false })
  if (found === undefined)
    return note('folder', `There is no data folder ${data_dir} yet.`, 'The first start makes it: npm start')
  if (!found.isDirectory())
    return problem(
      'folder',
      `${data_dir} is no folder.`,
      'Set PAIOS_DATA_DIR to a folder, or move that file away.',
    )
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    return problem('folder', `Others on this machine can look into ${data_dir}.`, `chmod 700 ${data_dir}`)
  try {
    accessSync(data_dir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return problem(
      'folder',
      `${data_dir} cannot be written by this user.`,
      `Run this as the user of the server, or give it to this one: chown -R "$USER" ${data_dir}`,
    )
  }
  return well('folder', `${data_dir} is private and can be written.`)
}

/** Whether a restore was ended in the middle. */
export function checkRestore({ data_dir }: Pick<Settings, 'data_dir'>): Finding {
  if (!isSwapping(data_dir)) return well('restore', 'No restore was interrupted.')
  return problem(
    'restore',
    'A restore was interrupted half-way.',
    'Start the server, which finishes it: npm start',
  )
}

/** Whether the root key is there and is for its user alone. Answers the keys when it is. */
export function checkKey(settings: Pick<Settings, 'data_dir' | 'key_file' | 'root_key'>): {
  finding: Finding
  keys?: Keys
} {
  const { key_file, root_key, data_dir } = settings
  const hasData = existsSync(databasePath(data_dir))
  if (root_key === undefined && !existsSync(key_file)) {
    const says = `The key file ${key_file} is missing`
    if (!hasData)
      return { finding: note('key', `${says}, and there is no data yet.`, 'The first start makes it.') }
    const mend = 'Put it back from your copy. Without it the data cannot be read, and no backup of it either.'
    return { finding: problem('key', `${says}, though there is data.`, mend) }
  }
  try {
    const keys = openRootKey(settings, systemRandom, false)
    const says = root_key === undefined ? `The key file ${key_file} is there, and private.` : HANDED_OVER
    return { finding: well('key', says), keys }
  } catch (error) {
    return { finding: sayKey(error, key_file) }
  }
}

const HANDED_OVER = 'The root key is handed over by the environment.'

function sayKey(error: unknown, key_file: string): Finding {
  if (error instanceof SealedError)
    return note('key', `${error.message} What it opens was not looked at.`, 'paios audit verify asks for it.')
  if (error instanceof KeychainError)
    return problem('key', error.message, 'Unlock the keychain of the user of the server, and look again.')
  if (!(error instanceof KeyFileError)) throw error
  const found = statSync(key_file, { throwIfNoEntry: false })
  const isOpen = found?.isFile() === true && (found.mode & 0o077) !== 0
  return problem(
    'key',
    error.message,
    isOpen ? `chmod 600 ${key_file}` : 'Put the right key back from your copy.',
  )
}

/** Whether the disk has room for what is written. @param free - bytes that are free, of `total`. */
export function checkRoom(data_dir: string, { free, total }: Room): Finding {
  const least = Math.min(FREE_BYTES_MIN, total * FREE_SHARE_MIN)
  const said = free < GIB ? `${Math.floor(free / MIB)} MB` : `${Math.floor(free / GIB)} GB`
  if (free >= least) return well('disk', `The disk of ${data_dir} has ${said} free.`)
  return problem(
    'disk',
    `The disk of ${data_dir} is nearly full: ${said} are free, and below ${Math.ceil(least / MIB)} MB nothing is written.`,
    'Free some room on it; the server goes on by itself then.',
  )
}

export interface Room {
  free: number
  total: number
}

/** The room on the disk of a folder, or of the nearest one above it that is there. */
export function roomOf(folder: string): Room {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}
