import { storedFields } from '../../../kernel/stored.ts'
import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import type { Reader } from '../../../kernel/store/store.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { KnownAgent } from '../../agents/index.ts'
import type { Change } from '../../changes/impact.ts'
import { amended, isAmending, isTiming } from '../propose/amend.ts'
import { isProposal } from '../propose/index.ts'
import { workflowStore } from '../store.ts'
import type { WorkflowTables } from '../store.ts'
import { triggerStore, wantedBy } from '../triggers/store.ts'
import type { TriggerTables } from '../triggers/store.ts'
import type { Asked, Command, Course, SpokenParts } from './course.ts'
import { failureCommands } from './failures.ts'
import { galleryCommands, galleryTitle } from './gallery.ts'
import { listingCommands } from './listing.ts'
import { makingCommands } from './making.ts'
import { renamed, severalNamed, workflowsNamed } from './names.ts'
import type { NamedWorkflow } from './names.ts'
import { SHORT_PHRASES } from './phrases.ts'
import { reschedulingCommands } from './rescheduling.ts'
import { runningCommands } from './running.ts'
import { statusCommands } from './status.ts'
import { spokenStore } from './store.ts'
import { tellingCommands } from './telling.ts'
import { openWhen } from './when.ts'

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
  names: readonly string[]
  /** Whether a text can name a workflow, or several. */
  isWorkflow(text: string): boolean
  /** What a sentence gives another name, where it has the whole name of a workflow. */
  renamed(text: string): { workflow: string; to: string } | undefined
}

/** Workflows in sentences. */
export interface Spoken {
  of(user_id: string): Promise<Sayable>
  /** The same as it would be after a change, with the agents as they would be. */
  after(change: Change, agents: readonly KnownAgent[]): Promise<Sayable>
  /** Whether a sentence asks for a new workflow, also where it is a phrase of an agent. */
  isProposal(text: string, isPhrase?: boolean): boolean
  /** What a reply to the proposal of a workflow changes of the parameters that it was made of, if it does. */
  amended(parameters: Readonly<Record<string, unknown>>, reply: string): Record<string, string> | undefined
  /** Whether a reply can only be meant to change a proposal, whether or not it can be changed so. */
  isAmending(reply: string): boolean
  /** The title of what the gallery has under a name. */
  galleryTitle(said: string): string | undefined
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
  const { store, clock } = parts.kernel
  const { reader } = store
  const users = new Map<string, Kept>()
  const whenOf = openWhen((version) => workflowStore.version(reader.connection, version)?.definition)
  const commands: Readonly<Record<string, Command>> = {
    ...runningCommands(parts),
    ...statusCommands(parts),
    ...tellingCommands(parts),
    ...failureCommands(parts),
    ...listingCommands(parts),
    ...reschedulingCommands(parts),
    ...makingCommands(parts),
    ...galleryCommands(parts),
  }
  const commandOf = (action: string) => (Object.hasOwn(commands, action) ? commands[action] : undefined)
  const kept = async (user_id: string): Promise<Kept> => {
    const rows = await spokenStore.workflows(reader.tables<WorkflowTables>(), user_id)
    const said = await triggerStore.ofType(reader.tables<TriggerTables>(), user_id, 'voice_command')
    const triggers = said.map(({ key, conditions }) => ({ key, phrase: phraseIn(conditions) }))
    const signature = JSON.stringify([rows.map(({ id, name, version }) => [id, name, version]), triggers])
    const before = users.get(user_id)
    if (before?.signature === signature) return before
    const names: NamedWorkflow[] = []
    const breathe = openTurns(clock)
    for (const { id, name, version } of rows) {
      names.push({ id, name, when: whenOf(version) })
      await breathe()
    }
    const sayable: Sayable = {
      signature,
      triggers,
      phrases: names.length === 0 ? [] : SHORT_PHRASES,
      ...namesIn(names),
    }
    const oldest = users.keys().next()
    if (users.size >= USERS_MAX && oldest.done !== true) users.delete(oldest.value)
    const now = { signature, names, sayable }
    users.set(user_id, now)
    return now
  }
  return {
    of: async (user_id) => (await kept(user_id)).sayable,
    after: async (change, agents) => sayableAfter(reader, (await kept(change.user_id)).names, change, agents),
    isProposal,
    amended: ({ request, entry }, reply) => {
      if (typeof entry === 'string') return isTiming(reply) ? { when: reply } : undefined
      const other = typeof request === 'string' ? amended(request, reply) : undefined
      return other === undefined ? undefined : { request: other }
    },
    isAmending,
    galleryTitle,
    knows: (action) => commandOf(action) !== undefined,
    course: async (asked) => {
      const command = commandOf(asked.action)
      if (command === undefined) throw new Error(`No command ${asked.action} about workflows.`)
      return command(asked, (await kept(asked.user_id)).names)
    },
  }
}

/** What could be said after a change of an agent or a workflow. */
async function sayableAfter(
  reader: Reader,
  named: readonly NamedWorkflow[],
  { user_id, kind, target, after }: Change,
  agents: readonly KnownAgent[],
): Promise<Sayable> {
  const said = await triggerStore.ofType(reader.tables<TriggerTables>(), user_id, 'voice_command')
  const others = said.filter((row) => (kind === 'agent' ? row.agent_id : row.key) !== target)
  const triggers = others.map(({ key, conditions }) => ({ key, phrase: phraseIn(conditions) }))
  let names = [...named]
  if (kind === 'agent') {
    const agent = agents.find(({ id }) => id === target)
    const wanted = agent === undefined ? [] : wantedBy({ ...agent, user_id })
    for (const { key, type, conditions } of wanted)
      if (type === 'voice_command') triggers.push({ key, phrase: phraseIn(conditions) })
  }
  if (kind === 'workflow') {
    names = names.filter(({ id }) => id !== target)
    const { trigger } = (after?.['definition'] ?? {}) as Partial<WorkflowDefinition>
    if (after !== undefined) names.push({ id: target, name: String(after['name']), when: [] })
    if (after?.['is_active'] === true && trigger?.type === 'voice_command')
      triggers.push({ key: target, phrase: phraseIn(JSON.stringify(trigger.conditions)) })
  }
  return {
    signature: '',
    triggers,
    phrases: names.length === 0 ? [] : SHORT_PHRASES,
    ...namesIn(names),
  }
}

function namesIn(names: readonly NamedWorkflow[]): Pick<Sayable, 'names' | 'isWorkflow' | 'renamed'> {
  return {
    names: names.map(({ name }) => name),
    isWorkflow: (text) => workflowsNamed(text, names).length > 0 || severalNamed(text, names).length > 0,
    renamed: (text) => renamed(text, names),
  }
}

function phraseIn(conditions: string): string {
  const { phrase } = storedFields<{ phrase?: unknown }>(conditions) ?? {}
  return typeof phrase === 'string' ? phrase : ''
}
