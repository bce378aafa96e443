import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server as HttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Settings } from '../../kernel/settings.ts'
import { openEgress } from './index.ts'
import type { Egress, EgressContext, EgressOptions, EgressRequest, EgressResponse } from './index.ts'

const START = Date.UTC(2026, 10, 22, 10, 0, 0)

interface Options extends EgressOptions {
  hosts?: readonly string[]
  lan?: readonly string[]
  /** Pauses shorter than this pass by themselves; the deadline does not. */
  hasty_ms?: number
  /** Names and the addresses that they stand for; every other name is unknown. */
  names?: Readonly<Record<string, readonly string[]>>
}

export interface TestEgress {
  egress: Egress
  clock: FakeClock
  /** Every pause and deadline that was asked for, in milliseconds. */
  pauses: number[]
  /** Names that were looked up. */
  looked_up: string[]
  ask(request: EgressRequest | string, context?: Partial<EgressContext>): Promise<EgressResponse>
}

/** An egress with a fixed clock and seeded chance, closed when the test ends. */
export function openTestEgress(t: TestContext, options: Options = {}): TestEgress {
  const pauses: number[] = []
  const clock = hastyClock(options.hasty_ms ?? 0, pauses)
  const kernel = { settings: settingsFor(options), clock, random: seededRandom(1) }
  const looked_up: string[] = []
  const resolve = async (host: string): Promise<string[]> => {
    looked_up.push(host)
    const found = options.names?.[host]
    if (found === undefined) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' })
    return [...found]
  }
  const egress = openEgress(kernel, { resolve, version: '1.2.3', ...options })
  t.after(() => egress.close())
  const context = { user_id: 'ann', signal: new AbortController().signal }
  return {
    egress,
    clock,
    pauses,
    looked_up,
    ask: (request, more) =>
      egress.request(typeof request === 'string' ? { url: request } : request, { ...context, ...more }),
  }
}

/** A clock that passes over short pauses, so that nothing in a test waits. */
function hastyClock(hasty_ms: number, pauses: number[]): FakeClock {
  const clock = fakeClock(START)
  return {
    ...clock,
    after(delay_ms, callback) {
      pauses.push(delay_ms)
      if (delay_ms < hasty_ms) setImmediate(() => clock.advance(delay_ms))
      return clock.after(delay_ms, callback)
    },
  }
}

function settingsFor({ hosts, lan = [] }: Options): Settings {
  return {
    host: '127.0.0.1',
    port: 0,
    data_dir: '/nowhere',
    key_file: '/nowhere/root.key',
    public_url: 'http://localhost:3001',
    setup_code: undefined,
    log_level: 'error',
    behind_proxy: false,
    trusted_proxies: [],
    allowed_origins: [],
    egress_hosts: hosts,
    egress_lan: lan,
    watch_folders: [],
    tls: undefined,
  }
}

export interface Canary {
  port: number
  /** Connections that were taken. */
  hits(): number
  /** Connections that are open. */
  open(): number
  requests: IncomingMessage[]
}

/** A server of this machine that counts. Without a listener it answers `ok`. */
export async function openCanary(t: TestContext, listener?: RequestListener, host = '127.0.0.1') {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    if (listener === undefined) response.end('ok')
    else listener(request, response)
  })
  return { ...(await listen(t, server, host)), requests } satisfies Canary
}

/** Counts the connections of a server on a free port, and ends them with the test. */
export async function listen(t: TestContext, server: Server | HttpServer, host = '127.0.0.1') {
  let hits = 0
  const sockets = new Set<{ destroy(): unknown }>()
  server.on('connection', (socket) => {
    hits += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, host, resolve)
  await promise
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    const closed = Promise.withResolvers<void>()
    server.close(() => closed.resolve())
    await closed.promise
  })
  return { port: (server.address() as AddressInfo).port, hits: () => hits, open: () => sockets.size }
}

/** Lets the network do what it does until something holds; it fails rather than wait for ever. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 200_000; turns += 1) {
    if (holds()) return
    await nextTurn()
  }
  throw new Error(`never came to hold: ${String(holds)}`)
}

/** What a request was refused with, as `NAME status: sentence`. */
export async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    const answer = await asked
    return `answered ${JSON.stringify(answer)}`
  } catch (error) {
    return error instanceof Fault ? `${error.name} ${error.status}: ${error.message}` : String(error)
  }
}

/** A key and a certificate that vouches for itself, for these names, from 2020 to 2049 unless it has expired. */
export function selfSigned(names: readonly string[], expired = false): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, 'test'))))
  const alternatives = names.map((text) => der(0x82, text))
  const extension = der(0x30, der(0x06, Buffer.from('551d11', 'hex')), der(0x04, der(0x30, ...alternatives)))
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(0x30, der(0x17, '200101000000Z'), der(0x17, expired ? '210101000000Z' : '490101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const base64 = der(0x30, body, ecdsaWithSha256, signature).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  }
}

function der(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
