import { createHash } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Challenge } from '../../contract/auth.ts'
import { operations } from '../../contract/index.ts'
import type { Operation } from '../../contract/operation.ts'
import { makeKey, signChallenge } from '../../sdk/authenticator.ts'
import type { Assertion, SoftwareKey } from '../../sdk/authenticator.ts'
import { toRequest } from '../../sdk/request.ts'
import type { AppOptions } from '../../server/app.ts'
import { documentPages } from '../../server/transports/documents/pages.ts'
import { openHttp } from '../../server/transports/http.ts'
import { openPage } from '../../server/transports/page.ts'
import { openSocket } from '../../server/transports/socket.ts'
import type { SocketBounds } from '../../server/transports/socket.ts'
import { openClient } from '../../server/transports/socket/rig.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import { PASSWORD, openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'

/** Somebody who is signed in. */
export interface Person {
  email: string
  user_id: string
  token: string
  refresh_token: string
  /** Ids of their agents by number. */
  agents: ReadonlyMap<number, string>
  /** Their passkey, once it is enrolled. */
  key?: SoftwareKey
}

/** What was answered. */
export interface Answered {
  status: number
  headers: IncomingMessage['headers']
  text: string
  /** The JSON of the answer, or an empty object. */
  body: Record<string, unknown>
}

export interface Asked {
  token?: string | undefined
  /** An object is sent as JSON, everything else as it is. */
  body?: string | Buffer | object | undefined
  proof?: unknown
  /** `undefined` leaves one out that would be sent. */
  headers?: Readonly<Record<string, string | string[] | undefined>>
}

export type Fields = Readonly<Record<string, unknown>>

/** A whole server on a free port of this machine, to be attacked: Ann owns it, Bob is another user. */
export interface Target extends TestApp {
  port: number
  /** Of the page that is served, to which passkeys belong. */
  origin: string
  ann: Person
  bob: Person
  /** Asks with a method and a path, such as `GET /api/auth/me`. */
  http(line: string, asked?: Asked): Promise<Answered>
  /** Asks for an operation as its binding says. */
  perform(operation: Operation, input: Fields, asked?: Asked): Promise<Answered>
  /** Signs in by password. */
  signIn(email: string): Promise<Person>
  /** Enrols a passkey for a person, proven by an earlier one if there is one; it becomes `key`. */
  enrol(person: Person): Promise<SoftwareKey>
  /** A fresh challenge for a call. */
  challenge(person: Person, operation: Operation, input: Fields): Promise<Challenge>
  /** A fresh proof for a call. */
  proof(person: Person, operation: Operation, input: Fields): Promise<Assertion>
  /** Opens a socket; it is closed with the server. */
  open(token: string | undefined): Client
  /** One digest for each table: what changed when two differ. */
  state(): Readonly<Record<string, string>>
}

export interface TargetOptions {
  limits?: AppOptions['limits']
  bounds?: Partial<SocketBounds>
  app?: Partial<AppOptions> & { data_dir?: string }
  /** A server without users. */
  unclaimed?: boolean
}

/** The clock stands still, so that everything that a test sends falls into one and the same second. */
const ROOMY: Partial<SocketBounds> = { events_per_s: 100_000, packets_per_s: 1_000_000 }
/** Not effects of a call: its own line, the challenges that are used up, and how full-text search keeps its words. */
const APART = /^(?:audit|used_nonces|sqlite_|memory_words_)/
const NOBODY: Person = { email: '', user_id: '', token: '', refresh_token: '', agents: new Map() }
const PAGE = fileURLToPath(new URL('../../page', import.meta.url))

export async function openTarget({
  limits,
  bounds,
  app: given,
  unclaimed,
}: TargetOptions = {}): Promise<Target> {
  const opened = await openTestApp({ ...given, ...(limits === undefined ? {} : { limits }) })
  const { app, clock } = opened
  const { dispatch, kernel, auth } = app
  const { settings, log } = kernel
  const isUnclaimed = () => auth.setup_code() !== undefined
  const http = await openHttp({
    dispatch,
    operations,
    settings,
    log,
    files: openPage({ folder: PAGE, packages: {}, isUnclaimed }),
    pages: documentPages('0.0.0', settings),
  })
  const shared = { dispatch, operations, settings, log, clock, ...app.doors }
  const sockets = openSocket({ ...shared, server: http.server, bounds: { ...ROOMY, ...bounds } })
  const port = Number(new URL(await http.listen()).port)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const clients: Client[] = []
  const ask: Target['http'] = (line, asked) => send({ port, agent }, line, asked)
  const target: Target = {
    ...opened,
    port,
    origin: `http://localhost:${port}`,
    ann: NOBODY,
    bob: NOBODY,
    http: ask,
    perform: (operation, input, asked = {}) => {
      const { method, path, body } = toRequest(operation, input)
      const headers = {
        'content-type': body === undefined ? undefined : 'application/json',
        ...asked.headers,
      }
      return ask(`${method} ${path}`, { ...asked, body, headers })
    },
    signIn: (email) => signIn(target, email),
    enrol: (person) => enrol(target, person),
    challenge: async ({ token }, { name }, input) => {
      const body = { purpose: 'operation', operation: name, input }
      return dataOf<Challenge>(await ask('POST /api/auth/biometric/challenge', { token, body }))
    },
    proof: async (person, operation, input) => {
      if (person.key === undefined) throw new Error(`${person.email} has no passkey.`)
      return signChallenge(person.key, await target.challenge(person, operation, input))
    },
    open: (token) => {
      const client = openClient(port, token ?? '', token === undefined ? { auth: {} } : {})
      clients.push(client)
      return client
    },
    state: () => digestTables(opened),
    close: async () => {
      agent.destroy()
      for (const { socket } of clients) socket.disconnect()
      await sockets.close()
      await http.close(0)
      await opened.close()
    },
    remove: async () => {
      await target.close()
      await opened.remove()
    },
  }
  if (unclaimed !== true) await settle(target)
  return target
}

/** Makes the two users, or finds them on a server that was opened before. */
async function settle(target: Target): Promise<void> {
  if (target.app.auth.setup_code() !== undefined) {
    await target.claim('ann@example.org')
    await target.app.auth.addUser('bob@example.org', PASSWORD)
  }
  target.ann = await target.signIn('ann@example.org')
  target.bob = await target.signIn('bob@example.org')
}

async function signIn(target: Target, email: string): Promise<Person> {
  const body = { email, password: PASSWORD }
  const signedIn = dataOf<Pick<Person, 'user_id' | 'refresh_token'> & { access_token: string }>(
    await target.http('POST /api/auth/login', { body }),
  )
  const { user_id, refresh_token, access_token: token } = signedIn
  const { agents } = dataOf<{ agents: { agent_number: number; id: string }[] }>(
    await target.http('GET /api/agents', { token }),
  )
  const known = new Map(agents.map(({ agent_number, id }) => [agent_number, id]))
  return { email, user_id, token, refresh_token, agents: known }
}

async function enrol(target: Target, person: Person): Promise<SoftwareKey> {
  const { token } = person
  const body = { purpose: 'setup' }
  const challenge = dataOf<Challenge>(
    await target.http('POST /api/auth/biometric/challenge', { token, body }),
  )
  const { key, registered } = makeKey(target.origin, challenge)
  const setup = operations['auth.biometric_setup']
  const proof = person.key === undefined ? undefined : await target.proof(person, setup, { ...registered })
  const answered = await target.perform(setup, { ...registered }, { token, proof })
  if (answered.status !== 200) throw new Error(answered.text)
  person.key = key
  return key
}

/** Asks over HTTP, from an address of this machine. */
function send(
  { port, agent }: { port: number; agent: Agent },
  line: string,
  { token, body, proof, headers }: Asked = {},
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const [method = '', path = ''] = line.split(' ')
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body)
  const bytes = isJson ? JSON.stringify(body) : body
  const all: Record<string, string | string[] | number | undefined> = {
    host: `localhost:${port}`,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(bytes === undefined ? {} : { 'content-length': Buffer.byteLength(bytes) }),
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...(proof === undefined ? {} : { 'x-biometric-proof': inHeader(proof) }),
    ...headers,
  }
  const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const sent = request({ host: '127.0.0.1', port, agent, method, path, headers: present }, (answer) => {
    let text = ''
    answer.setEncoding('utf8')
    answer.on('data', (chunk: string) => (text += chunk))
    answer.on('error', reject)
    answer.on('end', () => {
      const parsed = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body: parsed })
    })
  })
  sent.on('error', reject)
  sent.end(bytes)
  return promise
}

/** How a proof travels in a header: a ticket as it is, all else as base64url JSON. */
function inHeader(proof: unknown): string {
  return typeof proof === 'string' ? proof : Buffer.from(JSON.stringify(proof)).toString('base64url')
}

function digestTables({ app: { kernel } }: TestApp): Record<string, string> {
  const { connection } = kernel.store.reader
  const names = connection.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", [])
  const kept = names.map(({ name }) => String(name)).filter((name) => !APART.test(name))
  const digest = (name: string) =>
    createHash('sha256')
      .update(JSON.stringify(connection.all(`SELECT * FROM "${name}"`, [])))
      .digest('hex')
  return Object.fromEntries(kept.map((name) => [name, digest(name)]))
}

/** The data of a success. @throws Error with the refusal otherwise. */
export function dataOf<T = Record<string, unknown>>({ status, text, body }: Answered): T {
  if (status >= 300) throw new Error(`${status} ${text}`)
  return (body['data'] ?? body) as T
}

/** `status code` of a refusal with its reason, such as `403 AUTH_002 proof_missing`; the status alone of a success. */
export function outcomeOf({ status, body }: Pick<Answered, 'status' | 'body'>): string {
  const { code, details } = faultOf(body)
  const reason = details?.['reason']
  return [status, code, typeof reason === 'string' ? reason : undefined].filter(Boolean).join(' ')
}

/** The error of a body, which is the same from every transport; that of a message is in the data of its own. */
export function faultOf(body: unknown): {
  code?: string
  message?: string
  details?: Record<string, unknown>
  request_id?: string
} {
  const error = (body as { error?: { code?: unknown; data?: object } } | undefined)?.error ?? {}
  return (typeof error.code === 'number' ? error.data : (error as object)) ?? {}
}

/** Leaves a test out because of what the server itself has just said. */
export function leaveOut(t: TestContext, needs: string): void {
  t.skip(`needs ${needs}`)
}

/** Whether an operation said, after all guards, that it is not built yet; the test is then left for later. */
export function skipped(t: TestContext, operation: Operation, body: unknown): boolean {
  if (!isNotBuilt(body)) return false
  leaveOut(t, `${operation.name}, which is not built yet`)
  return true
}

export function isNotBuilt(body: unknown): boolean {
  return faultOf(body).details?.['reason'] === 'not_built'
}

/** Refuses a list of what went wrong, said so that it can be read. */
export function none(wrong: readonly string[]): void {
  if (wrong.length > 0)
    throw new Error(`${wrong.length} wrong:\n${wrong.slice(0, 30).join('\n').slice(0, 8_000)}`)
}
