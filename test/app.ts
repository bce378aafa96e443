import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operations } from '../contract/index.ts'
import { TIERS } from '../contract/limits.ts'
import type { OperationName, Operations } from '../contract/index.ts'
import type { Input, Output } from '../contract/operation.ts'
import { openApp } from '../server/app.ts'
import type { App, AppOptions } from '../server/app.ts'
import { openLog } from '../server/kernel/log.ts'
import type { Arguments, Head, Reply } from '../server/transports/dispatch.ts'
import { fakeClock, seededRandom } from './clock.ts'

export const PASSWORD = 'correct horse battery staple 9'
export const START = Date.UTC(2026, 10, 22, 10, 0, 0)

export interface TestApp {
  app: App
  clock: ReturnType<typeof fakeClock>
  data_dir: string
  /** Lines of the log so far. */
  logged: string[]
  /** Asks as somebody with a token; throws nothing. */
  call<N extends OperationName>(
    token: string | undefined,
    name: N,
    input: Input<Operations[N]>,
    key?: string,
    more?: Partial<Pick<Arguments, 'proof' | 'approval'> & Pick<Head, 'origin' | 'ip' | 'transport'>>,
  ): Promise<Reply>
  /** Asks and expects the answer. */
  ask<N extends OperationName>(
    token: string | undefined,
    name: N,
    input: Input<Operations[N]>,
  ): Promise<Output<Operations[N]>>
  /** Claims the server for its owner. */
  claim(email?: string): Promise<{ token: string; refresh_token: string; user_id: string }>
  /** Closes, keeping the data folder for another app. */
  close(): Promise<void>
  remove(): Promise<void>
}

/** A whole app on a real store in a temporary folder, with a fixed clock and seeded randomness. */
export async function openTestApp({
  lan = [],
  ...options
}: Partial<AppOptions> & { data_dir?: string; lan?: readonly string[] } = {}): Promise<TestApp> {
  const data_dir = options.data_dir ?? mkdtempSync(join(tmpdir(), 'paios-test-'))
  const clock = fakeClock(START)
  const logged: string[] = []
  const app = await openApp({
    settings: {
      host: '127.0.0.1',
      port: 0,
      data_dir,
      key_file: join(data_dir, 'root.key'),
      public_url: 'http://localhost:3001',
      setup_code: undefined,
      log_level: 'warn',
      behind_proxy: false,
      trusted_proxies: [],
      allowed_origins: [],
      tls: undefined,
      egress_hosts: undefined,
      egress_lan: [...lan],
      watch_folders: [],
    },
    clock,
    random: seededRandom(1),
    log: openLog('warn', clock, (line) => logged.push(line)),
    version: '0.0.0',
    server_zone: 'Europe/Berlin',
    latency: () => Promise.resolve(1),
    onFatal: (error) => {
      throw error
    },
    syncer: inlineSyncer,
    // A backup takes time of the machine and not of the clock that tests move on by days.
    backups: { daily: false },
    // Whether this machine has the recogniser must make no difference to tests that are not about it.
    recogniser: { libraries: [], models: [] },
    ...options,
    limits: { ...UNLIMITED, ...options.limits },
  })
  const call: TestApp['call'] = (token, name, input, key, { proof, approval, ...more } = {}) => {
    const operation = operations[name]
    const exchange = app.dispatch.begin({
      operation,
      transport: 'http',
      token,
      ip: '127.0.0.1',
      user_agent: 'test',
      request_id: undefined,
      ...more,
    })
    if (exchange.refused !== undefined) return exchange.refuse(exchange.refused)
    const signal = new AbortController().signal
    return exchange.answer({ input, key, signal, proof, ...(approval === undefined ? {} : { approval }) })
  }
  const ask: TestApp['ask'] = async (token, name, input) => {
    const reply = await call(token, name, input)
    if (!reply.ok) throw new Error(`${reply.status} ${JSON.stringify(reply.error)}`)
    return reply.data as Output<Operations[typeof name]>
  }
  const close = () => app.close(0)
  return {
    app,
    clock,
    data_dir,
    logged,
    call,
    ask,
    claim: async (email = 'ann@example.org') => {
      const setup_code = app.auth.setup_code() ?? ''
      const signedIn = await ask(undefined, 'auth.setup', { setup_code, email, password: PASSWORD })
      return {
        token: signedIn.access_token,
        refresh_token: signedIn.refresh_token,
        user_id: signedIn.user_id,
      }
    },
    close,
    remove: async () => {
      await close()
      rmSync(data_dir, { recursive: true, force: true })
    },
  }
}

/** Tests ask more in a minute of their fixed clock than people do; those of the limits pass their own. */
export const UNLIMITED = {
  anonymous_per_minute: 1e6,
  ip_per_minute: 1e6,
  tiers: Object.fromEntries(
    (['free', 'pro', 'enterprise'] as const).map((tier) => [
      tier,
      Object.fromEntries(Object.keys(TIERS.free).map((kind) => [kind, 1e6])),
    ]),
  ) as typeof TIERS,
}

/** Spares the disk: nothing in these tests survives a power cut, nor needs to. */
function inlineSyncer() {
  return {
    sync: () => Promise.resolve(),
    checkpoint: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
