import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { APIError } from '../../contract/errors.ts'
import type { AuditLine } from '../kernel/audit.ts'
import { Fault, asFault, toAPIError } from '../kernel/fault.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Tx } from '../kernel/store/store.ts'
import { parseBody, readBody } from './http/body.ts'

const BODY_BYTES_MAX = 65_536
/** The longest path that every platform takes for a socket, without its last byte. */
const PATH_BYTES_MAX = 103

/** What a running command gets to end in when the server stops. */
const CLOSE_MS = 5_000

/**
 * A command that the administrator of the machine gives to the running server. One that changes the database hands its
 * transaction to `audit`, with the id of what it changes: then there is no effect without its line.
 */
export type Command = (input: unknown, audit: (tx: Tx, target: string) => void) => Promise<unknown>

export interface ControlOptions {
  path: string
  handlers: Readonly<Record<string, Command>>
  kernel: Pick<Kernel, 'clock' | 'id' | 'log'> & {
    audit: Pick<Kernel['audit'], 'admit' | 'flush' | 'note' | 'write'>
    store: Pick<Kernel['store'], 'settled'>
  }
}

/** Where the running server takes commands: a socket that only its own user can open. */
export function controlPath(data_dir: string): string {
  if (process.platform !== 'win32') return join(data_dir, 'control.sock')
  return `\\\\.\\pipe\\paios-${createHash('sha256').update(data_dir).digest('hex').slice(0, 32)}`
}

/** The command could not be given or was refused; the message is for people. */
export class ControlError extends Error {
  /** The server's refusal, when there was one to answer. */
  readonly refusal: APIError['error'] | undefined
  constructor(message: string, refusal?: APIError['error'], cause?: unknown) {
    super(message, { cause })
    this.refusal = refusal
  }
}

/**
 * Takes commands at a path. What a server that died left there is replaced.
 *
 * @throws ControlError when a server that runs has it, or the path is too long for a socket.
 */
export async function openControl(options: ControlOptions): Promise<{ close(): Promise<void> }> {
  const { path } = options
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    throw new ControlError(`The path ${path} is too long for a socket: choose a shorter data folder.`)
  }
  if (await isAnswered(path)) throw new ControlError(`Another server takes commands at ${path}.`)
  if (process.platform !== 'win32') rmSync(path, { force: true })
  const server = createServer((asked, answered) => void serve(options, asked, answered))
  await listen(server, path)
  return {
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      server.close(() => resolve(undefined))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
      await promise
      clearTimeout(timer)
    },
  }
}

/** Whether a server takes commands for a data folder. */
export function isControlled(data_dir: string): Promise<boolean> {
  return isAnswered(controlPath(data_dir))
}

/** The socket is made with the rights of the process, so these are narrowed while it is. */
async function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  const mask = process.umask(0o177)
  server.listen(path, () => resolve(undefined))
  process.umask(mask)
  await promise
  server.off('error', reject)
}

function isAnswered(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path)
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

async function serve(
  { handlers, kernel }: ControlOptions,
  asked: IncomingMessage,
  answered: ServerResponse,
): Promise<void> {
  const request_id = kernel.id()
  const name = asked.url?.slice(1) ?? ''
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  const lineOf = openLine(kernel, request_id, handler === undefined ? 'unknown' : `control.${name}`)
  let audited = false
  let outcome: { status: number; body: unknown }
  try {
    kernel.audit.admit()
    const data = await run(handler, asked, (tx, target) => {
      kernel.audit.write(tx, lineOf(200, 'ok', target))
      tx.afterCommit(() => (audited = true))
    })
    if (!audited) kernel.audit.note(lineOf(200, 'ok'))
    await settle(kernel)
    outcome = { status: 200, body: { success: true, data } }
  } catch (error) {
    const { status, code } = asFault(error)
    if (status === 500) kernel.log.error('a command failed', { request_id, error })
    kernel.audit.note(lineOf(status, code))
    await settle(kernel).catch(() => {})
    outcome = { status, body: toAPIError(error, request_id, kernel.clock.now()) }
  }
  // One command a connection: a client that keeps it would keep the server from ending.
  answered.writeHead(outcome.status, { 'Content-Type': 'application/json', Connection: 'close' })
  answered.end(JSON.stringify(outcome.body))
}

/** Writes what waits: whoever was answered finds the command in the audit, also after a power cut. */
async function settle({ audit, store }: ControlOptions['kernel']): Promise<void> {
  await audit.flush()
  await store.settled()
}

function openLine({ clock }: ControlOptions['kernel'], request_id: string, operation: string) {
  const started = clock.elapsed()
  return (status: number, outcome: string, target: string | null = null): AuditLine => ({
    request_id,
    actor: null,
    session_id: null,
    transport: 'control',
    operation,
    target,
    status,
    outcome,
    ip: '',
    counted: 0,
    duration_ms: Math.round((clock.elapsed() - started) * 1000) / 1000,
  })
}

async function run(
  handler: Command | undefined,
  asked: IncomingMessage,
  audit: Parameters<Command>[1],
): Promise<unknown> {
  const bytes = await readBody(asked, BODY_BYTES_MAX).bytes
  if (asked.method !== 'POST' || handler === undefined) {
    throw new Fault('VALIDATION_ERROR', 'There is no such command.', undefined, { status: 404 })
  }
  return (await handler(parseBody(bytes), audit)) ?? {}
}

/**
 * Gives a command to the running server and answers what it answered.
 *
 * @throws ControlError
 */
export async function askControl(path: string, name: string, input: unknown): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request({ socketPath: path, path: `/${name}`, method: 'POST', agent: false }, (answer) => {
    let text = ''
    answer.setEncoding('utf8')
    answer.on('data', (part: string) => (text += part))
    answer.on('end', () => resolve(text))
    answer.on('error', reject)
  })
  sent.on('error', reject)
  sent.end(JSON.stringify(input ?? {}))
  let text: string
  try {
    text = await promise
  } catch (error) {
    throw new ControlError(explain(error, path), undefined, error)
  }
  const body = JSON.parse(text) as { success: true; data: unknown } | APIError
  if (body.success) return body.data
  throw new ControlError(body.error.message, body.error)
}

function explain(error: unknown, path: string): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return `No server is running at ${path}. Start it first.`
  if (code === 'EACCES' || code === 'EPERM')
    return `Only the user whose server runs at ${path} can command it.`
  return `The server at ${path} did not answer.`
}
