import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { STRANGER_BODY_BYTES_MAX } from '../../../contract/operation.ts'
import type { Operation } from '../../../contract/operation.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Dispatch, Exchange, Reply } from '../dispatch.ts'
import { carry } from '../messages/carry.ts'
import type { Files } from '../static.ts'
import { checkBody, hasBody, parseBody, readBody } from './body.ts'
import type { BodyType } from './body.ts'
import { openCookie } from './cookie.ts'
import type { Cookie } from './cookie.ts'
import { decodeRequest } from './decode.ts'
import { fileResponse, movedResponse } from './documents.ts'
import type { Documents } from './documents.ts'
import type { Gate } from './gate.ts'
import { checkVersion, isApi, readHead } from './head.ts'
import type { InTurn } from './in-turn.ts'
import { METRICS_PATH } from './metrics.ts'
import type { Metrics } from './metrics.ts'
import { own } from './operations.ts'
import { send, sendRaw, toResponse } from './response.ts'
import type { Response } from './response.ts'
import type { Exchanged, Params } from './router.ts'
import { pathOf } from './routes.ts'
import type { Routes } from './routes.ts'
import type { Traffic } from './traffic.ts'
import { WEBHOOK_TYPE, allowing, decodeWebhook } from './webhook.ts'

/** What serving a request needs. */
export interface Site {
  dispatch: Dispatch
  gate: Gate
  traffic: Traffic
  inTurn: InTurn
  routes: Routes
  documents: Documents
  files: Files | undefined
  metrics: Metrics | undefined
}

/** Answers an operation. */
export async function serveOperation(
  site: Site,
  operation: Operation,
  { request, response }: Exchanged,
  params: Params,
): Promise<void> {
  const token = operation.carries === 'webhook' ? (params['token'] ?? '') : undefined
  const { exchange, refused } = begin(site, operation, request, token)
  const cookie = refused === undefined ? openCookie(operation, request, site.gate) : undefined
  const answered =
    refused === undefined
      ? await answer(site, exchange, operation, { request, response, params, cookie })
      : await exchange.refuse(refused)
  const { reply, headers } = cookie?.keep(answered) ?? { reply: answered, headers: allowing(answered) }
  finish(site, { request, response }, toResponse(operation, reply, headers))
}

/** Answers what is no operation: documents, files, questions about methods, and mistakes. */
export async function serveOther(site: Site, { request, response }: Exchanged): Promise<void> {
  const { url = '', method } = request
  const path = pathOf(url)
  const file = isApi(url) ? undefined : site.files?.find(path)
  const metrics = path === METRICS_PATH ? site.metrics : undefined
  const methods =
    site.routes.methods(path) ?? ((metrics ?? file ?? site.documents.has(path)) ? ['GET', 'HEAD'] : undefined)
  const allow = methods === undefined ? {} : { Allow: [...methods, 'OPTIONS'].join(', ') }
  const isReading = method === 'GET' || method === 'HEAD'
  if (method === 'OPTIONS' && (methods !== undefined || url === '*')) {
    await serveOwn(site, own.options, { request, response }, () => ({
      status: 204,
      headers: allow,
      body: '',
    }))
  } else if (isReading && metrics !== undefined) {
    const operation = metrics.isNear(request) ? own.near_metrics : own.metrics
    await serveOwn(site, operation, { request, response }, metrics.read)
  } else if (isReading && site.documents.has(path)) {
    await serveOwn(site, own.document, { request, response }, () => site.documents.read(path, request))
  } else if (isReading && file !== undefined && readHead(request, site.gate).fault === undefined) {
    const home = site.gate.home(request)
    finish(
      site,
      { request, response },
      home === undefined ? fileResponse(request, file) : movedResponse(`${home}${url}`),
    )
  } else {
    const fault =
      methods === undefined
        ? new Fault('VALIDATION_ERROR', 'There is nothing at this address.', undefined, { status: 404 })
        : new Fault('VALIDATION_ERROR', 'This address does not take that method.', undefined, { status: 405 })
    await serveFault(site, { request, response }, fault, allow)
  }
}

/** Refuses a request that belongs to no operation. */
export async function serveFault(
  site: Site,
  { request, response }: Exchanged,
  fault: Fault,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { exchange, refused } = begin(site, undefined, request)
  const reply = await exchange.refuse(refused ?? fault)
  finish(site, { request, response }, toResponse(undefined, reply, headers))
}

/** Answers what was no HTTP, or did not become a whole request in time. */
export async function serveBroken(site: Site, fault: Fault, socket: Socket): Promise<void> {
  const connection = site.traffic.of(socket)
  if (connection?.broken === true) return
  if (connection?.fail !== undefined) {
    // The request has begun: it is the one to be answered, with this for its end.
    connection.broken = true
    connection.fail(fault)
    return
  }
  if (connection === undefined || connection.requests > 0 || !socket.writable || socket.bytesRead === 0) {
    socket.destroy()
    return
  }
  connection.broken = true
  const exchange = site.dispatch.begin({
    operation: undefined,
    transport: 'http',
    token: undefined,
    ip: socket.remoteAddress ?? '',
    user_agent: '',
    request_id: undefined,
  })
  sendRaw(socket, toResponse(undefined, await exchange.refuse(exchange.refused ?? fault)))
}

function begin(
  { dispatch, gate }: Site,
  operation: Operation | undefined,
  request: IncomingMessage,
  token?: string,
): { exchange: Exchange; refused: Fault | undefined } {
  const { fault, ...head } = readHead(request, gate, token)
  const exchange = dispatch.begin({ operation, transport: 'http', ...head })
  // Who asks too often hears that alone: otherwise what is malformed could be sent without a limit.
  const isTooMuch = exchange.refused?.status === 429
  const early = isTooMuch ? exchange.refused : (fault ?? exchange.refused)
  return { exchange, refused: early ?? (isApi(request.url ?? '') ? checkVersion(request) : undefined) }
}

async function answer(
  site: Site,
  exchange: Exchange,
  operation: Operation,
  { request, response, params, cookie }: Exchanged & { params: Params; cookie: Cookie | undefined },
): Promise<Reply> {
  const away = new AbortController()
  // After a whole answer nobody waits any more, and to abort would only cost making its error.
  response.once('close', () => {
    if (!response.writableFinished) away.abort()
  })
  const { signal } = away
  const bytes_max = boundOf(operation, exchange)
  let body: Record<string, unknown> | undefined
  try {
    if (operation.carries === 'webhook') {
      const bytes = await takeBytes(site, operation, { request, bytes_max, type: WEBHOOK_TYPE })
      const { inTurn } = site
      return await exchange.answer({ ...decodeWebhook(request, { params, bytes, inTurn }), signal })
    }
    const sent = await takeBody(site, operation, { request, bytes_max })
    body = cookie === undefined ? sent : cookie.fill(sent)
  } catch (error) {
    return exchange.refuse(error)
  }
  if (operation.carries === 'message') return carry(exchange, { body, signal })
  return exchange.answer(decodeRequest(operation, { request, params, body, signal }))
}

/** Bytes that a body may have. */
function boundOf({ http }: Operation, { caller }: Pick<Exchange, 'caller'>): number {
  return caller === undefined ? Math.min(http.body_bytes_max, STRANGER_BODY_BYTES_MAX) : http.body_bytes_max
}

interface Taken {
  request: IncomingMessage
  bytes_max: number
  type?: BodyType
}

/** The body as an object, or nothing when one was sent where none belongs and a proof may have been in it. */
async function takeBody(
  site: Site,
  operation: Operation,
  taken: Taken,
): Promise<Record<string, unknown> | undefined> {
  const { http, proof } = operation
  const isBare = http.method === 'GET' || http.method === 'DELETE'
  if (isBare && proof === 'strict' && hasBody(taken.request)) return undefined
  const bytes = await takeBytes(site, operation, taken)
  return site.inTurn(bytes.length, () => parseBody(bytes))
}

/** The bytes of the body; none without one. */
async function takeBytes(
  { traffic }: Site,
  { http }: Operation,
  { request, bytes_max, type }: Taken,
): Promise<Uint8Array> {
  if (!hasBody(request)) return new Uint8Array()
  if (http.method === 'GET' || http.method === 'DELETE')
    throw new Fault('VALIDATION_ERROR', `${http.method} takes no body.`)
  const fault = checkBody(request, bytes_max, type)
  if (fault !== undefined) throw fault
  const reading = readBody(request, bytes_max)
  const connection = traffic.of(request.socket)
  if (connection !== undefined) connection.fail = reading.fail
  try {
    return await reading.bytes
  } finally {
    if (connection !== undefined) connection.fail = undefined
  }
}

async function serveOwn(
  site: Site,
  operation: Operation,
  { request, response }: Exchanged,
  make: () => Response,
): Promise<void> {
  const { exchange, refused } = begin(site, operation, request)
  const { signal } = new AbortController()
  const reply = await (refused === undefined
    ? exchange.answer({ input: {}, signal })
    : exchange.refuse(refused))
  const failed = toResponse(operation, reply)
  if (!reply.ok) return finish(site, { request, response }, failed)
  const made = make()
  return finish(site, { request, response }, { ...made, headers: { ...failed.headers, ...made.headers } })
}

function finish({ traffic, gate }: Site, { request, response }: Exchanged, answered: Response): void {
  const made = { ...answered, headers: { ...answered.headers, ...gate.sharing(request) } }
  if (traffic.of(request.socket)?.broken === true) sendRaw(request.socket, made)
  else send(request, response, made, traffic.closing)
}
