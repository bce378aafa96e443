import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { operations } from '../../../contract/index.ts'
import type { OperationName, Operations } from '../../../contract/index.ts'
import type { Notification } from '../../../contract/notifications.ts'
import type { Input, Output } from '../../../contract/operation.ts'
import { START, UNLIMITED } from '../../../test/app.ts'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { openKernel } from '../../kernel/kernel.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { Limits } from '../../kernel/limits.ts'
import { openLog } from '../../kernel/log.ts'
import type { Log } from '../../kernel/log.ts'
import { idleSyncer } from '../../kernel/rig.ts'
import type { Settings } from '../../kernel/settings.ts'
import { openDispatch } from '../../transports/dispatch.ts'
import type { Dispatch, Reply } from '../../transports/dispatch.ts'
import { ALICE } from '../../transports/http/rig.ts'
import type { Wishes } from './decide.ts'
import { notificationMigrations, openNotifications } from './index.ts'
import type { NotificationParts, Notifications } from './index.ts'
import type { PushEgress } from './push/send.ts'

export const ANN = ALICE.user_id
export const BOB = '018f0000-0000-7000-8000-00000000000b'
export { START }

type Told = Partial<Pick<Notification, 'severity' | 'source_agent' | 'data'>>
type Request = Parameters<PushEgress['request']>[0] & Parameters<PushEgress['request']>[1]

/** What a push service was asked, and how it answers: a status, or an error of the way there. */
export interface PushService {
  requests: Request[]
  answer: (request: Request) => number | Error | Promise<number>
}

/** Notifications on a real store, for two users; tokens are `ann` and `bob`. */
export interface Rig {
  clock: FakeClock
  service: PushService
  logged: string[]
  kernel(): Kernel
  notify(text: string, given?: Told, user_id?: string): Promise<string>
  /** Tells something in a transaction that fails afterwards. */
  notifyInVain(text: string): Promise<void>
  /** Changes what a user wants, from then on. */
  want(settings: Partial<Wishes['settings']>, user_id?: string): void
  call<N extends OperationName>(
    token: string,
    name: N,
    input: Input<Operations[N]>,
    user_agent?: string,
  ): Promise<Reply>
  ask<N extends OperationName>(
    token: string,
    name: N,
    input: Input<Operations[N]>,
  ): Promise<Output<Operations[N]>>
  /** What the user was told by events, oldest first. */
  told(user_id?: string): Promise<Notification[]>
  /** Lets time pass, and everything happen that falls due on the way. */
  pass(ms: number): Promise<void>
  /** Ends the process, which takes a second, and starts another on what it left. */
  restart(): Promise<void>
}

const TURNS_MAX = 100_000
const WISHES: Wishes = {
  settings: { in_app: true, push: true, email: false, sound: false, min_severity: 'info' },
  time_zone: 'UTC',
}

type Options = Partial<Pick<NotificationParts, 'bounds' | 'settingsOf'>> & { settings?: Partial<Settings> }

export async function openRig(t: Pick<TestContext, 'after'>, options: Options = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'paios-told-'))
  const clock = fakeClock(START)
  const logged: string[] = []
  const wishes = new Map<string, Wishes>()
  const settingsOf = (user_id: string) => wishes.get(user_id) ?? WISHES
  const { service, egress, underWay } = openService()
  let starts = 0
  const open = (): Promise<Running> => {
    starts += 1
    const log = openLog('info', clock, (line) => logged.push(line))
    const parts = { settingsOf, ...options, egress }
    return start({ folder, settings: options.settings, clock, log, seed: starts, parts })
  }
  let running = await open()
  const close = async () => {
    const stopped = running.kernel.jobs.stop(0)
    // What still runs gets no grace and a second to heed it; the clock must reach both.
    clock.advance(0)
    clock.advance(1_000)
    await stopped
    await running.kernel.close()
  }
  t.after(async () => {
    await close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    clock,
    service,
    logged,
    kernel: () => running.kernel,
    want: (settings, user_id = ANN) => {
      const before = settingsOf(user_id)
      wishes.set(user_id, { ...before, settings: { ...before.settings, ...settings } })
    },
    pass: async (ms) => {
      await settle(running, clock, underWay)
      clock.advance(ms)
      await settle(running, clock, underWay)
    },
    restart: async () => {
      await close()
      running = await open()
    },
    ...asking(() => running),
  }
}

interface Running {
  kernel: Kernel
  notifications: Notifications
  dispatch: Dispatch
}

/** A push service, the way to it, and how many requests it has not answered. */
function openService() {
  const service: PushService = { requests: [], answer: () => 201 }
  let waiting = 0
  const egress: PushEgress = {
    request: async (request, context) => {
      const asked = { ...request, ...context }
      service.requests.push(asked)
      waiting += 1
      const status = await Promise.try(service.answer, asked).finally(() => (waiting -= 1))
      if (status instanceof Error) throw status
      return { status, headers: {}, body: new Uint8Array() }
    },
  }
  return { service, egress, underWay: () => waiting }
}

interface Start {
  folder: string
  settings: Partial<Settings> | undefined
  clock: FakeClock
  log: Log
  seed: number
  parts: NotificationParts
}

async function start({ folder, settings, clock, log, seed, parts }: Start): Promise<Running> {
  const kernel = openKernel({
    settings: { ...SETTINGS, data_dir: folder, key_file: join(folder, 'root.key'), ...settings },
    clock,
    random: seededRandom(seed),
    log,
    syncer: () => idleSyncer,
    onFatal: (error) => {
      throw error
    },
    migrations: notificationMigrations,
  })
  const notifications = openNotifications(kernel, parts)
  const { answers } = notifications
  const limits = new Limits(clock, UNLIMITED)
  const dispatch = openDispatch({ kernel, answers, authenticate, proofs: none, limits, approvals: none })
  await kernel.jobs.start()
  return { kernel, notifications, dispatch }
}

/** Waits until nothing is due but what waits for the push service: encrypting takes threads of its own. */
async function settle({ kernel }: Running, clock: FakeClock, underWay: () => number): Promise<void> {
  const due = 'SELECT count(*) AS due FROM jobs WHERE lease_until IS NOT NULL OR run_at <= ?'
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    await nextTurn()
    const [row] = kernel.store.reader.connection.all(due, [clock.now()])
    if (turns > 4 && Number(row?.['due']) <= underWay()) return
  }
  throw new Error('This never comes to rest.')
}

function asking(running: () => Running): Pick<Rig, 'notify' | 'notifyInVain' | 'call' | 'ask' | 'told'> {
  const call: Rig['call'] = (token, name, input, user_agent = 'test') => {
    const transport = 'http' as const
    const head = { transport, token, ip: '127.0.0.1', user_agent, request_id: undefined }
    const exchange = running().dispatch.begin({ ...head, operation: operations[name] })
    if (exchange.refused !== undefined) return exchange.refuse(exchange.refused)
    return exchange.answer({ input, signal: new AbortController().signal })
  }
  return {
    call,
    ask: async (token, name, input) => {
      const reply = await call(token, name, input)
      if (!reply.ok) throw new Error(`${reply.status} ${JSON.stringify(reply.error)}`)
      return reply.data as Output<Operations[typeof name]>
    },
    notify: (text, given = {}, user_id = ANN) => {
      const { kernel, notifications } = running()
      const told = { source_agent: 2, severity: 'info' as const, text, ...given }
      return kernel.store.write((tx) => notifications.notify(tx, user_id, told))
    },
    notifyInVain: (text) => {
      const { kernel, notifications } = running()
      return kernel.store.write(async (tx) => {
        await notifications.notify(tx, ANN, { source_agent: 2, severity: 'info', text })
        throw new Error('after all')
      })
    },
    told: async (user_id = ANN) => {
      const { events } = await running().kernel.events.since(user_id, 0)
      const own = events.filter(({ name }) => name === 'notification:created')
      return own.map(({ data }) => data as Notification)
    },
  }
}

const SETTINGS: Settings = {
  host: '127.0.0.1',
  port: 0,
  data_dir: '',
  key_file: '',
  public_url: 'http://localhost:3001',
  setup_code: undefined,
  log_level: 'info',
  behind_proxy: false,
  trusted_proxies: [],
  allowed_origins: [],
  tls: undefined,
  egress_hosts: undefined,
  egress_lan: [],
  watch_folders: [],
}

const refuse = () =>
  Promise.reject(new Fault('SERVICE_UNAVAILABLE', 'Nobody proves or approves anything here.'))
const none = { verify: refuse, request: refuse, refusal: () => new Fault('BIOMETRIC_REQUIRED', 'Not here.') }

function authenticate(token: string) {
  if (token === 'ann') return ALICE
  if (token === 'bob') return { ...ALICE, user_id: BOB, session_id: 'session-b', role: 'user' as const }
  throw new Fault('UNAUTHORIZED', 'The access token is missing or not valid.')
}
