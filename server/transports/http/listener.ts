import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerOptions } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { isLoopback } from '../../kernel/settings.ts'
import type { Settings } from '../../kernel/settings.ts'
import { portOf } from './gate.ts'

/** Another program listens there already. */
export class PortTakenError extends Error {
  constructor(host: string, port: number, cause: unknown) {
    super(`Port ${port} of ${host} is taken by another program.`, { cause })
  }
}

/** The files of the certificate or its key are wrong. */
export class TlsError extends Error {}

/** Times and sizes that a connection has. */
export interface HttpBounds {
  headers_timeout_ms: number
  request_timeout_ms: number
  keep_alive_ms: number
  check_interval_ms: number
  connections_max: number
}

export const BOUNDS: HttpBounds = {
  headers_timeout_ms: 10_000,
  request_timeout_ms: 30_000,
  keep_alive_ms: 5_000,
  check_interval_ms: 5_000,
  connections_max: 2_000,
}

/** A server with bounds on what a connection may take, which speaks TLS where it is told to. @throws TlsError */
export function openServer(bounds: HttpBounds, tls: Settings['tls']): Server {
  const options: ServerOptions = {
    headersTimeout: bounds.headers_timeout_ms,
    requestTimeout: bounds.request_timeout_ms,
    keepAliveTimeout: bounds.keep_alive_ms,
    connectionsCheckingInterval: bounds.check_interval_ms,
    // A request without a Host is refused by the gate, with a body that says so.
    requireHostHeader: false,
    // A client that offers another protocol, as Java's does with `h2c`, is answered in this one.
    shouldUpgradeCallback: ({ headers }) =>
      headers.upgrade?.toLowerCase() === 'websocket' && server.listenerCount('upgrade') > 0,
  }
  const server: Server = tls === undefined ? createServer(options) : createTlsServer(options, tls)
  server.maxConnections = bounds.connections_max
  // Anything but `100-continue` may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  return server
}

/** @throws TlsError when the files are no certificate and its key. */
function createTlsServer(
  options: ServerOptions,
  { cert_file, key_file }: NonNullable<Settings['tls']>,
): Server {
  try {
    const files = {
      cert: readFileSync(cert_file),
      key: readFileSync(key_file),
      minVersion: 'TLSv1.2' as const,
    }
    return createHttpsServer({ ...options, ...files })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TlsError(`${cert_file} and ${key_file} cannot be used for TLS: ${why}`, { cause })
  }
}

/** Answers the origin that it is reached at. @throws PortTakenError */
export async function listen(
  server: Server,
  settings: Pick<Settings, 'host' | 'port' | 'public_url' | 'tls'>,
): Promise<string> {
  const { host, port, public_url } = settings
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen(port, host, () => resolve(undefined))
  try {
    await promise
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(host, port, error)
    throw error
  } finally {
    server.off('error', reject)
  }
  const scheme = settings.tls === undefined ? 'http' : 'https'
  return isLoopback(host) ? `${scheme}://localhost:${portOf(server)}` : public_url
}
