import { Type } from 'typebox'
import type { Issue } from '../../../../contract/errors.ts'
import { server_events } from '../../../../contract/events.ts'
import { findIssues } from '../../../kernel/validate.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { ActionError, action, shape } from '../../../skills/skill.ts'
import type { Action } from '../../../skills/skill.ts'
import type { Notifications } from '../../notifications/index.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow } from '../store.ts'

/** What came of beginning an action of the engine itself: it is done, or waits for a time, an answer or an event. */
export type Begun =
  | { result: Json }
  /** `wake` in epoch ms: the end of a wait for a time, the latest time of any other. */
  | { wake: number | null; waits_for: string | null; result: Json }

export interface Own {
  readonly actions: Readonly<Record<string, Action>>
  /** The parameters of an action. @throws ActionError when it does not take these. */
  check(name: string, parameters: unknown): Record<string, unknown>
  /** Whether an action only works something out: it writes nothing and waits for nothing. */
  isWorkedOut(name: string): boolean
  /** The result of such an action. */
  workOut(parameters: Record<string, unknown>): Json
  /** @throws ActionError */
  begin(tx: Tx, about: About, name: string, parameters: Record<string, unknown>): Promise<Begun>
}

export interface About {
  run: RunRow
  workflow: string
  step_id: string
}

const WAIT_S_MAX = 86_400
const seconds = Type.Number({ minimum: 0, maximum: WAIT_S_MAX })
const TEXT_MAX = 2_000
/** Steps of a user that wait for one kind of event, and characters of what each looks for. */
const WAITING_MAX = 50
const MATCH_MAX = 2_000

/** What is waited for, as a step's record names it. */
export const WAITS = {
  approval: 'approval',
  event: (name: string) => `event:${name}`,
}

function own(
  summary: string,
  parameters: Action['parameters'],
  result: Action['result'],
  check?: Action['check'],
): Action {
  return action({
    ...(check === undefined ? {} : { check }),
    summary,
    parameters,
    result,
    effect: 'write',
    phrases: [],
    examples: [],
    perform: () => {
      throw new Error('It is performed by the run of a workflow, not by an agent.')
    },
  })
}

const WAIT = shape({
  seconds: Type.Optional(seconds),
  until: Type.Optional(Type.String({ format: 'date-time' })),
})

function oneOf({ seconds: some, until }: Readonly<Record<string, unknown>>): Issue[] {
  const isOne = (some === undefined) !== (until === undefined)
  if (!isOne) return [{ path: '', message: 'takes either seconds or until' }]
  // A leap second is written like any time, but no clock here ever shows it.
  const isNever = typeof until === 'string' && Number.isNaN(Date.parse(until))
  return isNever ? [{ path: '/until', message: 'is a time that no clock shows' }] : []
}

/** Actions of agent 0 in workflows alone. */
const actions = {
  wait: own(
    'Waits for some seconds, or until a time.',
    WAIT,
    shape({ waited_until: Type.String() }),
    (given) => findIssues(WAIT, given).concat(oneOf(given)),
  ),
  wait_for_approval: own(
    'Waits until you have said yes or no.',
    shape({
      text: Type.String({ minLength: 1, maxLength: TEXT_MAX }),
      timeout_seconds: Type.Optional(seconds),
    }),
    shape({ approved: Type.Boolean(), note: Type.Optional(Type.String()) }),
  ),
  wait_for_event: own(
    'Waits for something to happen.',
    shape({
      event: Type.Enum(Object.keys(server_events)),
      match: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      timeout_seconds: Type.Optional(seconds),
    }),
    Type.Object({}),
  ),
  notify: own(
    'Tells you something.',
    shape({
      text: Type.String({ minLength: 1, maxLength: TEXT_MAX }),
      severity: Type.Optional(Type.Enum(['info', 'warning', 'critical'])),
    }),
    shape({ notification_id: Type.String() }),
  ),
  set: own(
    'Keeps a value for the steps that follow.',
    shape({ value: Type.Unknown() }),
    shape({ value: Type.Unknown() }),
  ),
} satisfies Record<string, Action>

function isOwn(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name)
}

function workOut({ value = null }: { value?: Json }): Json {
  return { value }
}

/** The actions that the engine performs itself. */
export function openOwn(kernel: Kernel, notifications: Pick<Notifications, 'notify'>): Own {
  const notify = (tx: Tx, { run }: About, text: string, severity: 'info' | 'warning' | 'critical' = 'info') =>
    notifications.notify(tx, run.user_id, { source_agent: 0, severity, text })
  const until = (timeout_seconds: number | undefined): number | null =>
    timeout_seconds === undefined ? null : Math.ceil(kernel.clock.now() + timeout_seconds * 1000)
  const begin: Record<keyof typeof actions, (tx: Tx, about: About, given: never) => Promise<Begun>> = {
    wait: (_tx, _about, given: { seconds?: number; until?: string }) => {
      const wake = given.until === undefined ? until(given.seconds) : Date.parse(given.until)
      const waited_until = new Date(wake ?? 0).toISOString()
      return Promise.resolve({ wake, waits_for: null, result: { waited_until } })
    },
    wait_for_approval: async (tx, about, given: { text: string; timeout_seconds?: number }) => {
      const text = `${about.workflow} asks: ${given.text}`
      const data = { execution_id: about.run.id, step_id: about.step_id }
      await notifications.notify(tx, about.run.user_id, { source_agent: 0, severity: 'warning', text, data })
      return { wake: until(given.timeout_seconds), waits_for: WAITS.approval, result: null }
    },
    wait_for_event: (tx, { run }, given: { event: string; match?: Json; timeout_seconds?: number }) => {
      const waits_for = WAITS.event(given.event)
      // All of them are looked at whenever it happens.
      if (JSON.stringify(given.match ?? null).length > MATCH_MAX)
        throw new ActionError(`match has at most ${MATCH_MAX} characters.`)
      if (workflowStore.waiting(tx.connection, run.user_id, waits_for).length >= WAITING_MAX)
        throw new ActionError(`At most ${WAITING_MAX} steps wait for ${given.event} at once.`)
      return Promise.resolve({ wake: until(given.timeout_seconds), waits_for, result: null })
    },
    notify: async (tx, about, given: { text: string; severity?: 'info' | 'warning' | 'critical' }) => {
      const notification_id = await notify(tx, about, given.text, given.severity)
      return { result: { notification_id } }
    },
    set: (_tx, _about, given: { value?: Json }) => Promise.resolve({ result: workOut(given) }),
  }
  return {
    actions,
    isWorkedOut: (name) => name === 'set',
    workOut,
    check: (name, parameters) => {
      if (!isOwn(name)) throw new ActionError(`Agent 0 has no action ${name} in workflows.`)
      const { check, parameters: schema }: Action = actions[name]
      const [issue] = check?.(parameters as Record<string, unknown>) ?? findIssues(schema, parameters)
      if (issue === undefined) return parameters as Record<string, unknown>
      throw new ActionError(`${name}: ${issue.path} ${issue.message}`)
    },
    begin: (tx, about, name, parameters) => {
      if (!isOwn(name)) throw new ActionError(`Agent 0 has no action ${name} in workflows.`)
      return begin[name](tx, about, parameters as never)
    },
  }
}
