import type { Tx } from '../../../kernel/store/store.ts'
import { definitionOf } from '../crud.ts'
import { isProposal } from '../propose/index.ts'
import type { WorkflowTables } from '../store.ts'
import { triggerStore } from '../triggers/store.ts'
import type { TriggerTables } from '../triggers/store.ts'
import type { Asked, Command, Course, SpokenParts } from './course.ts'
import { makingCommands } from './making.ts'
import { workflowsNamed } from './names.ts'
import type { NamedWorkflow } from './names.ts'
import { SHORT_PHRASES } from './phrases.ts'
import { runningCommands } from './running.ts'
import { spokenStore } from './store.ts'
import { tellingCommands } from './telling.ts'
import { whenWords } from './when.ts'

/** A phrase that starts a workflow. */
export interface SaidTrigger {
  key: string
  phrase: string
}

/** What understanding needs to know of a user's workflows. */
export interface Sayable {
  /** Changes with everything below. */
  signature: string
  /** Short phrases for commands of the system, by its action. */
  phrases: readonly { action: string; phrase: string }[]
  triggers: readonly SaidTrigger[]
  /** Whether a text can name a workflow. */
  isWorkflow(text: string): boolean
}

/** Workflows in sentences. */
export interface Spoken {
  of(user_id: string): Promise<Sayable>
  /** Whether a sentence asks for a new workflow. */
  isProposal(text: string): boolean
  /** Whether a command of the system is about workflows. */
  knows(action: string): boolean
  /** What is to be done about a command. */
  course(asked: Asked): Promise<Course>
}

const USERS_MAX = 200

interface Kept {
  signature: string
  names: NamedWorkflow[]
  sayable: Sayable
}

/** Opens what can be said of workflows. */
export function openSpoken(parts: SpokenParts): Spoken {
  const { reader } = parts.kernel.store
  const users = new Map<string, Kept>()
  const commands: Readonly<Record<string, Command>> = {
    ...runningCommands(parts),
    ...tellingCommands(parts),
    ...makingCommands(parts),
  }
  const commandOf = (action: string) => (Object.hasOwn(commands, action) ? commands[action] : undefined)
  const kept = async (user_id: string): Promise<Kept> => {
    const rows = await spokenStore.workflows(reader.tables<WorkflowTables>(), user_id)
    const said = await triggerStore.ofType(reader.tables<TriggerTables>(), user_id, 'voice_command')
    const triggers = said.map(({ key, conditions }) => ({ key, phrase: phraseIn(conditions) }))
    const signature = JSON.stringify([rows.map(({ id, name, version }) => [id, name, version]), triggers])
    const before = users.get(user_id)
    if (before?.signature === signature) return before
    const names = rows.map(({ id, name, version }) => ({ id, name, when: scheduleOf(reader, version) }))
    const sayable: Sayable = {
      signature,
      triggers,
      phrases: names.length === 0 ? [] : SHORT_PHRASES,
      isWorkflow: (text) => workflowsNamed(text, names).length > 0,
    }
    const oldest = users.keys().next()
    if (users.size >= USERS_MAX && oldest.done !== true) users.delete(oldest.value)
    const now = { signature, names, sayable }
    users.set(user_id, now)
    return now
  }
  return {
    of: async (user_id) => (await kept(user_id)).sayable,
    isProposal,
    knows: (action) => commandOf(action) !== undefined,
    course: async (asked) => {
      const command = commandOf(asked.action)
      if (command === undefined) throw new Error(`No command ${asked.action} about workflows.`)
      return command(asked, (await kept(asked.user_id)).names)
    },
  }
}

function scheduleOf(db: Pick<Tx, 'connection'>, version: number): string[] {
  return whenWords(definitionOf(db, version).trigger)
}

function phraseIn(conditions: string): string {
  const { phrase } = JSON.parse(conditions) as { phrase?: unknown }
  return typeof phrase === 'string' ? phrase : ''
}
