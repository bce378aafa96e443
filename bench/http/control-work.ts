import { createHash, randomUUID } from 'node:crypto'
import { healthScore, remember } from '../../server/domains/agents/health.ts'
import type { AgentRow } from '../../server/domains/agents/store.ts'
import { openUsage } from '../../server/domains/agents/run/usage.ts'
import { termsOf } from '../../server/domains/memory/words.ts'
import type { Audit, AuditLine } from '../../server/kernel/audit.ts'
import { iso, systemClock } from '../../server/kernel/clock.ts'
import { openIds, systemRandom } from '../../server/kernel/ids.ts'
import type { Connection } from '../../server/kernel/store/connection.ts'
import type { Store, Tx } from '../../server/kernel/store/store.ts'
import { notes } from '../../server/skills/notes/index.ts'
import { secondPerson, sentence } from '../../server/skills/say.ts'
import { SQL } from './control-statements.ts'
import { AGENT_NUMBER } from './scene.ts'

/** Who asks, as the token says. */
export interface Asker {
  user_id: string
  session_id: string
}

interface Command {
  action: string
  parameters: { text: string }
  user_id: string
  request_id: string
}

/** An execution that was accepted, and what its second transaction needs of the first. */
interface Accepted {
  user_id: string
  agent_id: string
  execution_id: string
  text: string
  started_at: string
}

const JOB = 'agents.run'
/** Of one who alone could ever hold the job. */
const FENCE = 1
const ACTIONS = Object.keys(notes.actions)
const EMPTY_CONFIG = {
  api_keys: {},
  preferences: {},
  workflow_triggers: [],
  voice_commands: [],
  external_integrations: [],
}
/** The product's own: how much of what happened it keeps, and how long it lets an execution run. */
const EVENTS_KEPT = 2_000
const EVENTS_PRUNED_EVERY = 256
const UNDO_KEPT = 200
const TIMEOUT_MS = 30_000
const LEASE_MS = 660_000
const HANDICAP_MS = 30_000

/**
 * Both routes, in statements. Reads are only those without which the rows could not be written or the answer not be
 * given; what is written is what the product writes, in as many transactions: an execution is accepted in the first,
 * and in the second performed and recorded. The answer waits for one sync after both.
 */
export class Work {
  readonly #store: Store
  readonly #audit: Audit
  readonly #id = openIds(() => Date.now(), systemRandom)
  readonly #usage = openUsage(systemClock)

  constructor(store: Store, audit: Audit) {
    this.#store = store
    this.#audit = audit
  }

  /** Performs `remember`, and answers when all of it is on the disk. */
  async execute(asker: Asker, body: string): Promise<string> {
    const began = systemClock.elapsed()
    const accepted = await this.#store.write((tx) => Promise.resolve(this.#accept(tx, asker, body, began)))
    const answer = await this.#store.write((tx) => Promise.resolve(this.#perform(tx, accepted)))
    await this.#store.settled()
    return answer
  }

  /** Shows the agent. As for every read of the product, what the answer tells of is on the disk. */
  async get(asker: Asker): Promise<string> {
    const began = systemClock.elapsed()
    const agent = findAgent(this.#store.reader.connection, asker.user_id)
    const data = { ...toAgent(agent), status: this.#status(agent), available_actions: ACTIONS }
    this.#audit.note(toLine(asker, 'agents.get', 200, began))
    await this.#store.settled()
    return JSON.stringify({ success: true, data })
  }

  #accept(tx: Tx, asker: Asker, body: string, began: number): Accepted {
    const { connection } = tx
    const { command } = JSON.parse(body) as { command: Command }
    const { user_id } = asker
    const key = [user_id, 'agents.execute', command.request_id]
    if (connection.all(SQL.known, key).length > 0) throw new Error('Nothing is asked twice here.')
    const agent = findAgent(connection, user_id)
    const { id: agent_id, agent_number } = agent
    const execution_id = this.#id()
    const now = Date.now()
    const started_at = iso(now)
    const lease = [now + HANDICAP_MS, now, 1, FENCE, now + LEASE_MS]
    connection.run(SQL.enqueue, [JOB, execution_id, user_id, agent_id, '{}', ...lease])
    const what = [execution_id, user_id, agent_id, agent_number, command.action, JSON.stringify(command)]
    connection.run(SQL.execution, [...what, 'executing', TIMEOUT_MS, null, started_at, started_at, null])
    tell(connection, 'agent:execution_started', user_id, { agent_id, execution_id, command })
    this.#change(tx, agent, {
      ...agent,
      execution_count: agent.execution_count + 1,
      executing_count: agent.executing_count + 1,
      last_execution: started_at,
    })
    const receipt = JSON.stringify({ execution_id, status: 'executing' })
    const digest = createHash('sha256').update(body).digest('base64url')
    connection.run(SQL.keep, [...key, digest, receipt, started_at])
    this.#audit.write(tx, toLine(asker, 'agents.execute', 202, began))
    return { user_id, agent_id, execution_id, text: command.parameters.text.trim(), started_at }
  }

  #perform(tx: Tx, { user_id, agent_id, execution_id, text, started_at }: Accepted): string {
    const { connection } = tx
    const began = systemClock.elapsed()
    const said = sentence(`I will remember: ${secondPerson(text)}`)
    const ended_at = iso(Date.now())
    const memory = toMemory({ id: this.#id(), user_id, agent_id, text, created_at: ended_at })
    const [known] = connection.all(SQL.scope, [user_id, agent_id])
    const [scope = known] = known === undefined ? connection.all(SQL.begin, [user_id, agent_id]) : []
    const terms = termsOf(text)
    const digest = createHash('sha256').update(`note ${text}`).digest('base64url')
    const kept = [...Object.values(memory), scope?.['scope'], digest, terms.length]
    const [stored] = connection.all(SQL.memory, kept)
    connection.run(SQL.words, [
      stored?.['number'],
      terms.map((term) => `${String(scope?.['scope'])}_${term}`).join(' '),
    ])
    connection.run(SQL.grow, [terms.length, scope?.['scope']])
    connection.run(SQL.undo, [execution_id, user_id, said, 'do', null, 'done', ended_at])
    connection.run(SQL.undo_step, ['memory', memory.id, null, JSON.stringify(memory), execution_id, 0])
    connection.run(SQL.prune_undo, [user_id, user_id, UNDO_KEPT - 1])
    connection.run(SQL.dequeue, [JOB, execution_id, FENCE])
    const duration = Math.round((systemClock.elapsed() - began) * 1000) / 1000
    const metadata = { execution_time: duration, resources_used: ['memory'] }
    const result = { success: true, data: { memory_id: memory.id }, text: said, metadata }
    connection.run(SQL.advance, ['completed', JSON.stringify(result), started_at, ended_at, execution_id])
    tell(connection, 'agent:execution_completed', user_id, { agent_id, execution_id, result, duration })
    const agent = findAgent(connection, user_id)
    this.#change(tx, agent, {
      ...agent,
      executing_count: agent.executing_count - 1,
      finished_count: agent.finished_count + 1,
      total_ms: agent.total_ms + duration,
      last_error: null,
      outcomes: remember(agent.outcomes, 's'),
    })
    this.#usage.add(agent_id, { cpu_ms: duration })
    return JSON.stringify({ success: true, data: { execution_id, result, status: 'completed' } })
  }

  /** Writes the figures of an agent. When its state is another now, that is told with the status before and after. */
  #change({ connection }: Tx, before: AgentRow, after: AgentRow): void {
    const { id: agent_id, agent_number, user_id } = after
    const counts = [after.execution_count, after.executing_count, after.finished_count, after.total_ms]
    connection.run(SQL.activity, [
      after.last_execution,
      after.last_error,
      ...counts,
      after.outcomes,
      agent_id,
    ])
    if (stateOf(before) === stateOf(after)) return
    const statuses = { old_status: this.#status(before), new_status: this.#status(after) }
    tell(connection, 'agent:status_changed', user_id, { agent_id, agent_number, ...statuses })
  }

  #status(agent: AgentRow): object {
    return {
      state: stateOf(agent),
      last_error: agent.last_error,
      health_score: healthScore(agent.outcomes),
      resource_usage: this.#usage.of(agent.id),
    }
  }
}

function toLine(asker: Asker, operation: string, status: number, began: number): AuditLine {
  return {
    // No index orders by it, so it need not be one of those that follow time.
    request_id: randomUUID(),
    actor: asker.user_id,
    session_id: asker.session_id,
    transport: 'http',
    operation,
    target: String(AGENT_NUMBER),
    status,
    outcome: 'ok',
    ip: '127.0.0.1',
    counted: operation === 'agents.execute' ? 1 : 0,
    duration_ms: Math.round((systemClock.elapsed() - began) * 1000) / 1000,
  }
}

/** In the order of the columns. */
function toMemory(given: {
  id: string
  user_id: string
  agent_id: string
  text: string
  created_at: string
}) {
  const { id, user_id, agent_id, text, created_at } = given
  const content = JSON.stringify(text)
  return {
    id,
    user_id,
    agent_id,
    memory_type: 'note',
    content,
    tags: '[]',
    created_at,
    updated_at: created_at,
    expires_at: null,
    source_kind: 'user',
    source_name: null,
    trust: 'trusted',
    pinned: 0,
    superseded_by: null,
  }
}

function findAgent(connection: Connection, user_id: string): AgentRow {
  return connection.all(SQL.agent, [user_id, AGENT_NUMBER])[0] as unknown as AgentRow
}

function stateOf(agent: AgentRow): 'executing' | 'idle' {
  return agent.executing_count > 0 ? 'executing' : 'idle'
}

function tell(connection: Connection, name: string, user_id: string, data: object): void {
  const seq = Number(connection.all(SQL.seq, [user_id])[0]?.['seq'])
  connection.run(SQL.event, [user_id, seq, name, JSON.stringify(data), iso(Date.now())])
  if (seq % EVENTS_PRUNED_EVERY === 0) connection.run(SQL.prune_events, [user_id, seq - EVENTS_KEPT])
}

/** What of the answer is in the row, in the order in which the product says it; `status` gets its value later. */
function toAgent(agent: AgentRow): object {
  const { finished_count, total_ms } = agent
  return {
    id: agent.id,
    user_id: agent.user_id,
    agent_number: agent.agent_number,
    name: agent.name,
    description: agent.description,
    config: { ...EMPTY_CONFIG, ...(JSON.parse(agent.config) as object) },
    status: undefined,
    is_active: agent.is_active !== 0,
    voice_enabled: agent.voice_enabled !== 0,
    created_at: agent.created_at,
    updated_at: agent.updated_at,
    last_execution: agent.last_execution,
    execution_count: agent.execution_count,
    average_execution_time: finished_count === 0 ? 0 : Math.round((total_ms / finished_count) * 1000) / 1000,
  }
}
