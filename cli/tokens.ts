import type { TokenStore, Tokens } from '../sdk/session.ts'
import { writeDurably } from '../server/kernel/files.ts'
import { readPrivate, unreadable } from './private.ts'

/** Sign-ins by the origin of their server. */
type Kept = Readonly<Record<string, Tokens>>

const REMEDY = 'Remove it, then: paios login'

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
  const text = readPrivate(path, REMEDY)
  if (text === undefined) return {}
  try {
    const { servers } = JSON.parse(text) as { servers: Kept }
    if (Object.values(servers).every(isTokens)) return servers
  } catch (error) {
    throw unreadable(path, REMEDY, error)
  }
  throw unreadable(path, REMEDY)
}

function isTokens(value: Partial<Tokens>): boolean {
  const { access_token, refresh_token, expires_at } = value
  return (
    typeof access_token === 'string' && typeof refresh_token === 'string' && typeof expires_at === 'number'
  )
}
