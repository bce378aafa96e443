import type { SystemArchitecture } from '../../../contract/system.ts'
import { iso } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Agents } from '../agents/index.ts'
import type { Moment, Past } from '../changes/past.ts'
import type { Integrations } from '../integrations/index.ts'
import type { Workflows } from '../workflows/index.ts'
import type { Measured } from './figures.ts'
import type { Point } from './layout/index.ts'
import type { Configuration, External } from './links.ts'
import { HOURS, draw } from './picture.ts'
import { pointOf } from './positions.ts'
import { positionStore } from './store.ts'
import type { PositionTables } from './store.ts'

export interface SourceParts {
  agents: Pick<Agents, 'portraits' | 'uses'>
  workflows: Pick<Workflows, 'drawn'>
  past: Past
  /** What else is known of what lies outside. */
  externals?: (user_id: string) => Promise<readonly External[]>
  /** Hosts of services, and whether they can be reached as far as is known. */
  services?: Integrations['services']
}

export interface Sources {
  /** The architecture as it is. */
  now(user_id: string): Promise<SystemArchitecture>
  /** The same without anything that only happens at run time. */
  configured(user_id: string): Promise<SystemArchitecture>
  /** The architecture as it was configured at a moment. */
  at(user_id: string, moment: Moment): Promise<SystemArchitecture>
}

const WINDOW_MS = HOURS * 3_600_000

/** Reads what architectures are drawn from: rows that are kept anyway, each from the domain that keeps them. */
export function openSources(kernel: Kernel, parts: SourceParts): Sources {
  const { agents, workflows, past, externals, services } = parts
  const read = async (user_id: string, which: 'present' | 'ever'): Promise<Configuration> => {
    const portraits = await agents.portraits.of(user_id, which)
    return { agents: portraits, workflows: await workflows.drawn.portraits(user_id, which) }
  }
  const moved = async (user_id: string): Promise<Map<string, Point>> => {
    const rows = await positionStore.all(kernel.store.reader.tables<PositionTables>(), user_id)
    return new Map(rows.map(({ node_id, x, y }) => [node_id, { x, y }]))
  }
  const offline = async (user_id: string): Promise<ReadonlySet<string>> => {
    const all = (await services?.(user_id, 'looking')) ?? []
    return new Set(all.filter(({ health }) => health.status === 'offline').map(({ host }) => host))
  }
  const measured = async (user_id: string, configuration: Configuration): Promise<Measured> => {
    const since = kernel.clock.now() - WINDOW_MS
    const ids = configuration.agents.map(({ id }) => id)
    return { ...(await agents.uses(user_id, ids, since)), ...(await workflows.drawn.uses(user_id, since)) }
  }
  return {
    now: async (user_id) => {
      const configuration = await read(user_id, 'present')
      return draw({
        configuration: {
          ...configuration,
          externals: (await externals?.(user_id)) ?? [],
          offline: await offline(user_id),
        },
        measured: await measured(user_id, configuration),
        moved: await moved(user_id),
      })
    },
    configured: async (user_id) => {
      const configuration = settled(await read(user_id, 'present'))
      return draw({ configuration, measured: undefined, moved: await moved(user_id) })
    },
    at: async (user_id, moment) => {
      const configuration = await configuredAt(
        { agents, workflows, past },
        user_id,
        moment,
        await read(user_id, 'ever'),
      )
      const places = await moved(user_id)
      const drawn = draw({ configuration, measured: undefined, moved: new Map() })
      const ids = [...new Set([...drawn.agents.map(({ id }) => id), ...places.keys()])]
      for (const [id, state] of await past.statesAt(user_id, 'architecture', ids, moment)) {
        const at = pointOf(state)
        if (at === undefined) places.delete(id)
        else places.set(id, at)
      }
      return places.size === 0 ? drawn : draw({ configuration, measured: undefined, moved: places })
    },
  }
}

function present({ agents, workflows }: Configuration): Configuration {
  return {
    agents: agents.filter(({ is_deleted }) => !is_deleted),
    workflows: workflows.filter(({ is_deleted }) => !is_deleted),
  }
}

/** What is set up, however it is doing. */
function settled({ agents, workflows }: Configuration): Configuration {
  return {
    agents: agents.map((agent) => ({ ...agent, state: agent.is_active ? 'idle' : 'disabled' })),
    workflows: workflows.map((workflow) => ({ ...workflow, last_executed: null, success_rate: 0 })),
  }
}

/** Everything as it was: what was changed since as its first change since found it, all else as it is. */
async function configuredAt(
  { agents, workflows, past }: SourceParts,
  user_id: string,
  moment: Moment,
  now: Configuration,
): Promise<Configuration> {
  const statesOf = (kind: string, of: readonly { id: string }[]) =>
    past.statesAt(
      user_id,
      kind,
      of.map(({ id }) => id),
      moment,
    )
  const [agent, workflow] = [await statesOf('agent', now.agents), await statesOf('workflow', now.workflows)]
  const made = iso(moment.time)
  return settled(
    present({
      agents: now.agents.flatMap((one) => {
        const state = agent.get(one.id)
        if (agent.has(one.id)) return state === undefined ? [] : [agents.portraits.asOf(one, state)]
        // The built-in ones are in no change: they came with their user, or with a version of the program.
        return one.created_at <= made ? [one] : []
      }),
      workflows: now.workflows.flatMap((one) => {
        const state = workflow.get(one.id)
        if (workflow.has(one.id)) return state === undefined ? [] : [workflows.drawn.asOf(one, state)]
        return one.created_at <= made ? [one] : []
      }),
    }),
  )
}
