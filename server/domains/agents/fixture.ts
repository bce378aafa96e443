import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Agent, AgentCommand, Execution } from '../../../contract/agents.ts'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { PASSWORD, START, openTestApp } from '../../../test/app.ts'
import type { TestApp } from '../../../test/app.ts'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import type { AppOptions } from '../../app.ts'
import type { Told } from '../../kernel/events.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Reply } from '../../transports/dispatch.ts'

/** Somebody who is signed in. */
export interface Person {
  token: string
  user_id: string
}

type More = Partial<Omit<AgentCommand, 'action' | 'parameters'>> &
  Pick<Input<Operations['agents.execute']>, 'timeout_ms' | 'wait_for_completion'>

/** A whole app, its owner Ann, and the few things that these tests ask for again and again. */
export interface Server {
  readonly clock: FakeClock
  readonly ann: Person
  readonly app: TestApp['app']
  readonly call: TestApp['call']
  readonly ask: TestApp['ask']
  readonly logged: string[]
  /** Ann lets an agent act and waits for the end; what she says of it comes last. */
  act(
    agent: number | string,
    action: string,
    parameters?: Record<string, unknown>,
    more?: More,
  ): Promise<Execution>
  /** What the action answered. @throws Error when it failed. */
  done(
    agent: number | string,
    action: string,
    parameters?: Record<string, unknown>,
  ): Promise<Record<string, unknown>>
  /** Signs Ann in again when her token is old; answers the one she has then. */
  signIn(): Promise<string>
  /** The execution once it has ended. */
  ended(execution_id: string): Promise<Execution>
  /** Another user. */
  bob(): Promise<Person>
  /** An agent of Ann's own. */
  own(given?: Partial<Input<Operations['agents.create']>>): Promise<Agent>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Everything that was told to a user so far. */
  told(user_id?: string): Promise<Told[]>
  data_dir(): string
  /** Ends the process, as far as the data can tell, and starts another one on what it left. */
  restart(): Promise<void>
}

/** Opens a server whose data folder lasts until the test ends. */
export async function openServer(
  context: Pick<TestContext, 'after'>,
  options: Pick<AppOptions, 'limits' | 'egress'> & {
    lan?: readonly string[]
    prepare?: (app: TestApp['app']) => void
  } = {},
): Promise<Server> {
  const { prepare, ...given } = options
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-agents-'))
  const clock = fakeClock(START)
  let starts = 0
  const open = async (): Promise<TestApp> => {
    starts += 1
    const opened = await openTestApp({ ...given, data_dir, clock, random: seededRandom(starts) })
    prepare?.(opened.app)
    return opened
  }
  let running = await open()
  const close = async (): Promise<void> => {
    const closed = running.close()
    // What still runs gets no grace; the clock must reach the moment at which it is over.
    clock.advance(0)
    await closed
  }
  context.after(async () => {
    await close()
    rmSync(data_dir, { recursive: true, force: true })
  })
  const claimed = await running.claim()
  const ann = { token: claimed.token, user_id: claimed.user_id }
  let signed_in_at = clock.now()
  const call: TestApp['call'] = (...args) => running.call(...args)
  const ask: TestApp['ask'] = (...args) => running.ask(...args)
  const act: Server['act'] = (agent, action, parameters = {}, more = {}) =>
    ask(ann.token, 'agents.execute', execution(ann, agent, action, parameters, { ...WAIT, ...more }))
  return {
    clock,
    ann,
    get app() {
      return running.app
    },
    get logged() {
      return running.logged
    },
    call,
    ask,
    act,
    done: async (agent, action, parameters) => {
      const { result } = await act(agent, action, parameters)
      if (result?.success !== true) throw new Error(`${action}: ${result?.error}`)
      return result.data as Record<string, unknown>
    },
    signIn: async () => {
      if (clock.now() - signed_in_at < TOKEN_MS) return ann.token
      const who = { email: 'ann@example.org', password: PASSWORD }
      ann.token = (await ask(undefined, 'auth.login', who)).access_token
      signed_in_at = clock.now()
      return ann.token
    },
    ended: (execution_id) => ended(running, ann, execution_id),
    bob: () => addBob(running),
    own: (more = {}) => ask(ann.token, 'agents.create', { name: 'Mine', ...more }),
    write: (work) => running.app.kernel.store.write(work),
    told: async (user_id = ann.user_id) => (await running.app.kernel.events.since(user_id, 0)).events,
    data_dir: () => data_dir,
    restart: async () => {
      await close()
      running = await open()
    },
  }
}

function ended({ app }: TestApp, { user_id }: Person, execution_id: string): Promise<Execution> {
  const known = { execution_id, status: 'queued' } as const
  return app.agents.executions.finished(user_id, known, new AbortController().signal)
}

async function addBob({ app, ask }: TestApp): Promise<Person> {
  const email = 'bob@example.org'
  await app.auth.addUser(email, PASSWORD)
  const { access_token, user_id } = await ask(undefined, 'auth.login', { email, password: PASSWORD })
  return { token: access_token, user_id }
}

const WAIT = { wait_for_completion: true }
/** A little less than an access token lasts. */
const TOKEN_MS = 800_000

let requests = 0

/** The input of `agents.execute`, under a request id of its own. */
export function execution(
  { user_id }: Pick<Person, 'user_id'>,
  agent: number | string,
  action: string,
  parameters: Record<string, unknown> = {},
  { timeout_ms, wait_for_completion, ...more }: More = {},
): Input<Operations['agents.execute']> {
  requests += 1
  const request_id = `request-${requests}`
  return {
    id: String(agent),
    command: { action, parameters, user_id, request_id, priority: 'normal', ...more },
    ...(timeout_ms === undefined ? {} : { timeout_ms }),
    ...(wait_for_completion === undefined ? {} : { wait_for_completion }),
  }
}

/** Status, code and details of a refusal. @throws Error when it was none. */
export function refusal(reply: Reply): { status: number; code: string; details: Record<string, unknown> } {
  if (reply.ok) throw new Error(`Not refused: ${JSON.stringify(reply.data)}`)
  const { code, details = {} } = reply.error.error
  return { status: reply.status, code, details }
}

/** Status and code of a refusal, as in `404 AGENT_001`. */
export function refused(reply: Reply): string {
  const { status, code } = refusal(reply)
  return `${status} ${code}`
}
