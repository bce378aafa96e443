import type { Server } from 'node:http'
import type { Operation } from '../../contract/operation.ts'
import { Fault } from '../kernel/fault.ts'
import type { Log } from '../kernel/log.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Dispatch } from './dispatch.ts'
import { openDocuments } from './http/documents.ts'
import type { Pages } from './http/documents.ts'
import { openGate } from './http/gate.ts'
import type { GateSettings } from './http/gate.ts'
import { openInTurn } from './http/in-turn.ts'
import { BOUNDS, listen, openServer } from './http/listener.ts'
import type { HttpBounds } from './http/listener.ts'
import { openMetrics } from './http/metrics.ts'
import { openRouter } from './http/router.ts'
import type { Exchanged } from './http/router.ts'
import { openRoutes } from './http/routes.ts'
import { serveBroken, serveFault, serveOperation, serveOther } from './http/serve.ts'
import type { Site } from './http/serve.ts'
import { Traffic } from './http/traffic.ts'
import type { Files } from './static.ts'

/**
 * Descriptors that no client gets: the files of the store, each thread with its own, and the 64 connections of the
 * egress. Without one the thread that syncs could not begin, which ends the server.
 */
const DESCRIPTORS_KEPT = 160

export interface HttpOptions {
  dispatch: Dispatch
  operations: Readonly<Record<string, Operation>>
  settings: Pick<Settings, 'host' | 'port'> & GateSettings
  log: Log
  files?: Files | undefined
  pages?: Pages | undefined
  /** The figures of the server, where they may be read. */
  metrics?: (() => string) | undefined
  bounds?: Partial<HttpBounds>
  /** How many the process may have open; connections that would take too many of them are dropped. */
  descriptors_max?: number
}

export interface HttpTransport {
  readonly server: Server
  /** @throws PortTakenError */
  listen(): Promise<string>
  /** Takes nothing more, lets what runs be answered, and cuts the rest after `grace_ms`. */
  close(grace_ms: number): Promise<void>
}

/** Opens the REST transport. The framework routes; what a request may do is decided by dispatch. */
export async function openHttp(options: HttpOptions): Promise<HttpTransport> {
  const operations = Object.values(options.operations)
  const server = openServer({ ...BOUNDS, ...options.bounds }, options.settings.tls)
  server.maxConnections = Math.min(server.maxConnections, connectionsWithin(options.descriptors_max))
  const site: Site = {
    dispatch: options.dispatch,
    gate: openGate(options.settings, server),
    traffic: new Traffic(server),
    inTurn: openInTurn(),
    routes: openRoutes(operations),
    documents: openDocuments(options.pages ?? {}),
    files: options.files,
    metrics: options.metrics && openMetrics(options.settings, options.metrics),
  }
  const settle = (work: Promise<void>, { request, response }: Exchanged) => {
    work.catch((error: unknown) => {
      options.log.error('an answer could not be written', { error })
      request.destroy()
      response.destroy()
    })
  }
  await openRouter(server, operations, {
    found: (operation, exchanged, params) =>
      settle(serveOperation(site, operation, exchanged, params), exchanged),
    missing: (exchanged) => settle(serveOther(site, exchanged), exchanged),
    unreadable: (exchanged) => settle(serveFault(site, exchanged, unreadable()), exchanged),
    broken: (cause, socket) => {
      serveBroken(site, faultOf(cause), socket).catch(() => socket.destroy())
    },
  })
  return {
    server,
    listen: () => listen(server, options.settings),
    close: (grace_ms) => close(server, site.traffic, grace_ms),
  }
}

/** Connections that leave enough for everything else; where there is not enough to keep, a quarter of what there is. */
function connectionsWithin(descriptors_max = Infinity): number {
  return Math.max(Math.floor(descriptors_max / 4), descriptors_max - DESCRIPTORS_KEPT)
}

function unreadable(): Fault {
  return new Fault('VALIDATION_ERROR', 'The address is not percent-encoded UTF-8.')
}

function faultOf(error: Error): Fault {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Fault('VALIDATION_ERROR', 'The headers are too large.', undefined, { status: 431 })
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Fault('VALIDATION_ERROR', 'The request did not arrive in time.', undefined, { status: 408 })
  }
  return new Fault('VALIDATION_ERROR', 'The request is not valid HTTP.')
}

/** The framework's own close waits for idle connections, so this ends them itself. */
async function close(server: Server, traffic: Traffic | undefined, grace_ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.close(() => resolve(undefined))
  traffic?.close()
  const timer = setTimeout(() => traffic?.destroy(), grace_ms)
  await promise
  clearTimeout(timer)
}
