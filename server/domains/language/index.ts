import type { AgentConfig } from '../../../contract/agents.ts'
import type { GuideCapability } from '../../skills/capabilities.ts'
import type { Skill } from '../../skills/skill.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { Agents } from '../agents/index.ts'
import type { Grant } from '../agents/skills.ts'
import type { Change } from '../changes/impact.ts'
import type { Memories } from '../memory/index.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import type { Hints } from '../speech/kinds.ts'
import { hintsOf } from './hints.ts'
import { findAddress } from './address.ts'
import { agentNamed } from './names.ts'
import { TAUGHT, openCatalogues } from './catalogues.ts'
import type { Catalogues, Meant } from './catalogues.ts'
import type { Catalogue, KnownAgent, Meaning, Taught } from './catalogue.ts'
import { chooseAmong } from './choose.ts'
import type { ChooseIntent } from './choose.ts'
import { acceptsSlot, readReply } from './fill.ts'
import type { Accepting, Surroundings } from './fill.ts'
import type { Classify } from './heard.ts'
import { MODEL, examplesIn, keyOf } from './learnt/kinds.ts'
import type { Example } from './learnt/kinds.ts'
import { openLessons } from './learnt/lessons.ts'
import type { Lessons } from './learnt/lessons.ts'
import { openOwnModels } from './learnt/models.ts'
import type { OwnModels } from './learnt/models.ts'
import { openModel } from './model.ts'
import { openRepairs } from './repairs.ts'
import { readConsent } from './consent/words.ts'
import { ActionError } from '../../skills/skill.ts'
import { tongueOfReply } from './languages/replies.ts'
import { openTongues } from './languages/tongues.ts'
import { ORDER_CHARS_MAX, normalise } from './normalise.ts'
import { slotType } from './slots/kinds.ts'
import { understand } from './understand.ts'
import type { Heard, Understood } from './understand.ts'

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

/** Understands a sentence as it would be with something changed. */
export type Trying = (heard: Heard) => Promise<Understood>

/** What users teach, and trying that out. */
export interface Learnt {
  /** What can be said to the system as a whole: agent 0. */
  readonly system: Skill
  readonly lessons: Lessons
  /** How sentences would be understood with these examples in place of what was taught. */
  tryOut(user_id: string, examples: readonly Example[], signal?: AbortSignal): Promise<Trying>
  /** Has these examples be learnt before they count, so that no sentence is understood without them later. */
  prepare(user_id: string, examples: readonly Example[], signal?: AbortSignal): Promise<void>
  /** Resolves once everything that a user has taught so far counts. */
  settled(user_id: string): Promise<void>
  /** Forgets the models of a user, whose rows are gone. */
  forget(user_id: string): void
}

export interface Language {
  understand(user_id: string, heard: Heard): Promise<Understood>
  /** Which of these sentences would go elsewhere after a change; long ones are not tried. */
  reroutes(
    change: Change,
    texts: readonly string[],
    said: Pick<Heard, 'time_zone' | 'wake_words'>,
  ): Promise<Route[]>
  /**
   * The value of one parameter in a reply to a question, with what else the reply said. `strictly` only when all of it
   * is a value of the parameter's type.
   */
  readSlot(
    user_id: string,
    meaning: Meaning,
    parameter: string,
    heard: Heard,
    strictly?: 'strictly',
  ): Promise<Record<string, unknown> | undefined>
  /** A sentence without the wake word, politeness, and the agent that it begins by addressing. */
  bare(user_id: string, heard: Pick<Heard, 'text' | 'wake_words'>): Promise<string>
  /** The number of the agent that a text names, switched on or not. */
  agentNamed(user_id: string, text: string): Promise<number | undefined>
  /** What the name of an action of an agent means, such as "fetch url". */
  actionNamed(user_id: string, text: string): Promise<Meaning | undefined>
  readonly learnt: Learnt
  /** Has a language model decide where statistics are not sure; nobody does unless this was said. */
  chooseWith(choose: ChooseIntent): void
  /** What a recogniser may expect to hear from a user. */
  hints(user_id: string, language: string): Promise<Hints>
  /** What the concierge may know of agents and routing. */
  guide(grant: Grant): GuideCapability
  /** Prepares the statistical tier, so that the first sentence need not wait for it. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

/** Understands sentences, with a language model only where one is there and statistics are not sure. */
export function openLanguage(kernel: Kernel, parts: Parts): Language {
  const { agents, memory, system, accepts, workflows } = parts
  const model = openModel(kernel, () => [system, ...agents.skills.all()])
  const models = openOwnModels(kernel, model)
  const lessons = openLessons(kernel)
  const catalogues = openCatalogues({ ...parts, lessons })
  const { isProposal } = workflows
  const tongues = openTongues(() => [system, ...agents.skills.all()])
  const { repairIn, knows } = openRepairs(() => [system, ...agents.skills.all()])
  let choose: ChooseIntent | undefined
  const understandWith = ({ catalogue, own }: Meant, classify: Classify, heard: Heard): Promise<Understood> =>
    understand(heard, {
      catalogue,
      accepts,
      classify,
      taught: own.exact,
      repair: repairIn(catalogue, own),
      knows,
      isProposal,
      tongues,
    })
  const understandFor = async (user_id: string, heard: Heard): Promise<Understood> => {
    const meant = await catalogues.of(user_id)
    return understandWith(meant, models.of(user_id, meant.own), heard)
  }
  const learn = async (user_id: string, meant: Meant): Promise<Trying> => {
    const classify = await models.learn(user_id, meant.own)
    return (heard) => understandWith(meant, classify, heard)
  }
  const around = (heard: Heard, { agents: named, workflows: own }: Catalogue): Surroundings => ({
    ...heard,
    accepts,
    agentNamed: (text) => agentNamed(text, named),
    isWorkflow: own?.isWorkflow,
  })
  return {
    understand: async (user_id, heard) => {
      const found = await understandFor(user_id, heard)
      return choose === undefined ? found : chooseAmong(heard.text, found, choose, kernel.clock)
    },
    reroutes: openReroutes(kernel, { catalogues, lessons, learn }),
    readSlot: async (user_id, { action }, parameter, heard, strictly) => {
      const { catalogue } = await catalogues.of(user_id)
      const { text } = normalise(heard.text, heard.wake_words)
      const type = slotType(action, parameter)
      const plain = around(heard, catalogue)
      const where = { ...plain, tongue: tongueOfReply(type, text, heard.language, plain) }
      if (strictly !== undefined && !acceptsSlot(type, text, where)) return undefined
      return readReply(action, parameter, text, where)
    },
    ...openNaming(catalogues),
    learnt: openLearnt({ system, lessons, models, catalogues, understandWith }),
    chooseWith: (given) => (choose = given),
    hints: async (user_id, tongue) => {
      const { catalogue } = await catalogues.of(user_id)
      return hintsOf(catalogue, tongue, await namesGiven({ agents, memory }, user_id))
    },
    warmUp: async () => {
      await model.ready()
      tongues.prepare()
    },
    close: async () => {
      await Promise.all([model.close(), models.close()])
    },
    guide: openGuide({ catalogues, memory, understand: understandFor }),
  }
}

/** Names that a user has given to lists and the like, by the type of the slots that hold them. */
async function namesGiven(
  { agents, memory }: Pick<Parts, 'agents' | 'memory'>,
  user_id: string,
): Promise<Record<string, string[]>> {
  const names: Record<string, string[]> = {}
  for (const { keeps = {} } of agents.skills.all())
    for (const [collection, { named = [] }] of Object.entries(keeps)) {
      const groups = named.length === 0 ? [] : await memory.groupsOf(user_id, collection)
      for (const type of named) names[type] = [...(names[type] ?? []), ...groups]
    }
  return names
}

/** What names mean that are said without a command around them. */
function openNaming(catalogues: Catalogues): Pick<Language, 'bare' | 'agentNamed' | 'actionNamed'> {
  const agentsOf = async (user_id: string): Promise<KnownAgent[]> => {
    const { agents: on, off } = (await catalogues.of(user_id)).catalogue
    return [...on, ...off.agents]
  }
  return {
    bare: async (user_id, { text, wake_words }) => {
      const said = normalise(text, wake_words).text
      return findAddress(said, await agentsOf(user_id))?.rest ?? said
    },
    agentNamed: async (user_id, text) => agentNamed(text, await agentsOf(user_id)),
    actionNamed: async (user_id, text) => {
      const name = text.trim().toLowerCase().replaceAll(/\s+/g, '_')
      const all = [...(await catalogues.of(user_id)).catalogue.labels.values()].flat()
      return all.find((one) => one.name === name && one.agent_number !== 0)
    },
  }
}

interface Learning {
  system: Skill
  lessons: Lessons
  models: OwnModels
  catalogues: Catalogues
  understandWith: (meant: Meant, classify: Classify, heard: Heard) => Promise<Understood>
}

function openLearnt({ system, lessons, models, catalogues, understandWith }: Learning): Learnt {
  return {
    system,
    lessons,
    tryOut: async (user_id, examples, signal) => {
      const meant = await catalogues.withTaught(user_id, examples)
      const classify = await models.tryOut(user_id, meant.own, signal)
      return (heard) => understandWith(meant, classify, heard)
    },
    prepare: async (user_id, examples, signal) => {
      await models.learn(user_id, (await catalogues.withTaught(user_id, examples)).own, signal)
    },
    settled: async (user_id) => {
      await models.learn(user_id, (await catalogues.of(user_id)).own)
    },
    forget: (user_id) => {
      lessons.forget(user_id)
      models.forget(user_id)
    },
  }
}

/** What the concierge may know of agents and routing. */
function openGuide({
  catalogues,
  memory,
  understand: understandFor,
}: Pick<Parts, 'memory'> & Pick<Language, 'understand'> & { catalogues: Catalogues }): Language['guide'] {
  return (grant) => {
    const { user_id } = grant.owner
    return {
      agents: async () => (await catalogues.of(user_id)).catalogue.agents.map(describe),
      route: async (text) => {
        const heard = { text, now: grant.now, time_zone: grant.time_zone, wake_words: [] }
        const found = await understandFor(user_id, { ...heard, ...SAID_TO_ALL })
        const { meaning, confidence, alternatives } = found
        return {
          target_agent: meaning?.agent_number ?? null,
          action: meaning?.name ?? 'unknown',
          confidence,
          alternatives: alternatives.map((one) => ({
            target_agent: one.agent_number,
            action: one.action,
            confidence: one.confidence,
          })),
        }
      },
      teach: async (command) => {
        // What agrees or declines must not do something where nothing is asked.
        if (readConsent(command.phrase) !== undefined)
          throw new ActionError(`"${command.phrase}" is an answer already, to whatever is asked.`)
        const records = memory.bindRecords(grant)
        const key = keyOf(command.phrase)
        const before = await records.list<Taught>(TAUGHT)
        const [same, ...others] = before.filter(({ body }) => keyOf(body.phrase) === key)
        // What a phrase means is what was said last.
        const made = { group: String(command.agent_number), body: command }
        await records.put<Taught>(TAUGHT, same === undefined ? made : { ...made, id: same.id })
        for (const { id } of others) await records.remove(TAUGHT, id)
      },
    }
  }
}

interface Rerouting {
  catalogues: Catalogues
  lessons: Pick<Lessons, 'of'>
  learn: (user_id: string, meant: Meant) => Promise<Trying>
}

/** Tries sentences before and after a change. */
function openReroutes(kernel: Kernel, { catalogues, lessons, learn }: Rerouting): Language['reroutes'] {
  const after = async (change: Change): Promise<Meant> => {
    if (change.kind !== MODEL) return catalogues.after(change)
    const others = (await lessons.of(change.user_id)).filter(({ lesson_id }) => lesson_id !== change.target)
    return catalogues.withTaught(
      change.user_id,
      [...others, ...examplesIn(change.target, change.after)].toSorted(byAge),
    )
  }
  return async (change, texts, said) => {
    if (texts.length === 0 || (change.kind !== MODEL && !saysOtherwise(change))) return []
    const hearBefore = await learn(change.user_id, await catalogues.of(change.user_id))
    const hearAfter = await learn(change.user_id, await after(change))
    const routes: Route[] = []
    const breathe = openTurns(kernel.clock)
    for (const text of texts) {
      await breathe()
      if (text.length > ORDER_CHARS_MAX) continue
      const heard = { text, now: kernel.clock.now(), ...SAID_TO_ALL, ...said }
      const [from, to] = [await hearBefore(heard), await hearAfter(heard)]
      if (placeOf(from.meaning) === placeOf(to.meaning)) continue
      routes.push({ text, from: nameOf(from.meaning), to: nameOf(to.meaning) })
    }
    return routes
  }
}

function byAge(one: Pick<Example, 'id'>, other: Pick<Example, 'id'>): number {
  return one.id < other.id ? -1 : 1
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

function describe({ agent_number, name, skill }: KnownAgent) {
  const actions = Object.entries(skill?.actions ?? {}).map(([action, { summary, phrases }]) => ({
    name: action,
    summary,
    phrases,
  }))
  return { agent_number, name, description: skill?.agent.description ?? '', actions }
}
