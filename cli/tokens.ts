import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import type { TokenStore, Tokens } from '../sdk/session.ts'
import { writeDurably } from '../server/kernel/files.ts'
import { EXIT, Stop } from './exit.ts'

/** Sign-ins by the origin of their server. */
type Kept = Readonly<Record<string, Tokens>>

/**
 * Keeps the sign-in at one server in a file that holds those at all.
 *
 * @throws Stop, from every method, for a file that others can read or that is not of this form.
 */
export function tokenFile(path: string, origin: string): TokenStore {
  const write = (servers: Kept): void => writeDurably(path, `${JSON.stringify({ servers }, undefined, 2)}\n`)
  return {
    load: async () => Promise.resolve(read(path)[origin]),
    save: async (tokens) => Promise.resolve(write({ ...read(path), [origin]: tokens })),
    clear: async () => {
      const { [origin]: gone, ...others } = read(path)
      return Promise.resolve(gone === undefined ? undefined : write(others))
    },
  }
}

function read(path: string): Kept {
  const text = readPrivate(path)
  if (text === undefined) return {}
  try {
    const { servers } = JSON.parse(text) as { servers: Kept }
    if (Object.values(servers).every(isTokens)) return servers
  } catch (error) {
    throw broken(path, error)
  }
  throw broken(path)
}

function isTokens(value: Partial<Tokens>): boolean {
  const { access_token, refresh_token, expires_at } = value
  return (
    typeof access_token === 'string' && typeof refresh_token === 'string' && typeof expires_at === 'number'
  )
}

function broken(path: string, cause?: unknown): Stop {
  return new Stop(EXIT.failed, `${path} is not readable. Remove it, then: paios login`, { cause })
}

/** Reads and checks the same open file, so that it cannot be exchanged in between. */
function readPrivate(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw broken(path, error)
  }
  try {
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0) {
      throw new Stop(EXIT.failed, `Others can read ${path}. Close it with: chmod 600 ${path}`)
    }
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}
