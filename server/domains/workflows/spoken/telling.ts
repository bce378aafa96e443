import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { definitionOf, need } from '../crud.ts'
import { explain } from '../propose/explain.ts'
import { sayTrigger } from '../propose/say.ts'
import type { WorkflowTables } from '../store.ts'
import { nextDue, readSchedule } from '../triggers/schedule.ts'
import { triggerStore } from '../triggers/store.ts'
import type { TriggerTables } from '../triggers/store.ts'
import { withNamed } from './course.ts'
import type { Asked, Command, SpokenParts } from './course.ts'
import { quoted, sayDidRun, sayRan, sayWhen } from './say.ts'
import { periodOf, speaking, within } from './speaking.ts'
import { spokenStore } from './store.ts'

/** Commands that only tell, from the history. */
export function tellingCommands({ kernel, agents }: SpokenParts): Readonly<Record<string, Command>> {
  const { reader } = kernel.store
  const db = () => reader.tables<WorkflowTables>()
  return {
    what_ran: async (asked) => {
      const period = periodOf(asked) ?? within(asked, 'today')
      const runs = await spokenStore.started(db(), asked.user_id, period)
      return { kind: 'say', text: sayRan(runs, period, await speaking(kernel, asked)) }
    },
    did_run: withNamed(async ({ id, name }, asked) => {
      const period = periodOf(asked)
      const runs = period === undefined ? [] : await spokenStore.started(db(), asked.user_id, period, id)
      const last = await spokenStore.last(db(), asked.user_id, id)
      const how = { now: asked.now, time_zone: asked.time_zone, nameOf: () => name }
      return { kind: 'say', text: sayDidRun(name, { runs, last, period }, how) }
    }),
    explain_workflow: withNamed(async ({ id }, { user_id, text }) => {
      const row = need(reader, user_id, id)
      if (IS_ON.test(text)) {
        const begins = sayStart(definitionOf(reader, row.version).trigger, await namesOf(agents, user_id))
        const state = `${quoted(row.name)} is switched ${row.is_active === 0 ? 'off' : 'on'}.`
        return { kind: 'say', text: row.is_active === 0 ? state : `${state} ${begins}` }
      }
      const off = row.is_active === 0 ? ' It is switched off.' : ''
      const does = explain(definitionOf(reader, row.version), await namesOf(agents, user_id))
      return { kind: 'say', text: `${quoted(row.name)}: ${does}${off}` }
    }),
    next_run: withNamed(async ({ id }, asked) => {
      const { user_id } = asked
      const row = need(reader, user_id, id)
      const said = quoted(row.name)
      if (row.is_active === 0) return { kind: 'say', text: `${said} is switched off, and so does not run.` }
      const begins = sayStart(definitionOf(reader, row.version).trigger, await namesOf(agents, user_id))
      const due = await dueOf(kernel, id, asked)
      const text =
        due === undefined
          ? `${said} has no next time. ${begins}`
          : `${said} runs next ${sayWhen(due, asked)}. ${begins}`
      return { kind: 'say', text }
    }),
  }
}

/** "Is the briefing on?" is answered by that alone. */
const IS_ON = /^\s*(?:is|are)\b.*\b(?:on|off|active|paused)\b[\s?.!]*$/iu

async function namesOf(agents: SpokenParts['agents'], user_id: string): Promise<Map<number, string>> {
  return new Map((await agents.known(user_id)).map((one) => [one.agent_number, one.name]))
}

/** "It runs every weekday at 08:00." */
export function sayStart(trigger: WorkflowTrigger, names: ReadonlyMap<number, string>): string {
  const said = sayTrigger(trigger, names)
  return `It runs ${said.charAt(0).toLowerCase()}${said.slice(1)}.`
}

/** The next time of all schedules that start a workflow: its own, and those of agents. */
async function dueOf(
  { store }: Kernel,
  workflow_id: string,
  { user_id, now, time_zone }: Asked,
): Promise<number | undefined> {
  const rows = await triggerStore.ofType(store.reader.tables<TriggerTables>(), user_id, 'schedule')
  const times = rows.flatMap((row) => {
    if (row.workflow_id !== workflow_id) return []
    const conditions = readSchedule(row.conditions)
    if (conditions === undefined) return []
    return nextDue(conditions, { zone: time_zone, anchor: Date.parse(row.since) }, now) ?? []
  })
  return times.length === 0 ? undefined : Math.min(...times)
}
