import type { Challenge, Passkey } from './authenticator.ts'
import type { Endpoint, Endpoints } from './endpoints.ts'
import type { APIError } from './types/errors.ts'
import type { MCPMessage } from './types/messages.ts'

/** One request and what came back, as it came. */
export interface Exchange {
  /** `GET /agents/:id`, or what the specification does not have. */
  endpoint: string
  status: number
  headers: Headers
  body: unknown
}

export interface ClientOptions {
  /** Where the server is, without `/api`. */
  url: string
  token?: string
  passkey?: Passkey
  /** Sees everything that the server answers. */
  seen: (exchange: Exchange) => void
}

export interface Given<E extends Endpoint> {
  /** What stands for `:id`. */
  id?: string
  query?: Record<string, string>
  body?: Endpoints[E][0]
  /** A ticket of `POST /auth/biometric/verify` (decision 10), in place of a signature. */
  ticket?: string
}

/** A client that knows nothing but the specification, and how decisions 6 and 10 carry proofs. */
export interface Client {
  /** Asks and gives the body of a success; signs with the passkey where that is asked for. */
  ask<E extends Endpoint>(endpoint: E, given?: Given<E>): Promise<Endpoints[E][1]>
  /** Asks for what the server must refuse; signs nothing. */
  refusal<E extends Endpoint>(endpoint: E, given?: Given<E>): Promise<APIError & { status: number }>
  /** Sends a message of the message protocol to the address that decision 30 gives it. */
  send(message: MCPMessage): Promise<MCPMessage>
  /** Asks at an address that the specification does not have. */
  beyond(endpoint: string, body: object): Promise<Record<string, unknown>>
}

interface Sent {
  id?: string | undefined
  query?: Record<string, string> | undefined
  body?: object | undefined
  proof?: string | undefined
}

export function openClient({ url, token, passkey, seen }: ClientOptions): Client {
  const send = async (endpoint: string, { id = '', query = {}, body, proof }: Sent): Promise<Exchange> => {
    const [method = '', path = ''] = endpoint.split(' ')
    const search = String(new URLSearchParams(query))
    const response = await fetch(
      `${url}/api${path.replace(':id', encodeURIComponent(id))}${search && `?${search}`}`,
      {
        method,
        headers: {
          accept: 'application/vnd.paios.v1+json',
          'api-version': 'v1',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(proof === undefined ? {} : { 'x-biometric-proof': proof }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    )
    const exchange = {
      endpoint,
      status: response.status,
      headers: response.headers,
      body: await response.json(),
    }
    seen(exchange)
    return exchange
  }
  const prove = async (endpoint: string, sent: Sent): Promise<Exchange> => {
    const first = await send(endpoint, sent)
    const challenge = challengeIn(first.body)
    if (passkey === undefined || challenge === undefined) return first
    const biometric_verification = passkey.sign(challenge)
    if (sent.body !== undefined)
      return send(endpoint, { ...sent, body: { ...sent.body, biometric_verification } })
    const proof = Buffer.from(JSON.stringify(biometric_verification)).toString('base64url')
    return send(endpoint, { ...sent, proof })
  }
  return {
    ask: async (endpoint, { ticket, ...given } = {}) =>
      successOf(await prove(endpoint, { ...given, proof: ticket })) as never,
    refusal: async (endpoint, { ticket: proof, ...given } = {}) => {
      const { status, body } = await send(endpoint, { ...given, proof })
      if (status < 300) throw new Error(`${endpoint} was not refused: ${JSON.stringify(body)}`)
      return { ...(body as APIError), status }
    },
    send: async (message) => successOf(await prove('POST /mcp', { body: message })) as MCPMessage,
    beyond: async (endpoint, body) => successOf(await prove(endpoint, { body })) as Record<string, unknown>,
  }
}

function successOf({ endpoint, status, body }: Exchange): unknown {
  if (status < 300) return body
  throw new Error(`${endpoint} was refused with ${status} ${JSON.stringify(body)}`)
}

/** What a refusal that asks for a proof asks to be signed (decision 6). */
export function challengeIn(body: unknown): Challenge | undefined {
  const { error } = body as Partial<APIError>
  if (error?.code !== 'AUTH_002') return undefined
  const { challenge, rp_id } = error.details ?? {}
  return typeof challenge === 'string' && typeof rp_id === 'string' ? { challenge, rp_id } : undefined
}
