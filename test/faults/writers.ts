import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { TestApp } from '../app.ts'
import type { Chance } from './chance.ts'
import type { Account, Asked, Claim } from './claims.ts'

/** Time zones that a user goes through, one after the other. */
export const ZONES = Intl.supportedValuesOf('timeZone').filter((zone) => /^[A-Z][a-z]+\//.test(zone))

interface Writer {
  server: TestApp
  account: Account
  claim: (claim: Claim) => void
  /** Part of texts and keys that nobody else uses. They are one word: items are the same when their words are. */
  name: string
  chance: Chance
}

interface Finished {
  execution_id: string
  data: Record<string, unknown>
}

/** One execution, waited for or not. Every second one is asked for again, which must not do it again. */
async function execute(writer: Writer, action: Omit<Asked, 'waited'>, waited = true): Promise<Finished> {
  const { server, account, claim, chance } = writer
  const { user_id, token } = account
  const asked = { ...action, waited }
  const first = await server.call(token, 'agents.execute', commandOf(user_id, asked))
  if (!first.ok) throw new Error(`${asked.action} was refused: ${JSON.stringify(first.error)}`)
  const { execution_id, status, result } = first.data as {
    execution_id: string
    status: string
    result?: unknown
  }
  claim({ is: 'execution', user_id, execution_id, asked })
  claim({ is: 'audit', request_id: first.request_id, operation: 'agents.execute' })
  if (chance.hits(0.5)) {
    const { execution_id: again } = await server.ask(token, 'agents.execute', commandOf(user_id, asked))
    if (again !== execution_id) throw new Error(`${asked.key} was executed twice.`)
  }
  const { success, data } = (result ?? { success: !waited }) as {
    success: boolean
    data?: Record<string, unknown>
  }
  if (!success) throw new Error(`${asked.action} ${status}: ${JSON.stringify(result)}`)
  return { execution_id, data: data ?? {} }
}

/** The same input for the same execution: a key may not be used for another. */
export function commandOf(user_id: string, { agent, action, parameters, key, waited }: Asked) {
  return {
    id: agent,
    command: { action, parameters, user_id, request_id: key, priority: 'normal' as const },
    wait_for_completion: waited,
  }
}

type Story = (writer: Writer, key: string) => Promise<void>

/** What writers do; each story is about something of its own. */
const STORIES: Readonly<Record<string, Story>> = {
  remember: async (writer, key) => {
    const { user_id } = writer.account
    const { data } = await execute(writer, remember(key))
    writer.claim({ is: 'memory', user_id, id: String(data['memory_id']), text: key })
  },
  undo: async (writer, key) => {
    const { user_id, token } = writer.account
    const { data, execution_id } = await execute(writer, remember(key))
    const reply = await writer.server.call(token, 'agents.undo', { id: execution_id })
    if (!reply.ok) throw new Error(`The undo was refused: ${JSON.stringify(reply.error)}`)
    writer.claim({ is: 'undone', user_id, execution_id, memory_id: String(data['memory_id']) })
    writer.claim({ is: 'audit', request_id: reply.request_id, operation: 'agents.undo' })
  },
  add: async (writer, key) => {
    const { user_id } = writer.account
    await execute(writer, { agent: '4', action: 'add', parameters: { items: [key] }, key })
    writer.claim({ is: 'item', user_id, text: key, done: false })
    if (writer.chance.hits(0.5)) return
    const done = { agent: '4', action: 'done', parameters: { items: [key] }, key: `${key}xdone` }
    await execute(writer, done)
    writer.claim({ is: 'item', user_id, text: key, done: true })
  },
  remind: async (writer, key) => {
    const { user_id } = writer.account
    const parameters = { text: key, in_seconds: 86_400 + writer.chance.below(86_400) }
    const { data } = await execute(writer, { agent: '3', action: 'remind', parameters, key })
    writer.claim({ is: 'reminder', user_id, id: String(data['reminder_id']), text: key })
  },
  accept: async (writer, key) => {
    await execute(writer, { agent: '2', action: 'remember', parameters: { text: key }, key }, false)
  },
  store: async (writer, key) => {
    const { user_id, token } = writer.account
    const entry = { id: '2', memory_type: 'stored', content: { key }, tags: ['fault'] }
    const first = await writer.server.call(token, 'agents.memory_store', entry, key)
    if (!first.ok) throw new Error(`The memory was refused: ${JSON.stringify(first.error)}`)
    const { id } = first.data as { id: string }
    writer.claim({ is: 'memory', user_id, id, text: key })
    writer.claim({ is: 'audit', request_id: first.request_id, operation: 'agents.memory_store' })
    const again = await writer.server.call(token, 'agents.memory_store', entry, key)
    if (!again.ok || (again.data as { id: string }).id !== id) throw new Error(`${key} was stored twice.`)
  },
  read: async (writer) => {
    const { user_id, token } = writer.account
    const { memories } = await writer.server.ask(token, 'agents.memory', { id: '2', limit: 5 })
    for (const { id, content, memory_type } of memories) {
      // What is going to be taken back must not be claimed to stay.
      if (typeof content !== 'string' || content.includes('undo') || memory_type !== 'note') continue
      writer.claim({ is: 'memory', user_id, id, text: content })
    }
  },
}

function remember(key: string): Omit<Asked, 'waited'> {
  return { agent: '2', action: 'remember', parameters: { text: key }, key }
}

/** Performs stories one after the other until `more` says no. */
export async function write(writer: Writer, more: () => boolean): Promise<void> {
  const names = Object.keys(STORIES)
  for (let number = 0; more(); number += 1) {
    if (writer.chance.hits(0.3)) await nextTurn()
    else if (writer.chance.hits(0.5)) await pause(writer.chance.below(4))
    const story = names[writer.chance.below(names.length)] ?? 'remember'
    await STORIES[story]?.(writer, `${story}x${writer.name}x${number}`)
  }
}

/** Moves a user through the time zones; nobody else may do it for the same user at once. */
export async function travel(writer: Omit<Writer, 'name'>, from: number, more: () => boolean): Promise<void> {
  const { server, account, claim, chance } = writer
  for (let change = from; more(); change += 1) {
    await pause(5 + chance.below(20))
    const timezone = ZONES[change % ZONES.length] ?? 'UTC'
    await server.ask(account.token, 'auth.preferences', { timezone })
    claim({ is: 'zone', user_id: account.user_id, change })
  }
}
