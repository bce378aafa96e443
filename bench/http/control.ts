import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Audit } from '../../server/kernel/audit.ts'
import { checkpointsPath } from '../../server/kernel/audit/checkpoints.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { openRootKey } from '../../server/kernel/crypto.ts'
import { systemRandom } from '../../server/kernel/ids.ts'
import { openLog } from '../../server/kernel/log.ts'
import { openConnection } from '../../server/kernel/store/connection.ts'
import { Store } from '../../server/kernel/store/store.ts'
import { openSyncer } from '../../server/kernel/store/sync.ts'
import { serveParent } from './child.ts'
import { Work } from './control-work.ts'
import type { Asker } from './control-work.ts'
import { countRows } from './rows.ts'
import type { Place } from './scene.ts'

/**
 * The control: what somebody would write by hand who wants the two routes and nothing else. It shares the driver, the
 * group commit and the audit with the product, and so what a durable answer costs. All the rest is left out:
 *
 * - no framework, no routing: the two addresses are compared as they are;
 * - no validation, no bounds, no check of Host, Origin, version or content type, and `JSON.parse` for the body;
 * - a token is one look into a map. The product does the same once it has verified a signature, and then checks times;
 * - no security headers, no sockets that listen to events, no time-out that could end an execution.
 */
interface Opened {
  store: Store
  audit: Audit
  work: Work
  users: ReadonlyMap<string, Asker>
}

const JSON_TYPE = 'application/json; charset=utf-8'
const GET_PATH = '/api/agents/2'
const EXECUTE_PATH = '/api/agents/2/execute'

function openData({ folder, visitors }: Place): Opened {
  const path = join(folder, 'data', 'paios.sqlite')
  const store = new Store({
    clock: systemClock,
    writer: openConnection(path, { synchronous: 'NORMAL' }),
    reader: openConnection(path, { synchronous: 'NORMAL', read_only: true }),
    syncer: openSyncer(path),
    onFatal: fail,
  })
  const audit = new Audit({
    store,
    clock: systemClock,
    log: openLog('warn', systemClock, (line) => process.stderr.write(line)),
    keys: openRootKey({ key_file: join(folder, 'root.key') }, systemRandom),
    checkpoints_path: checkpointsPath(join(folder, 'data')),
    instance: () => 'control',
  })
  const users = new Map(
    visitors.map(({ user_id, token }) => [`Bearer ${token}`, { user_id, session_id: sessionOf(token) }]),
  )
  return { store, audit, work: new Work(store, audit), users }
}

function fail(error: unknown): never {
  throw error
}

function sessionOf(token: string): string {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return (JSON.parse(claims) as { sid: string }).sid
}

function serve({ work, users }: Opened, request: IncomingMessage, response: ServerResponse): void {
  const asker = users.get(request.headers.authorization ?? '')
  if (asker === undefined) return end(response, 401, '{}')
  const answer = (body: string): void => end(response, 200, body)
  if (request.method === 'GET' && request.url === GET_PATH) {
    void work.get(asker).then(answer)
    return
  }
  if (request.method !== 'POST' || request.url !== EXECUTE_PATH) return end(response, 404, '{}')
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (body += chunk))
  request.on('end', () => void work.execute(asker, body).then(answer))
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

let opened: Opened | undefined
const server = createServer((request, response) => {
  if (opened !== undefined) serve(opened, request, response)
})

serveParent(
  {
    open: async (place: Place) => {
      opened = openData(place)
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
    count: async () => {
      await opened?.audit.flush()
      return opened && countRows(opened.store)
    },
    cpu: () => process.cpuUsage(),
  },
  async () => {
    server.close()
    server.closeAllConnections()
    await opened?.store.close()
  },
)
