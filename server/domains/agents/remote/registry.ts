import type { AgentConfig } from '../../../../contract/agents.ts'
import type { Caller } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { storedFields } from '../../../kernel/stored.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Skills } from '../skills.ts'
import { agentStore } from '../store.ts'
import type { AgentRow } from '../store.ts'
import { toConfig } from '../view.ts'
import { findValueIssues } from '../../../kernel/foreign-schema.ts'
import { remoteSkill } from './skill.ts'
import type { Registration } from './skill.ts'
import { remoteStore } from './store.ts'
import type { RemoteRow, RemoteTables } from './store.ts'

/** What the tokens of agents begin with, so that nobody takes one for something else, and a leaked one is found. */
export const TOKEN_PREFIX = 'paios_agent_'
const TOKEN_BYTES = 32
/** Connections of an agent are ended after so long; it comes back with the same token. */
const CONNECTED_MS = 20 * 86_400_000

/** Who a user is, without a session. */
export type Behind = Omit<
  Caller,
  'session_id' | 'password_at' | 'code_at' | 'may_enrol' | 'agent_id' | 'agent_number'
>

/** The agents from outside: their tokens, and what they can do. */
export interface Registry {
  /** Who a token speaks for. @throws Fault `UNAUTHORIZED` */
  authenticate(token: string): Caller
  /** Who a session of an agent speaks for now; nothing when it has ended, or is none of an agent. */
  callerOf(user_id: string, session_id: string): Caller | undefined
  /** When a connection with a token ends at the latest, in epoch ms. */
  expiresAt(): number
  registrationOf(agent_id: string): Registration | undefined
  /** What the agents of a user have registered that are there, but for one of them. */
  others(tx: Tx, user_id: string, agent_id: string | undefined): Registration[]
  /** Keeps what an agent registered, and makes its token; an earlier one ends. */
  put(tx: Tx, agent: AgentRow, registration: Registration): Promise<string>
  /** Ends the sessions of an agent that is gone or switched off, after the commit; what waits for a deleted one goes. */
  gone(tx: Tx, agent: AgentRow): Promise<void>
  /** Ends those of a user who is removed. */
  endAll(tx: Tx, user_id: string): void
  /** Ends the tokens of all agents, whose programs must be registered anew; answers whose they were. */
  endTokens(tx: Tx): Promise<{ user_id: string; agent_id: string }[]>
  /** Hears of the end of each session of an agent. */
  onEnd(hook: (session_id: string, agent_id: string, why: string) => void): void
  count(user_id: string): number
  /** @throws Fault `AGENT_CONFIG_INVALID` when `preferences.settings` are not what the agent's own schema asks for. */
  checkSettings(agent: AgentRow): void
}

const GONE = 'The agent was removed or switched off.'

interface Known {
  row: RemoteRow
  registration: Registration
}

export function skillName(agent_id: string): string {
  return `remote:${agent_id}`
}

/** Loads what is registered. `behind` says who a user is now. */
export async function openRegistry(
  kernel: Kernel,
  skills: Pick<Skills, 'attach'>,
  behind: (user_id: string) => Behind | undefined,
): Promise<Registry> {
  const registered = new Registered(kernel, skills, behind)
  for (const row of await remoteStore.all(kernel.store.reader.tables<RemoteTables>())) {
    const agent = agentStore.ofExecution(kernel.store.reader.connection, row)
    if (agent !== undefined) registered.remember(row, agent)
  }
  return registered
}

class Registered implements Registry {
  readonly #kernel: Kernel
  readonly #skills: Pick<Skills, 'attach'>
  readonly #behind: (user_id: string) => Behind | undefined
  readonly #known = new Map<string, Known>()
  readonly #byToken = new Map<string, string>()
  readonly #hooks: Parameters<Registry['onEnd']>[0][] = []

  constructor(
    kernel: Kernel,
    skills: Pick<Skills, 'attach'>,
    behind: (user_id: string) => Behind | undefined,
  ) {
    this.#kernel = kernel
    this.#skills = skills
    this.#behind = behind
  }

  remember(row: RemoteRow, agent: Pick<AgentRow, 'agent_number' | 'name' | 'description'>): void {
    const registration = storedFields<Registration>(row.registration)
    if (registration === undefined)
      return this.#kernel.log.error('the registration of an agent is damaged', { agent_id: row.agent_id })
    this.#forget(row.agent_id)
    this.#known.set(row.agent_id, { row, registration })
    this.#byToken.set(row.token_hash, row.agent_id)
    const { agent_number: number, name, description } = agent
    this.#skills.attach(remoteSkill(skillName(row.agent_id), { number, name, description }, registration))
  }

  authenticate(token: string): Caller {
    const agent_id = this.#byToken.get(this.#kernel.keys.mac('token-hash', token))
    const one = agent_id === undefined ? undefined : this.#known.get(agent_id)
    const caller = one && this.#speak(one)
    if (caller === undefined)
      throw new Fault('UNAUTHORIZED', 'The token is no longer valid, or its agent is switched off.')
    return caller
  }

  callerOf(user_id: string, session_id: string): Caller | undefined {
    const one = [...this.#known.values()].find(({ row }) => sessionOf(row) === session_id)
    return one?.row.user_id === user_id ? this.#speak(one) : undefined
  }

  expiresAt(): number {
    return this.#kernel.clock.now() + CONNECTED_MS
  }

  registrationOf(agent_id: string): Registration | undefined {
    return this.#known.get(agent_id)?.registration
  }

  others(tx: Tx, user_id: string, agent_id: string | undefined): Registration[] {
    return [...this.#known.values()]
      .filter(({ row }) => row.user_id === user_id && row.agent_id !== agent_id)
      .filter(({ row }) => agentStore.find(tx.connection, user_id, row.agent_id) !== undefined)
      .map(({ registration }) => registration)
  }

  async put(tx: Tx, agent: AgentRow, registration: Registration): Promise<string> {
    const { keys, random, now } = this.#kernel
    const token = `${TOKEN_PREFIX}${Buffer.from(random(TOKEN_BYTES)).toString('base64url')}`
    const row: RemoteRow = {
      agent_id: agent.id,
      user_id: agent.user_id,
      registration: JSON.stringify(registration),
      token_hash: keys.mac('token-hash', token),
      generation: (this.#known.get(agent.id)?.row.generation ?? 0) + 1,
      created_at: now(),
    }
    this.#end(tx, agent.id, 'The agent was registered anew.')
    await remoteStore.put(tx.tables<RemoteTables>(), row)
    tx.afterCommit(() => this.remember(row, agent))
    return token
  }

  async gone(tx: Tx, { id: agent_id, user_id, deleted_at }: AgentRow): Promise<void> {
    this.#end(tx, agent_id, GONE)
    if (deleted_at !== null) await remoteStore.dropMail(tx.tables<RemoteTables>(), { user_id, agent_id })
  }

  endAll(tx: Tx, user_id: string): void {
    for (const { row } of this.#known.values()) {
      if (row.user_id !== user_id) continue
      this.#end(tx, row.agent_id, GONE)
      tx.afterCommit(() => this.#forget(row.agent_id))
    }
  }

  async endTokens(tx: Tx): Promise<{ user_id: string; agent_id: string }[]> {
    const rows = [...this.#known.values()].map(({ row }) => row)
    for (const row of rows) {
      // Nobody has a token with this hash; the generation ends the sessions, and what was approved for them.
      const token_hash = `ended ${row.agent_id} ${row.generation}`
      const ended = { ...row, token_hash, generation: row.generation + 1 }
      this.#end(tx, row.agent_id, 'All tokens of agents were ended.')
      await remoteStore.put(tx.tables<RemoteTables>(), ended)
      tx.afterCommit(() => {
        const known = this.#known.get(row.agent_id)
        if (known === undefined) return
        this.#byToken.delete(row.token_hash)
        this.#known.set(row.agent_id, { ...known, row: ended })
      })
    }
    return rows.map(({ user_id, agent_id }) => ({ user_id, agent_id }))
  }

  onEnd(hook: Parameters<Registry['onEnd']>[0]): void {
    this.#hooks.push(hook)
  }

  count(user_id: string): number {
    const own = [...this.#known.values()].filter(({ row }) => row.user_id === user_id)
    return own.filter((one) => this.#speak(one) !== undefined).length
  }

  checkSettings(agent: AgentRow): void {
    const schema = this.#known.get(agent.id)?.registration.config_schema
    const issues = schema === undefined ? [] : findValueIssues(schema, settingsOf(toConfig(agent)))
    if (issues.length === 0) return
    const named = issues.map(({ path, message }) => ({
      path: `/config/preferences/settings${path}`,
      message,
    }))
    const text = `The settings are wrong: ${named[0]?.path} ${named[0]?.message}.`
    const details = { field: 'config.preferences.settings', issues: named }
    throw new Fault('AGENT_CONFIG_INVALID', text, details)
  }

  #speak({ row }: Known): Caller | undefined {
    return callerFor(this.#kernel, row, this.#behind)
  }

  #forget(agent_id: string): void {
    const before = this.#known.get(agent_id)
    if (before !== undefined) this.#byToken.delete(before.row.token_hash)
    this.#known.delete(agent_id)
  }

  #end(tx: Tx, agent_id: string, why: string): void {
    const ended = this.#known.get(agent_id)
    if (ended === undefined) return
    tx.afterCommit(() => {
      for (const hook of this.#hooks) hook(sessionOf(ended.row), agent_id, why)
    })
  }
}

/** Who an agent from outside is now; nothing when it is gone, or switched off. */
function callerFor(
  { store }: Kernel,
  row: RemoteRow,
  behind: (user_id: string) => Behind | undefined,
): Caller | undefined {
  const user = behind(row.user_id)
  const agent = agentStore.find(store.reader.connection, row.user_id, row.agent_id)
  if (user === undefined || agent === undefined || agent.is_active === 0) return undefined
  return {
    ...user,
    // The rights of the owner of the server are never those of a program.
    role: 'user',
    session_id: sessionOf(row),
    password_at: undefined,
    code_at: undefined,
    may_enrol: false,
    agent_id: row.agent_id,
    agent_number: agent.agent_number,
  }
}

function sessionOf({ agent_id, generation }: RemoteRow): string {
  return `agent:${agent_id}:${generation}`
}

/** Settings of an agent (`config.preferences.settings`), which its own schema describes. */
export function settingsOf({ preferences }: Pick<AgentConfig, 'preferences'>): Record<string, unknown> {
  const given = preferences['settings']
  const isMap = typeof given === 'object' && given !== null && !Array.isArray(given)
  return isMap ? (given as Record<string, unknown>) : {}
}
