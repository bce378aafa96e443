import type { Changes } from '../changes/index.ts'
import { MODEL } from '../language/learnt/kinds.ts'
import type { Agents } from '../agents/index.ts'
import type { System } from '../system/index.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { findPeriod } from '../workflows/spoken/period.ts'
import { explain } from './explain.ts'
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
/** The command that asks why, which is not asked about itself. */
const EXPLAIN = 'explain_routing'

/** Opens the commands to the system as a whole. */
export function openGlobals({ kernel, agents, changes, system }: Parts): Globals {
  /** Takes back what was taught. Nobody needs a passkey to teach, and nobody to take that back by saying so. */
  const taught = async (
    tx: Tx,
    user_id: string,
    row: { id: string; kind: string; description: string } | undefined,
    done: string,
  ): Promise<string | undefined> => {
    if (row?.kind !== MODEL) return undefined
    await changes.rollBack(tx, user_id, { modification_id: row.id }, user_id)
    return `${done}: ${row.description.replace(/^Rolled back: /u, '')}`
  }
  const commands: Readonly<Record<string, (tx: Tx, user_id: string, said: SaidCommand) => Promise<string>>> =
    {
      list_agents: async (_tx, user_id) => {
        const known = await agents.known(user_id)
        return `Your agents: ${known.map(({ agent_number, name }) => `${agent_number} ${name}`).join(', ')}.`
      },
      stop: async (tx, user_id) => (await system.stop(tx, user_id)).text,
      undo: (tx, user_id) =>
        said(
          async () =>
            (await taught(tx, user_id, await changes.latest.toUndo(user_id), 'Undone')) ??
            (await changes.undo.undo(tx, user_id)).text,
        ),
      redo: (tx, user_id) =>
        said(
          async () =>
            (await taught(tx, user_id, await changes.latest.toRedo(user_id), 'Done again')) ??
            (await changes.undo.redo(tx, user_id)).text,
        ),
      explain_routing: async (_tx, user_id) => {
        const db = kernel.store.reader.tables<VoiceTables>()
        const last = await voiceStore.lastOther(db, user_id, EXPLAIN)
        return last === undefined ? 'You have not said anything yet.' : explain(last)
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
