import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { AuditedCall, Capabilities } from '../capabilities.ts'
import { iso, spokenTime } from '../reminders/spoken.ts'
import { sayCount, sayList, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { stretch } from './stretch.ts'

/** Calls that a summary is made of, and those that are shown unless more are asked for. */
const COUNTED_MAX = 500
const SHOWN_DEFAULT = 50
/** Operations and addresses that a summary names. */
const NAMED_MAX = 20

const Moment = Type.String({ minLength: 1, maxLength: 64 })

const Call = shape({
  time: Type.String(),
  operation: Type.String(),
  transport: Type.String(),
  target: Type.Union([Type.String(), Type.Null()]),
  status: Type.Integer(),
  outcome: Type.String(),
  ip: Type.String(),
  duration_ms: Type.Number(),
})

const Summary = shape({
  /** Calls that were found, and how many of them failed; when there are more, `complete` is false. */
  calls: Type.Integer(),
  failed: Type.Integer(),
  complete: Type.Boolean(),
  operations: Type.Array(shape({ operation: Type.String(), calls: Type.Integer(), failed: Type.Integer() })),
  addresses: Type.Array(Type.String()),
})

export const audit_query = action({
  summary: 'Tells which calls were made with your account, from where, and what failed.',
  parameters: shape({
    operation: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    outcome: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    failed: Type.Optional(Type.Boolean()),
    since: Type.Optional(Moment),
    until: Type.Optional(Moment),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: COUNTED_MAX })),
  }),
  result: shape({ calls: Type.Array(Call), summary: Summary }),
  effect: 'read',
  slots: { operation: 'word', outcome: 'word', since: 'time', until: 'time', limit: 'number' },
  phrases: [
    'who [has] (used|accessed) my account [lately|recently]',
    'who [has] (used|accessed) my account [since] {since}',
    'who was (in|on) my account [since] {since}',
    'which [of my] calls [have] (failed|went wrong|were refused)',
    'which [of my] calls [have] (failed|went wrong|were refused) [since] {since}',
    'which [of my] calls [have] (failed|went wrong|were refused) between {since} and {until}',
    '(show|list|read|query) [me] [my|the] (audit|audit log|audit trail|access log)',
    '(show|list|read|query) [me] [my|the] (audit|audit log|audit trail|access log) since {since}',
    '(show|list) [me] [my|the] last {limit} (calls|audit lines|audit entries)',
    '(show|list) [me] [all] [my|the] calls (of|to) {operation}',
    '(show|list) [me] [all] [my|the] calls since {since}',
    '(show|list) [me] [all] [my|the] calls that ended (in|with) {outcome}',
    'what was done (with|in) my account [since] {since}',
    'audit_query',
  ],
  examples: [
    'who has been using my account',
    'who used my account this morning',
    'which of my calls failed since Monday',
    'show me the audit log',
    'let me see every access to my account',
    'where was my account used from',
    'has anybody else been in my account',
    'list the newest entries of the audit',
    'which requests were refused in the last hour',
    'what did my account do last night',
    'from which addresses was I signed in',
    'show all failed calls since the weekend',
    'give me the access history of my account',
    'was my account used at night',
    'what calls did my programs make since noon',
  ],
  perform: async (
    can: Pick<Capabilities, 'clock' | 'guard'>,
    { since, until, limit = SHOWN_DEFAULT, ...filter },
  ) => {
    const { now, time_zone } = can.clock
    const { from, to } = stretch({ since, until }, now, time_zone)
    const { calls, complete } = await can.guard.calls({
      ...filter,
      ...(from === undefined ? {} : { since: utc(from) }),
      ...(to === undefined ? {} : { until: utc(to) }),
      limit: COUNTED_MAX,
    })
    const summary = { ...summarise(calls), complete }
    return {
      data: { calls: calls.slice(0, limit).map((call) => shown(call, time_zone)), summary },
      text: spoken(calls, summary, now, time_zone),
    }
  },
})

function utc(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' })
}

function shown(call: AuditedCall, time_zone: string): Static<typeof Call> {
  const { time, operation, transport, target, status, outcome, ip, duration_ms } = call
  const at = iso(Date.parse(time), time_zone)
  return { time: at, operation, transport, target, status, outcome, ip, duration_ms }
}

function summarise(calls: readonly AuditedCall[]): Omit<Static<typeof Summary>, 'complete'> {
  const groups = Map.groupBy(calls, ({ operation }) => operation)
  const operations = [...groups].map(([operation, own]) => ({
    operation,
    calls: own.length,
    failed: own.filter(hasFailed).length,
  }))
  const addresses = new Set(calls.map(({ ip }) => ip).filter((ip) => ip !== ''))
  return {
    calls: calls.length,
    failed: calls.filter(hasFailed).length,
    operations: operations.toSorted((a, b) => b.calls - a.calls).slice(0, NAMED_MAX),
    addresses: [...addresses].slice(0, NAMED_MAX),
  }
}

function hasFailed({ outcome }: AuditedCall): boolean {
  return outcome !== 'ok'
}

function spoken(
  calls: readonly AuditedCall[],
  { failed, complete, operations, addresses }: Static<typeof Summary>,
  now: number,
  time_zone: string,
): string {
  if (calls.length === 0)
    return complete ? 'There were no such calls.' : 'I found no such call among the newest ones.'
  const names = operations.map((one) =>
    one.calls === 1 ? one.operation : `${one.calls} times ${one.operation}`,
  )
  const count = `${complete ? '' : 'At least '}${sayCount(calls.length, 'call')}`
  const places = addresses.length === 0 ? '' : ` from ${sayList(addresses)}`
  return sentence(`${count}${places}: ${sayList(names)}. ${spokenFailures(calls, failed, now, time_zone)}`)
}

function spokenFailures(
  calls: readonly AuditedCall[],
  failed: number,
  now: number,
  time_zone: string,
): string {
  const last = calls.find(hasFailed)
  if (last === undefined) return 'None failed.'
  const when = spokenTime(Date.parse(last.time), now, time_zone)
  const which = `${last.operation} ${when} with ${last.outcome}`
  return failed === 1 ? `One failed: ${which}.` : `${failed} failed, the last one ${which}.`
}
