import { request } from 'node:http'
import type { Agent, IncomingMessage } from 'node:http'
import { connect } from 'node:net'

/** Where a server of the tests listens. */
interface Place {
  port: number
  /** Keeps connections; without one each question has a connection of its own. */
  agent?: Agent
}

/** What was answered. */
export interface Answered {
  status: number
  headers: IncomingMessage['headers']
  text: string
  body: Record<string, unknown>
}

export interface Asked {
  method?: string
  /** `undefined` leaves one out that would be sent. */
  headers?: Record<string, string | string[] | undefined>
  body?: string | Buffer | object
}

/** Asks over HTTP, with Alice's token unless the headers say otherwise. An object is sent as JSON. */
export function ask({ port, agent }: Place, path: string, asked: Asked = {}): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const isJson = typeof asked.body === 'object' && !Buffer.isBuffer(asked.body)
  const body = isJson ? JSON.stringify(asked.body) : asked.body
  const all: Record<string, string | string[] | number | undefined> = {
    authorization: 'Bearer alice',
    host: `localhost:${port}`,
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body as string) }),
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...asked.headers,
  }
  const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const sent = request(
    { host: '127.0.0.1', port, path, method: asked.method ?? 'GET', headers, agent: agent ?? false },
    (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => {
        const isObject = text.startsWith('{')
        const parsed = isObject ? (JSON.parse(text) as Record<string, unknown>) : {}
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body: parsed })
      })
    },
  )
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** Sends bytes as they are and gives everything that comes back until the connection ends. */
export function raw({ port }: Place, ...parts: (string | Buffer)[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => {})
  socket.on('close', () => resolve(text))
  for (const part of parts) socket.write(part)
  return promise
}

/** The error of an answer, which must have the form that every error has. */
export function errorOf({ body, headers, status }: Pick<Answered, 'body' | 'headers' | 'status'>): {
  status: number
  code: string
  message: string
  details: Record<string, unknown> | undefined
} {
  const { success, error } = body as { success: unknown; error: Record<string, unknown> | undefined }
  const { code, message, details, timestamp, request_id } = error ?? {}
  const isWhole = success === false && typeof code === 'string' && typeof message === 'string'
  if (!isWhole || typeof timestamp !== 'string' || request_id !== headers['x-request-id']) {
    throw new Error(`Not an APIError: ${JSON.stringify(body)}`)
  }
  return { status, code, message, details: details as Record<string, unknown> | undefined }
}
