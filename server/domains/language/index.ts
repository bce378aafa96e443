import type { AgentConfig } from '../../../contract/agents.ts'
import type { GuideCapability } from '../../skills/capabilities.ts'
import type { Skill } from '../../skills/skill.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { Agents, KnownAgent as AgentFacts } from '../agents/index.ts'
import type { Grant } from '../agents/skills.ts'
import type { Change } from '../changes/impact.ts'
import type { Memories } from '../memory/index.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import { agentNamed } from './names.ts'
import { buildCatalogue } from './catalogue.ts'
import type { Catalogue, KnownAgent, Meaning, Taught } from './catalogue.ts'
import { readReply } from './fill.ts'
import type { Accepting } from './fill.ts'
import { openModel } from './model.ts'
import { normalise } from './normalise.ts'
import { understand } from './understand.ts'
import type { Heard, Understood } from './understand.ts'

/** Collection in which taught phrases are kept, with the agent that taught them. */
const TAUGHT = 'taught_phrase'
/** Users whose catalogue is kept ready. */
const CATALOGUES_MAX = 200
/** Longer ones are hardly commands, and trying one of them costs as much as trying all others. */
const REROUTED_CHARACTERS_MAX = 1_000

interface Parts {
  agents: Agents
  memory: Memories
  /** What can be said to the system as a whole. */
  system: Skill
  accepts: Accepting
  /** What is said of workflows. */
  workflows: Pick<Spoken, 'of' | 'after' | 'isProposal'>
}

/** A sentence that would go elsewhere: to an agent and its action, or to nobody. */
export interface Route {
  text: string
  from: string | null
  to: string | null
}

export interface Language {
  understand(user_id: string, heard: Heard): Promise<Understood>
  /** Which of these sentences would go elsewhere after a change; long ones are not tried. */
  reroutes(
    change: Change,
    texts: readonly string[],
    said: Pick<Heard, 'time_zone' | 'wake_words'>,
  ): Promise<Route[]>
  /** The value of one parameter in a reply to a question, with what else the reply said. */
  readSlot(
    user_id: string,
    meaning: Meaning,
    parameter: string,
    heard: Heard,
  ): Promise<Record<string, unknown> | undefined>
  /** What the concierge may know of agents and routing. */
  guide(grant: Grant): GuideCapability
  /** Prepares the statistical tier, so that the first sentence need not wait for it. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

/** Understands sentences without a language model. */
export function openLanguage(kernel: Kernel, parts: Parts): Language {
  const { agents, memory, system, accepts, workflows } = parts
  const model = openModel(kernel, () => [system, ...agents.skills.all()])
  const catalogueOf = openCatalogues(parts)
  const { isProposal } = workflows
  const understandWith = (catalogue: Catalogue, heard: Heard): Promise<Understood> =>
    understand(heard, { catalogue, accepts, classify: model.classify, isProposal })
  const understandFor = async (user_id: string, heard: Heard): Promise<Understood> =>
    understandWith(await catalogueOf(user_id), heard)
  return {
    understand: understandFor,
    reroutes: async (change, texts, said) => {
      if (texts.length === 0 || !saysOtherwise(change)) return []
      const [before, after] = [await catalogueOf(change.user_id), await catalogueAfter(parts, change)]
      const routes: Route[] = []
      const breathe = openTurns(kernel.clock)
      for (const text of texts) {
        await breathe()
        if (text.length > REROUTED_CHARACTERS_MAX) continue
        const heard = { text, now: kernel.clock.now(), ...SAID_TO_ALL, ...said }
        const [from, to] = [await understandWith(before, heard), await understandWith(after, heard)]
        if (placeOf(from.meaning) === placeOf(to.meaning)) continue
        routes.push({ text, from: nameOf(from.meaning), to: nameOf(to.meaning) })
      }
      return routes
    },
    readSlot: async (user_id, { action }, parameter, heard) => {
      const { agents: named, workflows: own } = await catalogueOf(user_id)
      const agentOf = (text: string) => agentNamed(text, named)
      const around = { ...heard, accepts, agentNamed: agentOf, isWorkflow: own?.isWorkflow }
      return readReply(action, parameter, normalise(heard.text, heard.wake_words).text, around)
    },
    warmUp: model.ready,
    close: model.close,
    guide: (grant) => {
      const { user_id } = grant.owner
      return {
        agents: async () => (await catalogueOf(user_id)).agents.map(describe),
        route: async (text) => {
          const heard = { text, now: grant.now, time_zone: grant.time_zone, wake_words: [] }
          const found = await understandFor(user_id, {
            ...heard,
            active_agent: undefined,
            only_agent: undefined,
          })
          const { meaning, confidence, alternatives } = found
          return {
            target_agent: meaning?.agent_number ?? null,
            action: meaning?.name ?? 'unknown',
            confidence,
            alternatives: alternatives.map(({ agent_number, ...rest }) => ({
              target_agent: agent_number,
              ...rest,
            })),
          }
        },
        teach: async (command) => {
          await memory
            .bindRecords(grant)
            .put<Taught>(TAUGHT, { group: String(command.agent_number), body: command })
        },
      }
    },
  }
}

/** Whether a change touches what can be said: trying sentences costs much. */
function saysOtherwise({ before, after }: Change): boolean {
  return sayableIn(before) !== sayableIn(after)
}

/** What of a state has to do with sentences. */
function sayableIn(state: Change['after']): string | undefined {
  if (state === undefined) return undefined
  const {
    config,
    definition,
    description: _description,
    ...names
  } = state as {
    config?: Partial<AgentConfig>
    definition?: { trigger?: unknown }
    description?: unknown
  }
  const { voice_commands, workflow_triggers, external_integrations, preferences } = config ?? {}
  const own = [
    voice_commands,
    workflow_triggers,
    external_integrations,
    preferences?.['skill'],
    definition?.trigger,
  ]
  return JSON.stringify([names, own.map((one) => one ?? null)])
}

const SAID_TO_ALL = { active_agent: undefined, only_agent: undefined }

/** Where a sentence goes, whatever that is called. */
function placeOf(meaning: Meaning | undefined): string {
  return JSON.stringify(meaning && [meaning.agent_number, meaning.name, meaning.triggers?.toSorted()])
}

function nameOf(meaning: Meaning | undefined): string | null {
  return meaning === undefined ? null : `${meaning.agent_name}, ${meaning.name}`
}

/** The catalogue of a user as it would be after a change. */
async function catalogueAfter(
  { agents, memory, system, workflows }: Parts,
  change: Change,
): Promise<Catalogue> {
  const all = await agents.knownAfter(change)
  const taught = (await memory.recordsOf<Taught>(change.user_id, TAUGHT)).map(({ body }) => body)
  const [on, off] = listening(all)
  const toAll = (rows: readonly AgentFacts[]) => rows.map((row) => toKnown(row, agents))
  return buildCatalogue(system, toAll(on), taught, await workflows.after(change, all), toAll(off))
}

/** Keeps the catalogue of each user ready, for as long as nothing changes that one can say. */
function openCatalogues({
  agents,
  memory,
  system,
  workflows,
}: Parts): (user_id: string) => Promise<Catalogue> {
  const catalogues = new Map<string, { signature: string; catalogue: Catalogue }>()
  /** A program that registers anew has another skill under the same name. */
  const editions = new WeakMap<Skill, number>()
  let edition = 0
  const editionOf = (skill: Skill | undefined): number =>
    skill === undefined ? 0 : editions.getOrInsertComputed(skill, () => (edition += 1))
  return async (user_id) => {
    const [on, off] = listening(await agents.known(user_id))
    const taught = (await memory.recordsOf<Taught>(user_id, TAUGHT)).map(({ body }) => body)
    const sayable = await workflows.of(user_id)
    const signature = JSON.stringify([
      [on, off].map((rows) =>
        rows.map((one) => [one.id, one.name, editionOf(agents.skills.of(one)), one.config]),
      ),
      taught,
      sayable.signature,
    ])
    const kept = catalogues.get(user_id)
    if (kept?.signature === signature) return kept.catalogue
    const catalogue = buildCatalogue(
      system,
      on.map((row) => toKnown(row, agents)),
      taught,
      sayable,
      off.map((row) => toKnown(row, agents)),
    )
    const oldest = catalogues.keys().next()
    if (catalogues.size >= CATALOGUES_MAX && oldest.done !== true) catalogues.delete(oldest.value)
    catalogues.set(user_id, { signature, catalogue })
    return catalogue
  }
}

/** Agents that listen to sentences: those that are on, and those that are switched off. */
function listening(all: readonly AgentFacts[]): [on: AgentFacts[], off: AgentFacts[]] {
  const listen = all.filter(({ voice_enabled }) => voice_enabled)
  return [listen.filter(({ is_active }) => is_active), listen.filter(({ is_active }) => !is_active)]
}

function toKnown(agent: AgentFacts, agents: Agents): KnownAgent {
  const { agent_number, name, config } = agent
  return { agent_number, name, skill: agents.skills.of(agent), voice_commands: config.voice_commands }
}

function describe({ agent_number, name, skill }: KnownAgent) {
  const actions = Object.entries(skill?.actions ?? {}).map(([action, { summary, phrases }]) => ({
    name: action,
    summary,
    phrases,
  }))
  return { agent_number, name, description: skill?.agent.description ?? '', actions }
}
