import { ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Server } from 'socket.io'
import type { Clock } from '../../kernel/clock.ts'
import { Fault, toAPIError } from '../../kernel/fault.ts'
import type { Dispatch, Exchange } from '../dispatch.ts'
import { checkQuery } from '../http/gate.ts'
import type { Gate } from '../http/gate.ts'
import { DATA_HEADERS, send, sendRaw, toResponse } from '../http/response.ts'

export interface AdmitOptions {
  gate: Gate
  dispatch: Dispatch
  clock: Clock
  sockets_max: number
  body_bytes_max: number
}

/** Judges every request of the socket protocol as every other request, and gives its answers the same form. */
export function admit({ engine }: Server, options: AdmitOptions): void {
  const { gate, dispatch, clock } = options
  const begin = (request: IncomingMessage): Exchange =>
    dispatch.begin({
      operation: undefined,
      transport: 'socket',
      token: undefined,
      ip: gate.ip(request),
      user_agent: request.headers['user-agent'] ?? '',
      request_id: undefined,
    })
  engine.use((request: IncomingMessage, response: Pick<ServerResponse, 'setHeader'>, next: () => void) => {
    // An upgraded connection has nobody yet who hears of its errors.
    if (!request.socket.listeners('error').includes(ignore)) request.socket.on('error', ignore)
    const fault = checkRequest(request, engine.clientsCount, options)
    if (fault === undefined) {
      for (const [name, value] of Object.entries(DATA_HEADERS)) response.setHeader(name, value)
      next()
      return
    }
    begin(request)
      .refuse(fault)
      .then((reply) => {
        if (response instanceof ServerResponse) send(request, response, toResponse(undefined, reply), false)
        else sendRaw(request.socket, toResponse(undefined, reply))
      })
      .catch(() => request.destroy())
  })
  engine.on('connection_error', ({ req, code, message }: EngineError) => {
    const { res } = req
    if (!(res instanceof ServerResponse) || res.headersSent) return
    const fault = new Fault('VALIDATION_ERROR', `${message}.`, { engine_code: code })
    const exchange = begin(req)
    void exchange.refuse(fault)
    // The library writes its own answer right after this, unless there is one.
    const error = toAPIError(fault, exchange.request_id, clock.now())
    const reply = {
      ok: false as const,
      status: 400,
      error,
      retry_after_s: undefined,
      standing: undefined,
      at: clock.now(),
      request_id: exchange.request_id,
    }
    send(req, res, toResponse(undefined, reply), false)
  })
}

/** One function, so that a connection that polls for long gets it once. */
function ignore(): void {}

interface EngineError {
  req: IncomingMessage & { res?: unknown }
  code: number
  message: string
}

function checkRequest(request: IncomingMessage, sockets: number, options: AdmitOptions): Fault | undefined {
  const { url = '', headers } = request
  const fault = options.gate.check(request, true) ?? checkQuery(url)
  if (fault !== undefined) return fault
  if (Number(headers['content-length'] ?? 0) > options.body_bytes_max) {
    return new Fault('VALIDATION_ERROR', 'The body is too large.', undefined, { status: 413 })
  }
  const isNew = !/[?&]sid=/.test(url)
  if (isNew) {
    const full = options.dispatch.admitAddress(options.gate.ip(request))
    if (full !== undefined) return full
  }
  if (isNew && sockets >= options.sockets_max)
    return new Fault('SYSTEM_OVERLOADED', 'There are too many sockets.')
  return undefined
}
