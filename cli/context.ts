import { hostname } from 'node:os'
import { openClient } from '../sdk/client.ts'
import type { Client, ClientOptions } from '../sdk/client.ts'
import { toOrigin, toPage } from '../sdk/origin.ts'
import type { TokenStore } from '../sdk/session.ts'
import { EXIT, Stop } from './exit.ts'
import type { Io } from './io.ts'
import { keyFile } from './keys.ts'
import type { KeyFile } from './keys.ts'
import { keyPath, tokenPath } from './place.ts'
import { tokenFile } from './tokens.ts'

export interface ContextOptions {
  json?: boolean
  /** Has a call approved that this machine cannot prove. */
  approve?: boolean
  url?: string
}

/** What every command works with. */
export interface Context {
  io: Io
  client: Client
  tokens: TokenStore
  /** Passkeys of this machine for the server. */
  keys: KeyFile
  json: boolean
  /** Somebody can be asked: there is a terminal, and no program reads the answer. */
  interactive: boolean
}

export function openContext(io: Io, { json = false, approve = false, url }: ContextOptions): Context {
  const origin = readOrigin(url ?? defaultUrl(io.environment))
  const tokens = tokenFile(tokenPath(io.environment), origin)
  const keys = keyFile(keyPath(io.environment), toPage(origin))
  // Header values are Latin-1; a name of a machine need not be.
  const user_agent = `paios (${hostname().replaceAll(/[^\w.-]/g, '?')})`
  const { fetch, now } = io
  const proving: Partial<ClientOptions> = {
    authenticate: async (challenge) => (await import('./prove.ts')).prove(keys, challenge),
  }
  if (approve) {
    proving.approve = async (pending, operation) =>
      (await import('./wait.ts')).waitForApproval({ io, client }, pending, operation)
  }
  const client: Client = openClient({ url: origin, tokens, fetch, now, user_agent, ...proving })
  return { io, tokens, keys, client, json, interactive: io.stdin.isTTY === true && !json }
}

/** @throws Stop when nobody is signed in. */
export async function requireSignedIn({ tokens }: Pick<Context, 'tokens'>): Promise<void> {
  if ((await tokens.load()) !== undefined) return
  throw new Stop(EXIT.not_signed_in, 'Nobody is signed in. First time? paios setup. Otherwise: paios login.')
}

function defaultUrl({ PAIOS_URL: url = '', PAIOS_PORT: port = '' }: Io['environment']): string {
  return url === '' ? `http://localhost:${port === '' ? '3001' : port}` : url
}

function readOrigin(url: string): string {
  try {
    return toOrigin(url)
  } catch (error) {
    if (error instanceof TypeError) throw new Stop(EXIT.usage, error.message, { cause: error })
    throw error
  }
}
