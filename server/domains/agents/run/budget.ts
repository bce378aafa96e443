import { Type } from 'typebox'
import { object } from '../../../../contract/operation.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Connection } from '../../../kernel/store/connection.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { findIssues } from '../../../kernel/validate.ts'
import { LateError } from '../../../skills/skill.ts'
import { spendingStore } from './store.ts'

const bounds = { minimum: 0, maximum: 1_000_000_000 }
const amount = Type.Optional(Type.Number(bounds))
const count = Type.Optional(Type.Integer(bounds))

/**
 * What an agent may use in one day of the user's zone (`config.preferences.budget`): `calls` counts its executions and
 * its calls to other machines, `money` is in the currency of whoever sells, `seconds` are those that its actions take.
 */
export const Budget = object({ calls: count, tokens: count, money: amount, seconds: amount })
export type Budget = Type.Static<typeof Budget>
export type Spent = Required<Budget>

const NOTHING: Spent = { calls: 0, tokens: 0, money: 0, seconds: 0 }
const KINDS = ['calls', 'tokens', 'money', 'seconds'] as const

/** Whose budget it is. */
export interface Spender {
  user_id: string
  agent_id: string
  agent_number: number
  budget: Budget
}

/** Time of a budget that is set aside; released when what it took is settled, or nothing was taken. */
export interface Reserved {
  seconds: number
  release(): void
}

/** What agents with a budget spend; the day is that of their user's zone. */
export interface Budgets {
  /** Takes an execution off, in the transaction that accepts it. @throws Fault `RATE_LIMIT_EXCEEDED` */
  admit(tx: Tx, by: Spender): void
  /** Sets aside seconds for an execution, at most those that are left, so that those beside it do not spend them too. */
  reserve(by: Spender, seconds: number): Reserved
  /** Takes a call of an execution that runs off. @throws LateError when there is none left. */
  call(by: Spender): void
  /** Keeps what an execution has spent, in the transaction that records its end. */
  settle(tx: Tx, by: Spender, spent: Partial<Spent>): void
}

export function openBudgets(kernel: Kernel, zoneOf: (user_id: string) => string): Budgets {
  const { store, clock } = kernel
  /** Calls of executions that run, which no row knows of yet, by agent and day; and seconds that are set aside. */
  const underWay = new Map<string, number>()
  const reserved = new Map<string, number>()
  const place = ({ agent_id, user_id }: Spender) => `${agent_id} ${today(user_id)}`
  /** Executions that the newest transaction which admitted any has taken on, by agent. */
  let admitting: { tx: Tx; calls: Map<string, number> } | undefined
  const today = (user_id: string): string =>
    Temporal.Instant.fromEpochMilliseconds(clock.now())
      .toZonedDateTimeISO(zoneOf(user_id))
      .toPlainDate()
      .toString()
  const row = (connection: Connection, { user_id, agent_id }: Spender): Spent =>
    spendingStore.find(connection, agent_id, today(user_id)) ?? NOTHING
  const spent = (connection: Connection, by: Spender): Spent => {
    const { calls, ...others } = row(connection, by)
    return { ...others, calls: calls + (underWay.get(place(by)) ?? 0) }
  }
  /** Executions that an open transaction takes on: nobody else sees them before its commit, nor ever if it fails. */
  const promised = (by: Spender): number => {
    const calls = admitting?.calls.get(by.agent_id)
    if (admitting === undefined || calls === undefined) return 0
    const uncommitted = row(admitting.tx.connection, by).calls - row(store.reader.connection, by).calls
    return Math.min(calls, uncommitted)
  }
  const keep = (tx: Tx, { user_id, agent_id }: Spender, more: Partial<Spent>): void => {
    spendingStore.add(tx.connection, { user_id, agent_id, day: today(user_id), ...NOTHING, ...more })
  }
  return {
    admit: (tx, by) => {
      const used = spent(tx.connection, by)
      const full = KINDS.find((kind) => used[kind] >= (by.budget[kind] ?? Infinity))
      if (full !== undefined) throw exhausted(kernel, zoneOf(by.user_id), by, full, used[full])
      keep(tx, by, { calls: 1 })
      if (admitting?.tx !== tx) admitting = { tx, calls: new Map() }
      admitting.calls.set(by.agent_id, (admitting.calls.get(by.agent_id) ?? 0) + 1)
    },
    reserve: (by, wanted) => {
      const { agent_id } = by
      const others = reserved.get(agent_id) ?? 0
      const left = (by.budget.seconds ?? Infinity) - spent(store.reader.connection, by).seconds - others
      const seconds = Math.max(0, Math.min(wanted, left))
      reserved.set(agent_id, others + seconds)
      return {
        seconds,
        release: () => {
          const rest = (reserved.get(agent_id) ?? 0) - seconds
          if (rest > 0.000_001) reserved.set(agent_id, rest)
          else reserved.delete(agent_id)
        },
      }
    },
    call: (by) => {
      const { calls } = spent(store.reader.connection, by)
      if (calls + promised(by) >= (by.budget.calls ?? Infinity))
        throw new LateError(`Agent ${by.agent_number} has used up its ${by.budget.calls} calls of today.`)
      underWay.set(place(by), (underWay.get(place(by)) ?? 0) + 1)
    },
    settle: (tx, by, more) => {
      if (admitting?.tx !== tx) admitting = undefined
      keep(tx, by, more)
      tx.afterCommit(() => {
        const left = (underWay.get(place(by)) ?? 0) - (more.calls ?? 0)
        if (left > 0) underWay.set(place(by), left)
        else underWay.delete(place(by))
        // What was begun on a day that is over is nobody's any more.
        for (const key of underWay.keys())
          if (key.startsWith(by.agent_id) && key !== place(by)) underWay.delete(key)
      })
    },
  }
}

function exhausted(
  { clock }: Kernel,
  zone: string,
  { agent_number, budget }: Spender,
  kind: keyof Budget,
  used: number,
): Fault {
  const now = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(zone)
  const midnight = now.add({ days: 1 }).startOfDay()
  const retry_after_s = Math.max(1, Math.ceil(now.until(midnight).total('seconds')))
  return new Fault(
    'RATE_LIMIT_EXCEEDED',
    `Agent ${agent_number} has used up its ${budget[kind]} ${kind} of today.`,
    { budget: kind, limit: budget[kind], used, resets_at: midnight.toInstant().toString() },
    { retry_after_s },
  )
}

/** The budget of a configuration. @throws Fault `AGENT_CONFIG_INVALID` for one that is none. */
export function budgetOf(preferences: Readonly<Record<string, unknown>> | undefined): Budget | undefined {
  const given = preferences?.['budget']
  if (given === undefined || given === null) return undefined
  const issues = findIssues(Budget, given).map(({ path, message }) => ({
    path: `/config/preferences/budget${path}`,
    message,
  }))
  if (issues.length === 0) return given
  throw new Fault(
    'AGENT_CONFIG_INVALID',
    `The budget is not valid: ${issues[0]?.path} ${issues[0]?.message}.`,
    {
      field: 'config.preferences.budget',
      issues,
    },
  )
}
