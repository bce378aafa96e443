import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AuditRow } from '../../kernel/audit/chain.ts'
import { auditStore } from '../../kernel/audit/store.ts'
import { iso } from '../../kernel/clock.ts'
import type { Connection } from '../../kernel/store/connection.ts'
import type { AuditedCall, CallFilter } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'

const LIMIT_DEFAULT = 50
const LIMIT_MAX = 500
/** Lines read between two turns of the event loop, and for one question. */
const PAGE = 500
const LOOKED_AT_MAX = 50_000
/** Lines stand in the order of their commits; by their times that holds but for clocks that were set. */
const DISORDER_MS = 86_400_000

/** How much was looked at, and whether that is all there is. */
interface Looked {
  lines: number
  all: boolean
}

/** A stretch of time: ISO-8601 UTC, `since` included and `until` not. */
interface Stretch {
  since: string | undefined
  until: string | undefined
}

/** Calls of somebody that a filter means, newest first. */
export async function findCalls(
  connection: Connection,
  actor: string,
  filter: CallFilter,
): Promise<{ calls: AuditedCall[]; complete: boolean }> {
  const limit = Math.min(Math.max(1, filter.limit ?? LIMIT_DEFAULT), LIMIT_MAX)
  const stretch = { since: utc(filter.since), until: utc(filter.until) }
  const calls: AuditedCall[] = []
  const looked = { lines: 0, all: false }
  for await (const line of linesOf(connection, actor, stretch, looked)) {
    if (!isMeant(line, filter)) continue
    if (calls.length === limit) return { calls, complete: false }
    calls.push(toCall(line))
  }
  return { calls, complete: looked.all }
}

/** How many calls of somebody since a time (ISO-8601 UTC) failed, by why; of very many, of the newest ones alone. */
export async function countFailures(connection: Connection, actor: string, since: string) {
  const counts = { failed_calls: 0, refused_proofs: 0, limited_calls: 0 }
  const looked = { lines: 0, all: false }
  for await (const { status, outcome } of linesOf(connection, actor, { since, until: undefined }, looked)) {
    if (outcome === 'ok') continue
    if (status === 429) counts.limited_calls += 1
    else if (outcome === 'AUTH_002') counts.refused_proofs += 1
    else counts.failed_calls += 1
  }
  return { ...counts, calls_complete: looked.all }
}

/** Lines of somebody in a stretch of time, newest first; at most 50,000 are looked at. */
async function* linesOf(
  connection: Connection,
  actor: string,
  { since, until }: Stretch,
  looked: Looked,
): AsyncGenerator<AuditRow> {
  const stop = since === undefined ? '' : shifted(since, -DISORDER_MS)
  let before =
    until === undefined ? Number.MAX_SAFE_INTEGER : firstAfter(connection, shifted(until, DISORDER_MS))
  while (looked.lines < LOOKED_AT_MAX) {
    const page = auditStore.ofActor(connection, actor, before, PAGE)
    looked.lines += page.length
    for (const line of page) {
      looked.all = line.time < stop
      if (looked.all) return
      if ((since === undefined || line.time >= since) && (until === undefined || line.time < until))
        yield line
    }
    const last = page.at(-1)
    looked.all = last === undefined || page.length < PAGE
    if (last === undefined || looked.all) return
    before = last.seq
    await nextTurn()
  }
}

/** Number of the first line after a time, found by halving. */
function firstAfter(connection: Connection, time: string): number {
  let low = 1
  let high = auditStore.head(connection).seq + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((auditStore.timeAt(connection, middle) ?? '~') > time) high = middle
    else low = middle + 1
  }
  return low
}

function isMeant(line: AuditRow, { operation, outcome, failed }: CallFilter): boolean {
  return (
    (operation === undefined || line.operation === operation) &&
    (outcome === undefined || line.outcome === outcome) &&
    (failed === undefined || failed === (line.outcome !== 'ok'))
  )
}

function toCall({
  seq,
  time,
  operation,
  transport,
  target,
  status,
  outcome,
  ip,
  duration_ms,
}: AuditRow): AuditedCall {
  return { seq, time, operation, transport, target, status, outcome, ip, duration_ms }
}

function shifted(time: string, ms: number): string {
  return iso(Date.parse(time) + ms)
}

/** A time as the lines have it, so that texts compare as times do. */
function utc(time: string | undefined): string | undefined {
  if (time === undefined) return undefined
  const at = Date.parse(time)
  // Beyond these years a text no longer sorts as its time does.
  if (Number.isNaN(at) || at < YEAR_1000 || at >= YEAR_9000)
    throw new ActionError(`"${time.slice(0, 64)}" is not a time that I understand.`)
  return iso(at)
}
const YEAR_1000 = Date.UTC(1000, 0)
const YEAR_9000 = Date.UTC(9000, 0)
