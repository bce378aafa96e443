import { Type } from 'typebox'
import type { TestApp } from '../../../../test/app.ts'
import type { FakeClock } from '../../../../test/clock.ts'
import type { Capabilities, CapabilityName } from '../../../skills/capabilities.ts'
import { ActionError, action, pieces, shape } from '../../../skills/skill.ts'
import type { Action, Performed, Skill } from '../../../skills/skill.ts'
import { bindMemory, bindRecords } from '../../memory/capabilities.ts'

/** A skill that does what the runtime must bear: waits, fails, takes too long. */
export interface Probe {
  /** Installs the skill under the name `probe`. */
  install(app: TestApp['app']): void
  /** Labels of what was performed, in order. */
  readonly performed: string[]
  /** Lets the oldest waiting action go on. */
  release(): void
  /** Resolves once as many actions wait. */
  waiting(count: number): Promise<void>
}

type Can = Pick<Capabilities, 'memory'>
const labelled = shape({ label: Type.Optional(Type.String()) })
const nothing = shape({})

export function openProbe(): Probe {
  const gates: (() => void)[] = []
  const watchers: { count: number; resolve: () => void }[] = []
  const performed: string[] = []
  const pass = (): Promise<void> =>
    new Promise((resolve) => {
      gates.push(resolve)
      for (const watcher of watchers) if (gates.length >= watcher.count) watcher.resolve()
    })
  const reading = (perform: (label: string) => Promise<void> | void) =>
    act('read', async (_can, { label = '' }) => {
      await perform(label)
      performed.push(label)
    })
  const actions = {
    echo: reading(() => undefined),
    wait: reading(pass),
    crash: reading(() => {
      throw new Error('the password is hunter2')
    }),
    refuse: reading(() => {
      throw new ActionError('I would rather not.')
    }),
    keep: act('write', async (can, { label = '' }) => void (await can.memory.store(note(label)))),
    keep_and_fail: act('write', async (can, { label = '' }) => {
      await can.memory.store(note(label))
      throw new ActionError('That was too much.')
    }),
    erase: act('destructive', () => Promise.resolve()),
  }
  return {
    performed,
    install: (app) => app.agents.skills.install([skill(actions)], FACTORIES),
    release: () => gates.shift()?.(),
    waiting: (count) =>
      new Promise((resolve) => {
        if (gates.length >= count) resolve()
        else watchers.push({ count, resolve })
      }),
  }
}

/** An action that lets time pass while it works, so that the event loop never sees its timer. */
export function lateAction(clock: FakeClock, effect: 'read' | 'write'): Action {
  return act(effect, async (can, { label = '0' }) => {
    if (effect === 'write') await can.memory.store(note(label))
    clock.advance(Number(label))
  })
}

export function skill(actions: Record<string, Action>, needs: readonly CapabilityName[] = ['memory']): Skill {
  const agent = { number: 19, name: 'Probe', description: '' }
  return { name: 'probe', agent, needs, actions }
}

const counted = shape({ label: Type.Optional(Type.String()), count: Type.Optional(Type.Integer()) })
const anything = Type.Object({})

/** An action of one test; what `label` and `count` mean is its own business. */
export function deed(
  effect: Action['effect'],
  perform: (
    can: Capabilities,
    given: { label?: string; count?: number },
  ) => Promise<Performed<object>> | Performed<object>,
  more: Pick<Action, 'pieces' | 'repeatable' | 'pure'> = {},
): Action {
  const said = { summary: 'Does what a test says.', phrases: [], examples: [] }
  return action({ ...said, ...more, parameters: counted, result: anything, effect, perform })
}

/** A heap of grains that is cleared grain by grain, and what happens on the way. */
export interface Heap {
  /** Installs the skill under the name `probe`: `pile {count}`, `clear`, and `look`, which answers what is left. */
  install(app: TestApp['app']): void
  /** Called in the transaction of each grain before it goes, with those that went before it. */
  onGrain: (gone: number) => void
  /** Awaited before the plan is made, outside any transaction. */
  onPlan: () => Promise<void>
  /** Called when all pieces are done and the end is not recorded. */
  onJoin: () => void
  /** Commits of the store there were when each grain went. */
  readonly commits: number[]
}

const GRAINS = 'grain'

export function openHeap(): Heap {
  let store: Pick<TestApp['app']['kernel']['store'], 'progress'> | undefined
  const drop = async ({ records }: Pick<Capabilities, 'records'>, id: string): Promise<void> => {
    heap.onGrain(heap.commits.length)
    heap.commits.push(store?.progress.committed ?? 0)
    await records.remove(GRAINS, id)
  }
  const clear = deed(
    'destructive',
    async (can) => {
      const grains = await can.records.list(GRAINS)
      for (const { id } of grains) await drop(can, id)
      return cleared(grains.length)
    },
    {
      pieces: pieces<'records', typeof counted, typeof anything, string>({
        plan: async (can) => {
          await heap.onPlan()
          return (await can.records.list(GRAINS)).map(({ id }) => id)
        },
        each: drop,
        join: (_given, _done, count) => {
          heap.onJoin()
          return cleared(count)
        },
      }),
    },
  )
  const pile = deed('write', async ({ records }, { count = 0 }) => {
    for (let at = 0; at < count; at += 1) await records.put(GRAINS, { body: at, at })
    return { data: {}, text: `Piled ${count}.` }
  })
  const look = deed('read', async ({ records }) => {
    const left = (await records.list<number>(GRAINS)).map(({ body }) => body)
    return { data: { left }, text: '' }
  })
  const heap: Heap = {
    commits: [],
    onGrain: () => {},
    onPlan: () => Promise.resolve(),
    onJoin: () => {},
    install: (app) => {
      store = app.kernel.store
      app.agents.skills.install([skill({ pile, clear, look }, ['records'])], FACTORIES)
    },
  }
  return heap
}

function cleared(count: number): Performed<object> {
  return { data: { count }, text: `Cleared ${count}.` }
}

function act(
  effect: Action['effect'],
  perform: (can: Can, given: { label?: string }) => Promise<void>,
): Action {
  return action({
    summary: 'Probes.',
    parameters: labelled,
    result: nothing,
    effect,
    phrases: [],
    examples: [],
    perform: async (can: Can, given) => {
      await perform(can, given)
      return { data: {}, text: `Probed ${given.label ?? 'nothing'}.` }
    },
  })
}

function note(content: string) {
  return { memory_type: 'note', content }
}

function absent(): never {
  throw new Error('The probe has no such capability.')
}

export const FACTORIES: Parameters<TestApp['app']['agents']['skills']['install']>[1] = {
  clock: ({ now, time_zone }) => ({ now, time_zone }),
  records: bindRecords,
  memory: bindMemory,
  alarms: absent,
  guide: absent,
  net: absent,
  files: absent,
  checks: absent,
  worker: absent,
  guard: absent,
  credentials: absent,
  backups: absent,
  remote: absent,
}
