import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import type { AuthToken, SignedIn } from '../../../contract/auth.ts'
import type { Call, Caller } from '../../kernel/answers.ts'
import { openKernel } from '../../kernel/kernel.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Settings } from '../../kernel/settings.ts'
import { openLog } from '../../kernel/log.ts'
import { openAuth } from './index.ts'
import type { Auth, AuthOptions } from './index.ts'
import { authMigrations } from './store.ts'

export const START = Date.parse('2026-05-04T10:00:00.000Z')
export const OWNER = { email: 'owner@example.org', password: 'rainy tuesday in lisbon' }

/** A server's users in a data folder of their own, and a way to ask. */
export interface TestAuth {
  readonly kernel: Kernel
  readonly auth: Auth
  readonly clock: FakeClock
  /** Performs an operation as dispatch does, without its guards. */
  ask<T>(operation: string, input?: unknown, from?: From): Promise<T>
  /** Claims the server. */
  claim(): Promise<SignedIn>
  login(given?: object, from?: From): Promise<SignedIn>
  refresh(refresh_token: string): Promise<AuthToken>
  /** Stops the server and opens its data folder again; `close` of either then closes the new one. */
  restart(): Promise<TestAuth>
  close(): Promise<void>
}

interface From {
  token?: string
  ip?: string
}

interface Options extends AuthOptions {
  setup_code?: string
}

export function openTestAuth(options: Options = {}): Promise<TestAuth> {
  return start({
    folder: mkdtempSync(join(tmpdir(), 'paios-auth-')),
    clock: fakeClock(START),
    options,
    starts: 0,
    running: undefined,
  })
}

/** A server that has its owner, closed when the test ends. */
export async function openClaimed(context: TestContext): Promise<{ server: TestAuth; owner: SignedIn }> {
  const server = await openTestAuth()
  context.after(() => server.close())
  return { server, owner: await server.claim() }
}

/** The machine: what outlives a restart, and the process that runs on it. */
interface Machine {
  readonly folder: string
  readonly clock: FakeClock
  readonly options: Options
  starts: number
  running: Kernel | undefined
}

async function start(machine: Machine): Promise<TestAuth> {
  machine.starts += 1
  const kernel = openTestKernel(machine)
  machine.running = kernel
  const auth = await openAuth(kernel, machine.options)
  const ask: TestAuth['ask'] = (operation, input = {}, from = {}) =>
    perform(kernel, auth, operation, input, from)
  const stop = async (): Promise<void> => {
    await machine.running?.close()
    machine.running = undefined
  }
  return {
    kernel,
    auth,
    clock: machine.clock,
    ask,
    claim: () => ask('auth.setup', { ...OWNER, setup_code: auth.setup_code() }),
    login: (given, from) => ask('auth.login', { ...OWNER, ...given }, from),
    refresh: (refresh_token) => ask('auth.refresh', { refresh_token }),
    restart: async () => {
      await stop()
      return start(machine)
    },
    close: async () => {
      await stop()
      rmSync(machine.folder, { recursive: true, force: true })
    },
  }
}

function openTestKernel({ folder, clock, options, starts }: Machine): Kernel {
  return openKernel({
    settings: settingsFor(folder, options.setup_code),
    clock,
    random: seededRandom(starts),
    log: openLog('error', clock, () => {}),
    migrations: authMigrations,
    onFatal: (error) => {
      throw error
    },
    syncer: () => ({
      sync: () => Promise.resolve(),
      checkpoint: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
  })
}

async function perform<T>(
  kernel: Kernel,
  auth: Auth,
  operation: string,
  input: unknown,
  from: From,
): Promise<T> {
  const answer = auth.answers[operation]
  if (answer === undefined) throw new Error(`${operation} is not answered.`)
  const call = toCall(kernel, auth, from)
  if ('read' in answer) return (await answer.read(call, input as never)) as T
  const prepared = await answer.prepare?.(call, input as never)
  return kernel.store.write((tx) => answer.commit(tx, call, input as never, prepared)) as Promise<T>
}

function toCall(kernel: Kernel, auth: Auth, { token, ip = '127.0.0.1' }: From): Call {
  let caller: Caller | undefined
  try {
    caller = token === undefined ? undefined : auth.authenticate(token)
  } catch {
    caller = undefined
  }
  return {
    user_id: caller?.user_id ?? '',
    caller,
    transport: 'http',
    request_id: kernel.id(),
    ip,
    user_agent: 'test',
    origin: undefined,
    now: kernel.clock.now(),
    token,
    connection_id: undefined,
  }
}

function settingsFor(folder: string, setup_code: string | undefined): Settings {
  return {
    host: '127.0.0.1',
    port: 0,
    data_dir: join(folder, 'data'),
    key_file: join(folder, 'config', 'root.key'),
    public_url: 'http://localhost:3001',
    setup_code,
    log_level: 'error',
    behind_proxy: false,
    trusted_proxies: [],
    allowed_origins: [],
    egress_hosts: undefined,
    egress_lan: [],
    watch_folders: [],
    tls: undefined,
  }
}
