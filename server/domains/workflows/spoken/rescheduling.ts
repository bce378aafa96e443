import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { definitionOf, need } from '../crud.ts'
import { findSchedule } from '../propose/schedule.ts'
import type { FoundSchedule } from '../propose/schedule.ts'
import { sayTrigger } from '../propose/say.ts'
import { nextDue } from '../triggers/schedule.ts'
import { withNamed } from './course.ts'
import type { Asked, Command, Course, SpokenParts } from './course.ts'
import { quoted, sayWhen } from './say.ts'

const UNCLEAR = 'Say when, such as “change it to 9 o’clock” or “make it run every friday at 18:00”.'

/** The command that lets a workflow run at another time, once that is agreed to. */
export function reschedulingCommands({ kernel, agents }: SpokenParts): { reschedule_workflow: Command } {
  const { reader } = kernel.store
  return {
    reschedule_workflow: withNamed(async ({ id }, asked): Promise<Course> => {
      const row = need(reader, asked.user_id, id)
      const definition = definitionOf(reader, row.version)
      const trigger = triggerAt(whenOf(asked), { before: definition.trigger, name: row.name }, asked)
      const said = quoted(row.name)
      if (typeof trigger === 'string')
        return { kind: 'say', text: `I have not changed ${said}. ${trigger}`, followup: true }
      const names = new Map((await agents.known(asked.user_id)).map((one) => [one.agent_number, one.name]))
      const tell = (one: WorkflowTrigger) => lower(sayTrigger(one, names))
      const changed: WorkflowDefinition = { ...definition, trigger }
      const off = row.is_active === 0 ? ' It is switched off.' : ''
      return {
        kind: 'agree',
        question: `Shall ${said} run ${tell(trigger)}, instead of ${tell(definition.trigger)}?${off}`,
        agreed: {
          operation: 'workflows.update',
          input: { id, definition: changed, ...renewed(row.description, definition.trigger, trigger) },
          done: `${said} runs ${tell(trigger)} now.${off === '' ? firstRun(trigger, asked) : off}`,
        },
      }
    }),
  }
}

/** When it shall run, with the word before it that a phrase has taken: "run the backup every 6 hours". */
function whenOf({ parameters, text }: Asked): string {
  const when = String(parameters['when']).replace(/\s+(?:instead|rather than)\b.*$/iu, '')
  return text.toLowerCase().endsWith(`every ${when.toLowerCase()}`) ? `every ${when}` : when
}

/** A description that says when it runs, which was true so far, says when it runs now. */
function renewed(
  description: string,
  before: WorkflowTrigger,
  after: WorkflowTrigger,
): { description?: string } {
  const said = findSchedule(description)
  const { cron, every_ms } = before.conditions
  if (said === undefined || said.problem !== undefined || before.type !== 'schedule') return {}
  if (said.conditions['cron'] !== cron || said.conditions['every_ms'] !== every_ms) return {}
  const when = sayTrigger({ ...after, conditions: { ...after.conditions, timezone: undefined } }, new Map())
  const words = [said.before, said.before === '' ? when : lower(when), said.after]
  return { description: words.filter((part) => part !== '').join(' ') }
}

/** The trigger for when it shall run: a whole schedule, or another time on the days of the one that there is. */
function triggerAt(
  said: string,
  { before, name }: { before: WorkflowTrigger; name: string },
  { time_zone }: Asked,
): WorkflowTrigger | string {
  const when = said.replace(/^(?:run|start)\s+/iu, '').replace(/[\s.!?]+$/u, '')
  const isEarly = hourOf(cronOf(before)) < NOON || /\b(?:morning|breakfast)\b/iu.test(name)
  const whole = earlier(findSchedule(when), findSchedule(`${when} in the morning`), isEarly)
  if (whole !== undefined && whole.before === '' && whole.after === '') {
    if (whole.problem !== undefined) return whole.problem
    const zone = 'cron' in whole.conditions ? { timezone: time_zone } : {}
    // A day without a time keeps the time that there is.
    const conditions: Record<string, unknown> = { ...zone, ...whole.conditions }
    const own = whole.assumed ? cronOf(before) : undefined
    const cron = own === undefined ? conditions['cron'] : grafted(own, String(conditions['cron']))
    return { type: 'schedule', conditions: cron === undefined ? conditions : { ...conditions, cron } }
  }
  const time = when.replace(/^(?:at|to|for|around)\s+/iu, '')
  const clock = earlier(
    findSchedule(`every day at ${time}`),
    findSchedule(`every morning at ${time}`),
    isEarly,
  )
  if (clock === undefined || clock.before !== '' || clock.after !== '') return UNCLEAR
  if (clock.problem !== undefined) return clock.problem
  const own = cronOf(before)
  const cron = String(clock.conditions['cron'])
  const zone = clock.conditions['timezone'] ?? (own === undefined ? undefined : before.conditions['timezone'])
  return {
    type: 'schedule',
    conditions: {
      cron: own === undefined ? cron : grafted(cron, own),
      timezone: typeof zone === 'string' ? zone : time_zone,
    },
  }
}

/** A bare "six" is the morning's for what is of the morning. */
function earlier(
  plain: FoundSchedule | undefined,
  early: FoundSchedule | undefined,
  isEarly: boolean,
): FoundSchedule | undefined {
  const [late, hour] = [hourOf(plain?.conditions['cron']), hourOf(early?.conditions['cron'])]
  return isEarly && hour >= DAWN && hour + NOON === late ? early : plain
}

const NOON = 12
/** Hardly anybody means an earlier hour than this when they say no more than "at four". */
const DAWN = 5

/** The hour of a schedule by the calendar, NaN where it has none or several. */
function hourOf(cron: unknown): number {
  return typeof cron === 'string' ? Number(cron.split(/\s+/u)[1]) : Number.NaN
}

/** The five fields of a schedule by the calendar. */
function cronOf({ type, conditions }: WorkflowTrigger): string | undefined {
  const { cron } = conditions
  return type === 'schedule' && typeof cron === 'string' && cron.split(/\s+/u).length === 5 ? cron : undefined
}

/** The time of the one on the days of the other. */
function grafted(time: string, days: string): string {
  return [...time.split(/\s+/u).slice(0, 2), ...days.split(/\s+/u).slice(2)].join(' ')
}

function firstRun({ conditions }: WorkflowTrigger, { now, time_zone }: Asked): string {
  const due = nextDue(conditions, { zone: time_zone, anchor: now }, now)
  return due === undefined ? '' : ` It runs next ${sayWhen(due, { now, time_zone })}.`
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
