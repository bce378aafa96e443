import { WorkerError } from '../../../kernel/workers.ts'
import type { Workers } from '../../../kernel/workers.ts'
import type { ClockCapability, WorkerCapability } from '../../../skills/capabilities.ts'
import { ActionError } from '../../../skills/skill.ts'
import type { Action, Performed } from '../../../skills/skill.ts'
import type { Grant } from '../skills.ts'
import type { Meter } from './meter.ts'

/** A pure action for a worker. */
export interface PureTask {
  skill: string
  action: string
  parameters: Record<string, unknown>
  clock: ClockCapability
}

/** Actions that are performed beside the event loop. */
export interface HeavyWork {
  isHeavy(action: Action, parameters: Record<string, unknown>): boolean
  perform(task: PureTask, user_id: string, meter: Meter, signal: AbortSignal): Promise<Performed<unknown>>
  /** Lets a skill have its pure actions performed so. */
  bind(grant: Grant): WorkerCapability
}

/** Characters of parameters from which a pure action is worth the way to a worker. */
const HEAVY_CHARACTERS = 4_096

export function openHeavyWork(workers: Workers): HeavyWork {
  const perform: HeavyWork['perform'] = async (task, user_id, meter, signal) => {
    const { value, cpu_ms, heap_bytes } = await said(workers.run(task, user_id, signal))
    meter.add({ cpu_ms, memory_bytes: heap_bytes })
    return value as Performed<unknown>
  }
  return {
    isHeavy: ({ pure, heavy }, parameters) => pure === true && (heavy === true || isLong(parameters)),
    perform,
    bind: ({ owner, skill, now, time_zone, meter, signal }) => ({
      perform: async (action, parameters) => {
        const task = { skill, action, parameters, clock: { now, time_zone } }
        return (await perform(task, owner.user_id, meter, signal)).data
      },
    }),
  }
}

/** What an action refuses it refuses wherever it is performed. */
async function said<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const isSaid = error instanceof WorkerError && error.reason !== 'failed'
    throw isSaid ? new ActionError(error.message, { cause: error }) : error
  }
}

/** Whether there is more text in it than the bound, without writing all of it out. */
function isLong(value: unknown): boolean {
  let characters = 0
  const visit = (part: unknown): boolean => {
    if (typeof part === 'string') characters += part.length
    else if (typeof part === 'object' && part !== null) {
      for (const [key, inner] of Object.entries(part)) {
        characters += key.length
        if (visit(inner)) return true
      }
    } else characters += 8
    return characters > HEAVY_CHARACTERS
  }
  return visit(value)
}
