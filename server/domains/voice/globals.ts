import type { Changes } from '../changes/index.ts'
import type { Agents } from '../agents/index.ts'
import type { System } from '../system/index.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { findPeriod } from '../workflows/spoken/period.ts'
import { voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'

interface Parts {
  kernel: Kernel
  agents: Agents
  changes: Changes
  system: Pick<System, 'health' | 'stop'>
}

/** The sentence, when (epoch ms) and where it was said. */
interface SaidCommand {
  text: string
  now: number
  time_zone: string
}

/** Commands to the system as a whole: they answer in a sentence, and those that write do so in the given transaction. */
export interface Globals {
  perform(tx: Tx, user_id: string, action: string, said: SaidCommand): Promise<string>
}

const RECENT = 5

/** Opens the commands to the system as a whole. */
export function openGlobals({ kernel, agents, changes, system }: Parts): Globals {
  const commands: Readonly<Record<string, (tx: Tx, user_id: string, said: SaidCommand) => Promise<string>>> =
    {
      list_agents: async (_tx, user_id) => {
        const known = await agents.known(user_id)
        return `Your agents: ${known.map(({ agent_number, name }) => `${agent_number} ${name}`).join(', ')}.`
      },
      stop: (tx, user_id) => {
        return Promise.resolve(system.stop(tx, user_id).text)
      },
      undo: (tx, user_id) => said(async () => (await changes.undo.undo(tx, user_id)).text),
      redo: (tx, user_id) => said(async () => (await changes.undo.redo(tx, user_id)).text),
      explain_routing: async (_tx, user_id) => {
        const db = kernel.store.reader.tables<VoiceTables>()
        const [last] = await voiceStore.newest(db, user_id, { before: undefined, limit: 1 })
        if (last === undefined) return 'You have not said anything yet.'
        return `“${last.text.slice(0, 200)}”: ${last.reason} Confidence ${Math.round(last.confidence * 100)} %, by ${last.tier}.`
      },
      health: async (_tx, user_id) => {
        const { status, uptime, resources } = await system.health(user_id)
        return `The system is ${status}. Up for ${duration(uptime)}, memory ${resources.memory_usage} %, disk ${resources.disk_usage} %.`
      },
      what_changed: async (_tx, user_id, { text, now, time_zone }) => {
        const period = findPeriod(text, now, time_zone)
        const recent = await changes.recent(user_id, RECENT + 1, period)
        if (recent.length === 0) return `Nothing was changed ${period?.said ?? 'yet'}.`
        const title = period === undefined ? 'Last changes' : `Changed ${period.said}`
        const more = recent.length > RECENT ? '; and more' : ''
        return `${title}: ${recent.slice(0, RECENT).join('; ')}${more}.`
      },
    }
  return {
    perform: (tx, user_id, action, sentence) => {
      const command = Object.hasOwn(commands, action) ? commands[action] : undefined
      if (command === undefined) throw new Error(`No global command ${action}.`)
      return command(tx, user_id, sentence)
    },
  }
}

/** What stands in the way of an undo is an answer, not an error: the sentence was understood. */
async function said(work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} hours` : `${Math.round(seconds / 86_400)} days`
}
