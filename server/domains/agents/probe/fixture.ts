import { Type } from 'typebox'
import type { TestApp } from '../../../../test/app.ts'
import type { FakeClock } from '../../../../test/clock.ts'
import type { Capabilities } from '../../../skills/capabilities.ts'
import { ActionError, action, shape } from '../../../skills/skill.ts'
import type { Action, Skill } from '../../../skills/skill.ts'
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

export function skill(actions: Record<string, Action>): Skill {
  const agent = { number: 19, name: 'Probe', description: '' }
  return { name: 'probe', agent, needs: ['memory'], actions }
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
  remote: absent,
}
