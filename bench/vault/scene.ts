import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Challenge } from '../../contract/auth.ts'
import { operations } from '../../contract/index.ts'
import type { OperationName, Operations } from '../../contract/index.ts'
import type { Input, Output } from '../../contract/operation.ts'
import { makeKey, signChallenge } from '../../sdk/authenticator.ts'
import type { Assertion, SoftwareKey } from '../../sdk/authenticator.ts'
import type { App } from '../../server/app.ts'
import { openBenchApp } from '../http/app.ts'
import { ask, signIn } from '../workflows/place.ts'

/** The page that the passkey belongs to, which the settings of benchmarks name. */
export const PAGE = 'http://localhost:3001'
/** Where an agent sends secrets. */
export const ORIGIN = 'https://api.example.com'
/** Stored ones, each of which an agent was granted: as many as one may have less a few. */
const CREDENTIALS = 160
const AGENT_NUMBER = 8

/** What both sides know of the one user: the passkey, what is stored, and the agent that may use it. */
export interface Scene {
  user_id: string
  token: string
  key: SoftwareKey
  /** COSE, base64url, as it is stored. */
  public_key: string
  agent_id: string
  credentials: readonly string[]
}

/** Makes a data folder with a user, a passkey, secrets and grants, and a copy of it, so that both sides begin alike. */
export async function prepare(folder: string): Promise<{ ours: string; control: string; scene: Scene }> {
  const [ours, control] = [join(folder, 'ours'), join(folder, 'control')]
  const app = await openBenchApp(ours)
  const [client] = await signIn(app, 1)
  if (client === undefined) throw new Error('Nobody is signed in.')
  const { token, user_id } = client
  const asked = await ask(app, token, 'auth.biometric_challenge', { purpose: 'setup' })
  const { key, registered } = makeKey(PAGE, asked)
  await ask(app, token, 'auth.biometric_setup', registered)
  const { id: agent_id } = await ask(app, token, 'agents.get', { id: String(AGENT_NUMBER) })
  const credentials: string[] = []
  for (let number = 0; number < CREDENTIALS; number += 1)
    credentials.push(await store(app, { token, key }, number))
  const [passkey] = app.kernel.store.reader.connection.all('SELECT public_key FROM passkeys', [])
  await app.close(0)
  cpSync(ours, control, { recursive: true })
  const public_key = String(passkey?.['public_key'])
  return { ours, control, scene: { user_id, token, key, public_key, agent_id, credentials } }
}

/** Stores a secret and lets the agent use it; answers its id. */
async function store(app: App, who: Pick<Scene, 'token' | 'key'>, number: number): Promise<string> {
  const { id } = await prove(app, who, 'credentials.store', {
    service_name: `service ${number}`,
    credential_type: 'api_key',
    credential_data: { value: `sk-${String(number).padStart(4, '0')}-0123456789abcdef0123456789abcdef` },
  })
  await prove(app, who, 'credentials.grant', {
    credential_id: id,
    agent_number: AGENT_NUMBER,
    destinations: [{ origin: ORIGIN, in: 'header', name: 'authorization' }],
  })
  return id
}

async function prove<N extends OperationName>(
  app: App,
  who: Pick<Scene, 'token' | 'key'>,
  name: N,
  input: Input<Operations[N]>,
): Promise<Output<Operations[N]>> {
  return perform(app, who.token, name, input, await proofFor(app, who, name, input))
}

/** Asks for the challenge of a call and signs it. */
export async function proofFor<N extends OperationName>(
  app: App,
  { token, key }: Pick<Scene, 'token' | 'key'>,
  operation: N,
  input: Input<Operations[N]>,
): Promise<Assertion> {
  const asked = { purpose: 'operation', operation, input: { ...input } } as const
  const challenge: Challenge = await ask(app, token, 'auth.biometric_challenge', asked)
  return signChallenge(key, challenge)
}

/** A call as a transport hands it on, with its proof. */
export async function perform<N extends OperationName>(
  { dispatch }: Pick<App, 'dispatch'>,
  token: string,
  name: N,
  input: Input<Operations[N]>,
  proof: Assertion,
): Promise<Output<Operations[N]>> {
  const head = {
    operation: operations[name],
    transport: 'http',
    token,
    ip: '127.0.0.1',
    user_agent: 'bench',
    request_id: undefined,
  } as const
  const { signal } = new AbortController()
  const reply = await dispatch.begin(head).answer({ input, proof, signal })
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`)
  return reply.data as Output<Operations[N]>
}
