import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Operations, OperationName } from '../../../../contract/index.ts'
import type { Input, Output } from '../../../../contract/operation.ts'
import type { ExecutionDetail, WorkflowDefinition } from '../../../../contract/workflows.ts'
import type { Notification } from '../../../../contract/notifications.ts'
import type { Settings } from '../../../kernel/settings.ts'
import { PASSWORD, START, openTestApp } from '../../../../test/app.ts'
import type { TestApp } from '../../../../test/app.ts'
import { fakeClock } from '../../../../test/clock.ts'
import type { FakeClock } from '../../../../test/clock.ts'

/** How a run ended, and what its user was told: `severity: text`, in order. */
export interface Ended {
  status: string
  error?: string | undefined
  told: string[]
  detail: ExecutionDetail
}

/** A fresh user with a real server, and the gallery. */
export interface Visitor {
  readonly clock: FakeClock
  readonly app: TestApp['app']
  readonly user_id: string
  ask<N extends OperationName>(name: N, input: Input<Operations[N]>): Promise<Output<Operations[N]>>
  /** Lets an agent act. @throws Error when it fails. */
  act(agent: number, action: string, parameters?: Record<string, unknown>): Promise<unknown>
  /** Takes a workflow from the gallery, changed if wanted; answers its id. */
  add(name: string, change?: (definition: WorkflowDefinition) => void): Promise<string>
  /** Starts a workflow by hand and waits for the end. */
  start(id: string, input_data?: unknown): Promise<Ended>
  /** Lets the time pass until then, when the workflow must start by itself and not before; waits for the end. */
  fires(id: string, at: string): Promise<Ended>
  /** Everything that workflows told since this was last asked, and not what agents did. */
  told(): Promise<string[]>
}

type Places = Partial<Pick<Settings, 'egress_lan' | 'watch_folders'>>

export async function openGallery(
  context: Pick<TestContext, 'after'>,
  places: Places = {},
): Promise<Visitor> {
  const { app, clock, user_id, ask, hasten } = await openFresh(context, places)
  let seen = 0
  const told: Visitor['told'] = async () => {
    const { events } = await app.kernel.events.since(user_id, seen)
    seen = events.at(-1)?.seq ?? seen
    return events.flatMap(({ name, data }) => {
      if (name !== 'notification:created') return []
      const { source_agent, severity, text } = data as Notification
      return source_agent === 0 ? [`${severity}: ${text}`] : []
    })
  }
  const ended = async (execution_id: string): Promise<Ended> => {
    hasten(true)
    const detail = await settle({ app, clock, ask }, execution_id)
    hasten(false)
    return { status: detail.status, error: detail.error, told: await told(), detail }
  }
  let requests = 0
  return {
    clock,
    app,
    user_id,
    ask,
    told,
    act: async (agent, action, parameters = {}) => {
      requests += 1
      const request_id = `act-${requests}`
      const command = { action, parameters, user_id, request_id, priority: 'normal' as const }
      const given = { id: String(agent), command, wait_for_completion: true }
      const { result } = await ask('agents.execute', given)
      assert.equal(result?.success, true, `${action}: ${result?.error}`)
      return result?.data
    },
    add: async (name, change = () => {}) => {
      const { workflows } = await ask('workflows.gallery', {})
      const found = workflows.find((one) => one.name === name) ?? assert.fail(name)
      // An answer that crosses no wire is what the server itself has.
      const { definition, description } = structuredClone(found)
      change(definition)
      return (await ask('workflows.create', { name, description, definition })).id
    },
    start: async (id, input_data) => {
      await told()
      return ended((await ask('workflows.execute', { id, input_data })).execution_id)
    },
    fires: async (id, at) => {
      const count = async () => (await ask('workflows.get', { id })).execution_count
      await told()
      const before = await count()
      clock.advance(Date.parse(at) - clock.now() - 1)
      await calm(app)
      assert.equal(await count(), before, 'It was started before its time.')
      clock.advance(1)
      await calm(app)
      const { executions } = await ask('workflows.history', { id, limit: 500 })
      assert.equal(executions.length, before + 1, 'It was not started once.')
      return ended(executions[0]?.execution_id ?? '')
    },
  }
}

/** A server with its owner, who signs in again whenever it was long ago. */
async function openFresh(context: Pick<TestContext, 'after'>, places: Places) {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-gallery-'))
  const { clock, hasten } = openClock()
  const running = await openTestApp({ data_dir, clock, settings: settingsFor(data_dir, places) })
  const { app } = running
  context.after(async () => {
    const closed = running.close()
    clock.advance(0)
    await closed
    rmSync(data_dir, { recursive: true, force: true })
  })
  let { token, user_id } = await running.claim()
  let signed_in_at = clock.now()
  const ask: Visitor['ask'] = async (name, input) => {
    // A sign-in proves for five minutes that it is the user.
    if (clock.now() - signed_in_at > SIGN_IN_MS) {
      const who = { email: 'ann@example.org', password: PASSWORD }
      token = (await running.ask(undefined, 'auth.login', who)).access_token
      signed_in_at = clock.now()
    }
    return running.ask(token, name, input)
  }
  return { app, clock, user_id, ask, hasten }
}

const SIGN_IN_MS = 250_000
/** Turns of the event loop in which the other side of a connection, or a worker, may answer. */
const TURNS_MAX = 2_000_000
/** After so many turns without an end it is looked whether the run waits for a time. */
const TURNS_CALM = 500
/** Pauses before a host is asked again are shorter, and what may take its time has longer. */
const PAUSE_MS_MAX = 2_000

/** A clock that passes over short pauses while a run is waited for. */
function openClock() {
  const base = fakeClock(START)
  let isHasty = false
  const clock: FakeClock = {
    ...base,
    after: (delay_ms, callback) => {
      if (isHasty && delay_ms < PAUSE_MS_MAX) setImmediate(() => base.advance(delay_ms))
      return base.after(delay_ms, callback)
    },
  }
  return { clock, hasten: (on: boolean) => void (isHasty = on) }
}

/** Waits for the end of a run. Time passes once nothing is under way and a step waits for its next attempt. */
async function settle(
  { app, clock, ask }: Pick<Visitor, 'app' | 'clock' | 'ask'>,
  id: string,
): Promise<ExecutionDetail> {
  for (let turns = 1; turns < TURNS_MAX; turns += 1) {
    await nextTurn()
    if (turns % TURNS_CALM !== 0) continue
    const detail = await ask('workflows.execution', { id })
    if (detail.ended_at !== null) {
      await calm(app)
      return detail
    }
    if (detail.steps.some(({ status }) => status === 'executing')) continue
    const [next] = detail.steps.flatMap(({ next_attempt_at }) => next_attempt_at ?? []).toSorted()
    if (next !== undefined) clock.advance(Math.max(0, Date.parse(next) - clock.now()))
  }
  throw new Error('The run does not end.')
}

/** Waits until nothing more happens without time going by. */
async function calm(app: Visitor['app']): Promise<void> {
  for (let turns = 0, seen = -1; turns < 6;) {
    await nextTurn()
    const { committed } = app.kernel.store.progress
    turns = committed === seen ? turns + 1 : 0
    seen = committed
  }
}

function settingsFor(data_dir: string, places: Places): Settings {
  return {
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
    egress_lan: [],
    watch_folders: [],
    ...places,
  }
}
