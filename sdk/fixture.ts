import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Value } from 'typebox/value'
import { ERRORS } from '../contract/errors.ts'
import type { ErrorName } from '../contract/errors.ts'
import { operations } from '../contract/index.ts'
import type { OperationName, Operations } from '../contract/index.ts'
import type { Input, Operation, Output } from '../contract/operation.ts'

/** A call as the fake server saw it. */
export interface Seen {
  name: string
  input: Record<string, unknown>
  token: string | undefined
  headers: Headers
}

/** Answers of the fake, by operation. Whatever one throws is a refusal when `refusal` made it. */
export type Fakes = {
  [N in OperationName]?: (input: Input<Operations[N]>, seen: Seen) => Output<Operations[N]>
}

interface Refusal {
  status: number
  code: string
  message: string
  details: Record<string, unknown> | undefined
}

class Refused extends Error {
  readonly told: Refusal
  constructor(told: Refusal) {
    super(told.message)
    this.told = told
  }
}

/** To be thrown by a fake. */
export function refusal(name: ErrorName, message: string, details?: Record<string, unknown>): Error {
  return new Refused({ ...ERRORS[name], message, details })
}

export const SIGNED_IN: Output<Operations['auth.login']> = {
  access_token: 'access-1',
  refresh_token: 'refresh-1',
  expires_in: 900,
  token_type: 'Bearer',
  user_id: '01890000-0000-7000-8000-000000000001',
  user: {
    id: '01890000-0000-7000-8000-000000000001',
    email: 'ann@example.org',
    created_at: '2026-11-22T10:00:00.000Z',
    updated_at: '2026-11-22T10:00:00.000Z',
    preferences: {
      voice_enabled: true,
      default_voice_language: 'en',
      biometric_enabled: false,
      theme: 'system',
      notification_settings: { in_app: true, push: false, email: false, sound: true, min_severity: 'info' },
    },
  },
}

/** A server made of the contract and a few answers: it refuses every call and every answer that breaks the contract. */
export function fakeServer(fakes: Fakes): { seen: Seen[]; fetch: typeof fetch } {
  const seen: Seen[] = []
  const answer: typeof fetch = async (asked, init) => {
    const request = new Request(asked, init)
    try {
      const [operation, call] = await read(request)
      seen.push(call)
      const fake = fakes[operation.name as OperationName] as
        | ((input: unknown, seen: Seen) => unknown)
        | undefined
      if (fake === undefined) throw refusal('SERVICE_UNAVAILABLE', `${operation.name} is not faked.`)
      const data = fake(call.input, call)
      breaks(`the answer of ${operation.name}`, operation.output, data)
      const { envelope, status } = operation.http
      return Response.json(
        { success: true, ...(envelope === 'flat' ? (data as object) : { data }) },
        { status },
      )
    } catch (error) {
      const { status, ...rest }: Refusal =
        error instanceof Refused ? error.told : { ...ERRORS.INTERNAL_SERVER_ERROR, ...describe(error) }
      const told = { ...rest, timestamp: '2026-11-22T10:00:00.000Z', request_id: 'request-1' }
      return Response.json({ success: false, error: told }, { status })
    }
  }
  return { seen, fetch: answer }
}

/** The fake server on a real port of this machine. */
export async function listen(fakes: Fakes): Promise<{ url: string; seen: Seen[]; close: () => void }> {
  const fake = fakeServer(fakes)
  const server = createServer((request, response) => {
    void toFetch(request).then(async ([url, init]) => {
      const answered = await fake.fetch(url, init)
      response.writeHead(answered.status, { 'Content-Type': 'application/json', Connection: 'close' })
      response.end(await answered.text())
    })
  })
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.listen(0, '127.0.0.1', () => resolve(undefined))
  await promise
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, seen: fake.seen, close: () => server.close() }
}

async function toFetch(request: IncomingMessage): Promise<[string, RequestInit]> {
  const { url = '', method = 'GET' } = request
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = chunks.length === 0 ? null : Buffer.concat(chunks).toString()
  return [`http://fake${url}`, { method, body, headers: request.headers as Record<string, string> }]
}

async function read(request: Request): Promise<[Operation, Seen]> {
  const url = new URL(request.url)
  for (const operation of Object.values<Operation>(operations)) {
    const match = patternOf(operation).exec(url.pathname)
    if (match === null || operation.http.method !== request.method) continue
    const params = Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)])
    const query = [...new Set(url.searchParams.keys())].map((name) => [name, typed(operation, name, url)])
    const body = request.body === null ? {} : ((await request.json()) as Record<string, unknown>)
    const input = { ...(Object.fromEntries([...params, ...query]) as Record<string, unknown>), ...body }
    breaks(`the input of ${operation.name}`, operation.input, input)
    const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
    return [operation, { name: operation.name, input, token, headers: request.headers }]
  }
  throw refusal('VALIDATION_ERROR', `There is no ${request.method} ${url.pathname}.`)
}

function patternOf({ http }: Operation): RegExp {
  const path = http.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
  return new RegExp(`^/api${path}$`)
}

function typed({ input }: Operation, name: string, { searchParams }: URL): unknown {
  const { type } = (input.properties[name] ?? {}) as { type?: string }
  const text = searchParams.get(name) ?? ''
  if (type === 'array') return searchParams.getAll(name)
  return type === 'integer' || type === 'boolean' ? (JSON.parse(text) as unknown) : text
}

function breaks(what: string, schema: Operation['input' | 'output'], value: unknown): void {
  const [error] = Value.Errors(schema, value)
  if (error !== undefined) {
    throw refusal('VALIDATION_ERROR', `${what}: ${error.instancePath} ${error.message}`)
  }
}

function describe(error: unknown): Pick<Refusal, 'message' | 'details'> {
  return { message: String(error), details: undefined }
}
