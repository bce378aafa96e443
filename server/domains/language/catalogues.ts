import type { Skill } from '../../skills/skill.ts'
import type { Agents, KnownAgent as AgentFacts } from '../agents/index.ts'
import type { Change } from '../changes/impact.ts'
import type { Memories } from '../memory/index.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import { buildCatalogue } from './catalogue.ts'
import type { Catalogue, KnownAgent, Taught } from './catalogue.ts'
import type { Off } from './heard.ts'
import type { Example } from './learnt/kinds.ts'
import type { Lessons } from './learnt/lessons.ts'
import { toOwn } from './learnt/own.ts'
import type { Doer, Own } from './learnt/own.ts'

/** Collection in which taught phrases are kept, with the agent that taught them. */
export const TAUGHT = 'taught_phrase'
/** Users whose catalogue is kept ready. */
const CATALOGUES_MAX = 200

interface Parts {
  agents: Agents
  memory: Memories
  system: Skill
  workflows: Pick<Spoken, 'of' | 'after'>
  lessons: Pick<Lessons, 'of'>
}

/** Everything that the sentences of a user can mean, and what they have taught. */
export interface Meant {
  catalogue: Catalogue
  own: Own
}

export interface Catalogues {
  /** As everything is now. */
  of(user_id: string): Promise<Meant>
  /** As it would be after a change. */
  after(change: Change): Promise<Meant>
  /** As everything is, but with other sentences taught. */
  withTaught(user_id: string, examples: readonly Example[]): Promise<Meant>
}

/** Keeps the catalogue of each user ready, for as long as nothing changes that one can say. */
export function openCatalogues(parts: Parts): Catalogues {
  const { agents, memory, system, workflows, lessons } = parts
  const kept = new Map<string, { signature: string; examples: readonly Example[]; meant: Meant }>()
  const editionOf = openEditions()
  const taughtBy = async (user_id: string): Promise<Taught[]> =>
    (await memory.recordsOf<Taught>(user_id, TAUGHT)).map(({ body }) => body)
  const doersIn = (all: readonly AgentFacts[]): Doer[] => [
    { agent_number: system.agent.number, skill: system },
    ...all.map((row) => ({ agent_number: row.agent_number, skill: agents.skills.of(row) })),
  ]
  const toAll = (rows: readonly AgentFacts[]) => rows.map((row) => toKnown(row, agents))
  const of: Catalogues['of'] = async (user_id) => {
    const all = await agents.known(user_id)
    const [on, off, deaf] = listening(all)
    const taught = await taughtBy(user_id)
    const sayable = await workflows.of(user_id)
    const examples = await lessons.of(user_id)
    const rows = [on, off, deaf]
    const signature = JSON.stringify([
      rows.map((some) => some.map((one) => [one.id, one.name, editionOf(agents.skills.of(one)), one.config])),
      taught,
      sayable.signature,
    ])
    const known = kept.get(user_id)
    if (known?.signature === signature && known.examples === examples) return known.meant
    const catalogue =
      known?.signature === signature
        ? known.meant.catalogue
        : buildCatalogue(system, toAll(on), taught, sayable, [...toAll(off), ...deaf.map(toDeaf)])
    const meant = { catalogue, own: toOwn(examples, doersIn(all)) }
    const oldest = kept.keys().next()
    if (kept.size >= CATALOGUES_MAX && oldest.done !== true) kept.delete(oldest.value)
    kept.set(user_id, { signature, examples, meant })
    return meant
  }
  return {
    of,
    after: async (change) => {
      const all = await agents.knownAfter(change)
      const [on, off, deaf] = listening(all)
      const taught = await taughtBy(change.user_id)
      const sayable = await workflows.after(change, all)
      const silent = [...toAll(off), ...deaf.map(toDeaf)]
      const catalogue = buildCatalogue(system, toAll(on), taught, sayable, silent)
      return { catalogue, own: toOwn(await lessons.of(change.user_id), doersIn(all)) }
    },
    withTaught: async (user_id, examples) => {
      const { catalogue } = await of(user_id)
      return { catalogue, own: toOwn(examples, doersIn(await agents.known(user_id))) }
    },
  }
}

/** A program that registers anew has another skill under the same name. */
function openEditions(): (skill: Skill | undefined) => number {
  const editions = new WeakMap<Skill, number>()
  let edition = 0
  return (skill) => (skill === undefined ? 0 : editions.getOrInsertComputed(skill, () => (edition += 1)))
}

/** Agents that listen to sentences: those that are on, and those that are switched off; and those that do not listen. */
function listening(all: readonly AgentFacts[]): [on: AgentFacts[], off: AgentFacts[], deaf: AgentFacts[]] {
  const listen = all.filter(({ voice_enabled }) => voice_enabled)
  const deaf = all.filter(({ voice_enabled }) => !voice_enabled)
  return [listen.filter(({ is_active }) => is_active), listen.filter(({ is_active }) => !is_active), deaf]
}

/** It is there, and can be named, but no phrase is for it. */
function toDeaf({ agent_number, name }: AgentFacts): Off {
  return { agent_number, name, skill: undefined, voice_commands: [], is_deaf: true }
}

function toKnown(agent: AgentFacts, agents: Agents): KnownAgent {
  const { agent_number, name, config } = agent
  return { agent_number, name, skill: agents.skills.of(agent), voice_commands: config.voice_commands }
}
