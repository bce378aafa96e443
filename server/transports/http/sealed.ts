import type { Settings } from '../../kernel/settings.ts'
import { Fault, toAPIError } from '../../kernel/fault.ts'
import { BOUNDS, listen, openServer } from './listener.ts'

const RETRY_AFTER_S = 10
/** A sealed server reads nothing and does nothing, so it needs few. */
const CONNECTIONS_MAX = 200

/** Answers every request that the server is sealed, so that nobody takes it for gone. @throws PortTakenError, TlsError */
export async function openSealed(
  settings: Pick<Settings, 'host' | 'port' | 'public_url' | 'tls'>,
  { now, id }: { now: () => number; id: () => string },
): Promise<{ url: string; close(): Promise<void> }> {
  const server = openServer({ ...BOUNDS, connections_max: CONNECTIONS_MAX }, settings.tls)
  server.on('request', (request, response) => {
    const body = JSON.stringify(toAPIError(sealed(), id(), now()))
    response.writeHead(503, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'Retry-After': String(RETRY_AFTER_S),
      'Cache-Control': 'no-store',
      Connection: 'close',
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  return {
    url: await listen(server, settings),
    close: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      server.close(() => resolve(undefined))
      server.closeAllConnections()
      return promise
    },
  }
}

function sealed(): Fault {
  const text = 'The server is sealed until its passphrase is given on its machine: paios key unseal'
  return new Fault('SERVICE_UNAVAILABLE', text, { reason: 'sealed' }, { retry_after_s: RETRY_AFTER_S })
}
