import { slotType } from './slots/kinds.ts'
import { Type } from 'typebox'
import type { VoiceCommand } from '../../../contract/agents.ts'
import type { Action, Skill, SlotType } from '../../skills/skill.ts'
import type { Sayable } from '../workflows/spoken/index.ts'
import { TemplateError, compileAll } from './template.ts'
import type { TemplateIndex } from './template.ts'

/** An agent, as far as understanding needs to know it. */
export interface KnownAgent {
  agent_number: number
  name: string
  skill: Skill | undefined
  voice_commands: readonly VoiceCommand[]
}

/** A phrase that the user taught, for an action of an agent. */
export interface Taught {
  phrase: string
  agent_number: number
  action: string
  parameters?: Record<string, unknown>
}

/** Something that a sentence can mean. */
export interface Meaning {
  agent_number: number
  agent_name: string
  name: string
  action: Action
  /** Values that the phrase itself stands for. */
  preset: Record<string, unknown>
  /** Whether its user has made the phrase. */
  is_own?: true
  /** The triggers of workflows whose phrase it is, as many as it fits equally. */
  triggers?: readonly string[]
}

/** Everything that one user's sentences can mean. */
export interface Catalogue {
  readonly templates: TemplateIndex<Meaning>
  /** The phrases that the templates were made from, and sentences as they are said. */
  readonly phrases: readonly string[]
  /** Those of them after which something that is needed is asked for. */
  readonly unfinished: readonly string[]
  /** Meanings by label of the statistical tier, `skill/action`; several when agents share a skill. */
  readonly labels: ReadonlyMap<string, readonly Meaning[]>
  readonly agents: readonly KnownAgent[]
  readonly workflows: Sayable | undefined
  /** The same of agents that are switched off: what is meant for them is done by nobody, and said. */
  readonly off: Pick<Catalogue, 'templates' | 'phrases' | 'labels' | 'agents'>
}

/**
 * Builds the catalogue of a user. `system` is what can be said to the system as a whole; what is said of the user's own
 * workflows comes last, so that of equal phrases that of an agent wins.
 */
export function buildCatalogue(
  system: Skill,
  agents: readonly KnownAgent[],
  taught: readonly Taught[],
  workflows?: Sayable,
  off: readonly KnownAgent[] = [],
): Catalogue {
  const everybody: KnownAgent[] = [
    { agent_number: system.agent.number, name: system.agent.name, skill: system, voice_commands: [] },
    ...agents,
  ]
  const own = workflows === undefined ? [] : ofWorkflows(system, workflows)
  return {
    ...sayableOf(everybody, taught, own),
    agents,
    workflows,
    off: { ...sayableOf(off, taught, []), agents: off },
  }
}

/** What can be said to some agents, and phrases besides. */
function sayableOf(
  agents: readonly KnownAgent[],
  taught: readonly Taught[],
  others: readonly { phrase: string; id: Meaning }[],
): Pick<Catalogue, 'templates' | 'phrases' | 'unfinished' | 'labels'> {
  const phrases: { phrase: string; id: Meaning }[] = []
  const labels = new Map<string, Meaning[]>()
  const examples: string[] = []
  for (const agent of agents) {
    for (const [name, action] of Object.entries(agent.skill?.actions ?? {})) {
      const meaning = { agent_number: agent.agent_number, agent_name: agent.name, name, action, preset: {} }
      const label = `${agent.skill?.name}/${name}`
      labels.set(label, [...(labels.get(label) ?? []), meaning])
      examples.push(...action.examples.map((text) => text.replaceAll(/[()[\]{}|]/g, ' ')))
      for (const phrase of action.phrases) {
        const preset = action.presets?.[phrase] ?? {}
        phrases.push({ phrase: typed(phrase, action), id: { ...meaning, preset } })
      }
    }
    const own = [
      ...agent.voice_commands,
      ...taught.filter(({ agent_number }) => agent_number === agent.agent_number),
    ]
    for (const command of own) phrases.push(...learnt(agent, command))
  }
  phrases.push(...others)
  const valid = phrases.filter(({ phrase }) => isTemplate(phrase))
  return {
    templates: compileAll(valid),
    phrases: [...valid.map(({ phrase }) => phrase), ...examples],
    unfinished: valid.filter(isUnfinished).map(({ phrase }) => phrase),
    labels,
  }
}

/** Whether a phrase has no place for something that its action needs. */
function isUnfinished({ phrase, id: { action, preset } }: { phrase: string; id: Meaning }): boolean {
  const { required = [] } = action.parameters as { required?: readonly string[] }
  const said = new Set([...phrase.matchAll(SLOT)].map(([, name]) => name))
  return required.some((name) => !said.has(name) && !(name in preset))
}

function ofWorkflows(system: Skill, { phrases, triggers }: Sayable): { phrase: string; id: Meaning }[] {
  const { number: agent_number, name: agent_name } = system.agent
  const short = phrases.flatMap(({ action: name, phrase }) => {
    const action = system.actions[name]
    if (action === undefined) return []
    return [{ phrase: typed(phrase, action), id: { agent_number, agent_name, name, action, preset: {} } }]
  })
  const run = system.actions[RUN]
  const started = triggers.flatMap(({ key, phrase }) => {
    if (run === undefined) return []
    const action = withSlots(run, phrase)
    return [{ phrase, id: { agent_number, agent_name, name: RUN, action, preset: {}, triggers: [key] } }]
  })
  return [...short, ...started]
}

/** The command that starts a workflow. */
const RUN = 'run_workflow'
const SLOT = /\{([a-z][a-z0-9_]{0,39})(?::([a-z][a-z0-9_]{0,39}))?\}/g

/**
 * An action that takes whatever the slots of a phrase hold, none of which must be said, and which workflow is meant where
 * several have the phrase.
 */
function withSlots(action: Action, phrase: string): Action {
  const slots = [...phrase.matchAll(SLOT)].map(([, name = '', type = 'text']) => [name, type] as const)
  return {
    ...action,
    needsOne: [],
    parameters: Type.Object({
      workflow: Type.Optional(Type.Unknown()),
      ...Object.fromEntries(slots.map(([name]) => [name, Type.Optional(Type.Unknown())])),
    }),
    slots: { workflow: 'workflow', ...(Object.fromEntries(slots) as Record<string, SlotType>) },
  }
}

/** A phrase of the user's own means what the agent's action means; one for an unknown action means nothing. */
function learnt(agent: KnownAgent, { phrase, action: name, parameters }: VoiceCommand | Taught) {
  const action =
    agent.skill !== undefined && Object.hasOwn(agent.skill.actions, name)
      ? agent.skill.actions[name]
      : undefined
  if (action === undefined) return []
  const meaning = {
    agent_number: agent.agent_number,
    agent_name: agent.name,
    name,
    action,
    preset: parameters ?? {},
    is_own: true as const,
  }
  return [{ phrase: typed(phrase, action), id: meaning }]
}

/** Users write phrases too, and one that is no template must not take the others with it. */
function isTemplate(phrase: string): boolean {
  try {
    compileAll([{ phrase, id: 0 }])
    return true
  } catch (error) {
    if (error instanceof TemplateError) return false
    throw error
  }
}

/** A slot, with the words before it that say whose it is. */
const ANY_SLOT = /(\((?:my|the|our)(?:\|(?:my|the|our))*\) (?:\[whole\|entire\] )?)?\{(\w+)\}/g

/** Writes the type of each slot into the phrase, where the matcher looks for it. */
export function typed(phrase: string, action: Action): string {
  return phrase.replaceAll(ANY_SLOT, (slot: string, owner: string | undefined, name: string) => {
    const type = slotType(action, name)
    if (type === 'text' || type === 'word') return slot
    // After "the" a word of command is a name like any other: "the stop list".
    return owner !== undefined && type === 'name'
      ? `${owner}{${name}:title}`
      : `${owner ?? ''}{${name}:${type}}`
  })
}
