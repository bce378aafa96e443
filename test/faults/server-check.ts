import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { systemRandom } from '../../server/kernel/ids.ts'
import { openLog } from '../../server/kernel/log.ts'
import type { Connection } from '../../server/kernel/store/connection.ts'
import type { Syncer } from '../../server/kernel/store/sync.ts'
import { accountsIn } from './claims.ts'
import type { Claim } from './claims.ts'
import { findHalves } from './halves.ts'
import { idleSyncer } from './store-check.ts'
import { ZONES, commandOf } from './writers.ts'

/** The whole server but for its listeners, with the machine's clock, on the data folder below `root`; logs errors. */
export function openServer(
  root: string,
  syncer: (path: string) => Syncer,
  complain: (line: string) => void,
  onFatal: (error: unknown) => void,
): Promise<TestApp> {
  const data_dir = join(root, 'data')
  const log = openLog('error', systemClock, complain)
  return openTestApp({ data_dir, log, clock: systemClock, random: systemRandom, syncer, onFatal })
}

/**
 * Starts a server on what a power cut left, and holds it against what was claimed. A second start finds that the first
 * has built on nothing that was torn.
 */
export async function checkServerImage(root: string, claims: readonly Claim[]): Promise<string[]> {
  const problems: string[] = []
  const start = () =>
    openServer(
      root,
      () => idleSyncer,
      (line) => problems.push(`the log says ${line}`),
      (error) => problems.push(`the server failed: ${String(error)}`),
    )
  const server = await start()
  try {
    problems.push(...(await checkServer(server, claims)))
  } finally {
    await server.close()
  }
  if (problems.length > 0) return problems
  const again = await start()
  problems.push(...(await findForged(again)))
  await again.close()
  return problems
}

/** What the audit itself finds wrong with its chain and its checkpoints. */
async function findForged(server: TestApp): Promise<string[]> {
  const { problems } = await server.app.kernel.audit.verify()
  return problems.map(({ seq, what }) => `the audit at ${seq}: ${what}`)
}

/** Newest claims of each kind that are also asked for as a user would. */
const ASKED = 3
/** Turns of 5 ms in which the executions that an earlier process left must end. */
const TURNS_MAX = 2_000

/** Holds a started server against what was claimed before; answers what is not as promised. */
export async function checkServer(server: TestApp, claims: readonly Claim[]): Promise<string[]> {
  const { connection } = server.app.kernel.store.reader
  const open = `SELECT id FROM executions WHERE status IN ('queued', 'executing') LIMIT 1`
  for (let turn = 0; connection.all(open, []).length > 0; turn += 1) {
    if (turn === TURNS_MAX) return ['an accepted execution does not end']
    await pause(5)
  }
  const problems = [...findLost(connection, claims), ...findHalves(connection), ...(await findForged(server))]
  if (problems.length > 0) return problems
  return [...(await ask(server, claims)), ...findHalves(connection)]
}

/** Looks for every claim in the tables. */
function findLost(connection: Connection, claims: readonly Claim[]): string[] {
  const items = new Map<string, boolean>()
  const bodies = `SELECT json_extract(body, '$.text') AS text, json_extract(body, '$.done') AS done FROM records
    WHERE collection = 'item'`
  for (const { text, done } of connection.all(bodies, [])) items.set(String(text), Boolean(done))
  // The audit can be looked up by its number only; all of it is read once.
  const lines = connection.all('SELECT request_id, operation FROM audit', [])
  const audited = new Set(
    lines.map(({ request_id, operation }) => `${String(request_id)} ${String(operation)}`),
  )
  const undone = new Set(claims.flatMap((claim) => (claim.is === 'undone' ? [claim.memory_id] : [])))
  const zones = new Map<string, number>()
  for (const claim of claims) if (claim.is === 'zone') zones.set(claim.user_id, claim.change)
  const exists = (query: string, ...values: unknown[]): boolean => connection.all(query, values).length > 0
  const holds = (claim: Claim): boolean => {
    if (claim.is === 'item') return items.has(claim.text) && (!claim.done || items.get(claim.text) === true)
    if (claim.is === 'memory') {
      const memory = 'SELECT id FROM memories WHERE id = ? AND user_id = ? AND instr(content, ?)'
      return undone.has(claim.id) || exists(memory, claim.id, claim.user_id, claim.text)
    }
    if (claim.is === 'undone') return !exists('SELECT id FROM memories WHERE id = ?', claim.memory_id)
    if (claim.is === 'reminder')
      return exists('SELECT id FROM records WHERE id = ? AND instr(body, ?)', claim.id, claim.text)
    if (claim.is === 'execution')
      return exists(`SELECT id FROM executions WHERE id = ? AND status = 'completed'`, claim.execution_id)
    if (claim.is === 'audit') return audited.has(`${claim.request_id} ${claim.operation}`)
    if (claim.is === 'event') return eventIsKept(connection, claim)
    if (claim.is === 'account')
      return exists('SELECT id FROM users WHERE id = ? AND email = ?', claim.user_id, claim.email)
    return claim.change < (zones.get(claim.user_id) ?? 0) || zoneIsKept(connection, claim)
  }
  return claims.filter((claim) => !holds(claim)).map((claim) => `lost ${describe(claim)}`)
}

/** All of a claim but the token. */
function describe(claim: Claim): string {
  return JSON.stringify(claim, (key, value: unknown) => (key === 'token' ? undefined : value))
}

/** An event that was delivered is still in its place, or has been cleared away with all before it. */
function eventIsKept(connection: Connection, { user_id, seq, name }: Claim & { is: 'event' }): boolean {
  const [row] = connection.all('SELECT name FROM events WHERE user_id = ? AND seq = ?', [user_id, seq])
  if (row !== undefined) return row['name'] === name
  const first = connection.all('SELECT min(seq) AS seq FROM events WHERE user_id = ?', [user_id])[0]?.['seq']
  return typeof first === 'number' && seq < first
}

/** The newest change that was claimed, or the one after it, which may have been on its way. */
function zoneIsKept(connection: Connection, { user_id, change }: Claim & { is: 'zone' }): boolean {
  const [row] = connection.all('SELECT preferences FROM users WHERE id = ?', [user_id])
  const { timezone } = JSON.parse(String(row?.['preferences'] ?? '{}')) as { timezone?: string }
  return [change, change + 1].some((kept) => ZONES[kept % ZONES.length] === timezone)
}

/** Asks for the newest of each kind by the operations that users have. */
async function ask(server: TestApp, claims: readonly Claim[]): Promise<string[]> {
  const problems: string[] = []
  const tokens = new Map(accountsIn(claims).map(({ user_id, token }) => [user_id, token]))
  const newest = <K extends Claim['is']>(is: K) =>
    claims.filter((claim): claim is Claim & { is: K } => claim.is === is).slice(-ASKED)
  const perform = async (
    user_id: string,
    agent: string,
    action: string,
    parameters = {},
  ): Promise<string> => {
    const asked = { agent, action, parameters, key: server.app.kernel.id(), waited: true }
    const reply = await server.call(tokens.get(user_id), 'agents.execute', commandOf(user_id, asked))
    return JSON.stringify(reply)
  }
  const contains = (what: string, reply: string, text: string): void => {
    if (!reply.includes(JSON.stringify(text)))
      problems.push(`${what} of ${text} answers ${reply.slice(0, 300)}`)
  }
  for (const { user_id, token } of accountsIn(claims))
    contains('signing in', JSON.stringify(await server.call(token, 'auth.me', {})), user_id)
  for (const { user_id, text } of newest('memory').filter((claim) => !claim.text.startsWith('storex')))
    contains('recall', await perform(user_id, '2', 'recall', { query: text }), text)
  for (const { user_id, text, done } of newest('item')) {
    const reply = await perform(user_id, '4', 'list')
    if (reply.includes(JSON.stringify(text)) && done) problems.push(`${text} is done, but listed`)
    if (!done && !mayBeDone(server, user_id, text)) contains('the list', reply, text)
  }
  for (const { user_id, text } of newest('reminder'))
    contains('the list of reminders', await perform(user_id, '3', 'list'), text)
  for (const { user_id, execution_id, asked } of newest('execution')) {
    const status = { id: asked.agent, execution_id }
    contains(
      'the status',
      JSON.stringify(await server.call(tokens.get(user_id), 'agents.status', status)),
      execution_id,
    )
    const again = await server.call(tokens.get(user_id), 'agents.execute', commandOf(user_id, asked))
    contains('asking again', JSON.stringify(again), execution_id)
  }
  return problems
}

/** Ticking it off was perhaps on its way when the process ended. */
function mayBeDone(server: TestApp, user_id: string, text: string): boolean {
  const ticked = `SELECT id FROM executions WHERE user_id = ? AND action = 'done' AND instr(command, ?)`
  return server.app.kernel.store.reader.connection.all(ticked, [user_id, text]).length > 0
}
