import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from 'typebox'
import { area, object, operation } from '../../../contract/operation.ts'
import type { Operation } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Caller } from '../../kernel/answers.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Clock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { systemRandom } from '../../kernel/ids.ts'
import { Limits } from '../../kernel/limits.ts'
import type { Proofs } from '../../kernel/proof.ts'
import { openKernel } from '../../kernel/kernel.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { UNLIMITED } from '../../../test/app.ts'
import { openLog } from '../../kernel/log.ts'
import type { Settings } from '../../kernel/settings.ts'
import { openDispatch } from '../dispatch.ts'
import type { Dispatch } from '../dispatch.ts'
import { openHttp } from '../http.ts'
import type { HttpOptions, HttpTransport } from '../http.ts'
import { httpAnswers } from './operations.ts'

/** Operations that show one feature of the contract each, for the tests of the transports. */
export const things = area('things', {
  list: operation({
    http: 'GET /things',
    summary: 'Says what it was asked.',
    input: object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      ratio: Type.Optional(Type.Number()),
      active: Type.Optional(Type.Boolean()),
      tags: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
      numbers: Type.Optional(Type.Array(Type.Integer())),
      maybe: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
      q: Type.Optional(Type.String()),
    }),
    output: Type.Unknown(),
  }),
  create: operation({
    http: 'POST /things',
    summary: 'Says what it was asked, once.',
    who: 'public',
    key: 'header',
    status: 201,
    input: object({ name: Type.Optional(Type.String()), rest: Type.Optional(Type.Unknown()) }),
    output: Type.Unknown(),
  }),
  update: operation({
    http: 'PUT /things/:id',
    summary: 'Says what it was asked.',
    proof: 'account',
    input: object({ id: Type.String({ maxLength: 8 }), name: Type.Optional(Type.String()) }),
    output: Type.Unknown(),
  }),
  secret: operation({
    http: 'GET /things/:id',
    summary: 'Needs a passkey.',
    proof: 'strict',
    input: object({ id: Type.String() }),
    output: Type.Unknown(),
  }),
  delete: operation({
    http: 'DELETE /things/:id',
    summary: 'Answers nothing.',
    input: object({ id: Type.String() }),
  }),
  wait: operation({
    http: 'POST /things/wait',
    summary: 'Waits until it may end.',
    outcome: 'accepted',
    input: object({}),
    output: object({ status: Type.String() }),
  }),
  flat: operation({
    http: 'GET /flat',
    summary: 'Has its fields beside success.',
    who: 'public',
    envelope: 'flat',
    deprecation: { since: '2026-01-01', sunset: '2027-01-01', instead: 'GET /things' },
    output: object({ one: Type.Integer() }),
  }),
  message: operation({
    http: 'POST /message',
    summary: 'Has a sentence.',
    who: 'public',
    envelope: 'message',
    output: object({ one: Type.Integer() }),
  }),
  document: operation({
    http: 'POST /document',
    summary: 'Has no envelope.',
    who: 'public',
    envelope: 'document',
    output: object({ one: Type.Integer() }),
  }),
  broken: operation({ http: 'GET /broken', summary: 'Fails.', who: 'public' }),
  busy: operation({ http: 'GET /busy', summary: 'Refuses.', who: 'public' }),
})

export const ALICE: Caller = {
  user_id: '018f0000-0000-7000-8000-00000000000a',
  session_id: 'session-a',
  role: 'owner',
  tier: 'free',
  has_passkey: false,
  is_provisional: false,
  wants_passkey: false,
  password_at: 0,
  code_at: undefined,
  may_enrol: false,
}

/** A server with the operations above, a real store in a temporary folder, and one user whose token is `alice`. */
export interface Rig {
  kernel: Kernel
  dispatch: Dispatch
  http: HttpTransport
  port: number
  /** Lets `things.wait` end. */
  release: () => void
  /** Resolves when `things.wait` is told that nobody waits any more. */
  left: Promise<unknown>
  close(): Promise<void>
}

export interface RigOptions extends Partial<
  Pick<HttpOptions, 'files' | 'pages' | 'bounds' | 'descriptors_max'>
> {
  clock?: Clock
  settings?: Partial<Settings>
  answers?: Answers
  operations?: Readonly<Record<string, Operation>>
  authenticate?: (token: string) => Caller
}

const echo = (_call: unknown, input: unknown) => Promise.resolve(input)
const syncer = () => ({
  sync: () => Promise.resolve(),
  checkpoint: () => Promise.resolve(),
  close: () => Promise.resolve(),
})

function answersOf(gate: Promise<unknown>, onLeft: () => void): Answers {
  return {
    [things.list.name]: reads(things.list, echo),
    [things.create.name]: writes(things.create, { commit: (_tx, _call, input) => Promise.resolve(input) }),
    [things.update.name]: reads(things.update, echo),
    [things.secret.name]: reads(things.secret, echo),
    [things.delete.name]: reads(things.delete, () => Promise.resolve({})),
    [things.wait.name]: writes(things.wait, {
      commit: () => Promise.resolve({ status: 'queued' }),
      wait: async (_call, _input, receipt, signal) => {
        const aborted = new Promise((resolve) => {
          signal.addEventListener('abort', resolve)
        })
        void aborted.then(onLeft)
        return (await Promise.race([gate, aborted])) === 'released' ? { status: 'completed' } : receipt
      },
    }),
    [things.flat.name]: reads(things.flat, () => Promise.resolve({ one: 1 })),
    [things.message.name]: reads(things.message, () => Promise.resolve({ one: 1 })),
    [things.document.name]: reads(things.document, () => Promise.resolve({ one: 1 })),
    [things.broken.name]: reads(things.broken, () => Promise.reject(new Error('a secret of the inside'))),
    [things.busy.name]: reads(things.busy, () =>
      Promise.reject(new Fault('SYSTEM_OVERLOADED', 'Busy.', undefined, { retry_after_s: 1.2 })),
    ),
  }
}

export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'paios-'))
  const clock = options.clock ?? systemClock
  const settings: Settings = {
    host: '127.0.0.1',
    port: 0,
    data_dir: join(folder, 'data'),
    key_file: join(folder, 'root.key'),
    public_url: 'https://paios.example',
    setup_code: undefined,
    log_level: 'error',
    behind_proxy: false,
    trusted_proxies: ['127.0.0.0/8'],
    allowed_origins: [],
    egress_hosts: undefined,
    egress_lan: [],
    watch_folders: [],
    tls: undefined,
    ...options.settings,
  }
  const log = openLog('error', clock, () => {})
  const kernel = openKernel({
    settings,
    clock,
    random: systemRandom,
    log,
    migrations: [],
    syncer,
    onFatal: () => {},
  })
  const gate = Promise.withResolvers<string>()
  const left = Promise.withResolvers<undefined>()
  const answers = {
    ...answersOf(gate.promise, () => left.resolve(undefined)),
    ...httpAnswers,
    ...options.answers,
  }
  const dispatch = openDispatch({
    kernel,
    answers,
    authenticate: options.authenticate ?? authenticateAlice,
    proofs,
    limits: new Limits(clock, { anonymous_per_minute: 1e6, ip_per_minute: 1e6, tiers: UNLIMITED.tiers }),
    approvals: { request: () => Promise.reject(new Fault('SERVICE_UNAVAILABLE', 'Nobody approves here.')) },
  })
  const http = await openHttp({ operations: things, ...options, dispatch, settings, log })
  const url = await http.listen()
  return {
    kernel,
    dispatch,
    http,
    port: Number(new URL(url).port),
    release: () => gate.resolve('released'),
    left: left.promise,
    close: async () => {
      await http.close(0)
      await kernel.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Nobody can prove anything here. */
const proofs: Proofs = {
  verify: (_call, { name }) => Promise.reject(unproven(name, 'proof_invalid')),
  refusal: (_call, { name }, _input, reason) => unproven(name, reason),
}

function unproven(name: string, reason: string): Fault {
  return new Fault('BIOMETRIC_REQUIRED', 'This needs a proof.', { reason, operation: name })
}

function authenticateAlice(token: string): Caller {
  if (token === 'alice') return ALICE
  throw new Fault('UNAUTHORIZED', 'The access token is missing or not valid.')
}
