import { nextDue, readSchedule } from '../triggers/schedule.ts'
import type { ScheduleConditions } from '../triggers/schedule.ts'
import { triggerStore } from '../triggers/store.ts'
import type { TriggerTables } from '../triggers/store.ts'
import type { WorkflowTables } from '../store.ts'
import { withNamed } from './course.ts'
import type { Asked, Command, SpokenParts } from './course.ts'
import { listed, quoted, sayLastRuns, sayMoment } from './say.ts'
import { spokenStore } from './store.ts'

const NAMED_MAX = 20
const RUNS_SAID_MAX = 4
/** Times of one schedule that are looked at: one that runs every minute has many in a day. */
const TIMES_MAX = 2

/** Commands that list workflows, their last runs and those to come. */
export function listingCommands({ kernel }: SpokenParts): Readonly<Record<string, Command>> {
  const { reader } = kernel.store
  const db = () => reader.tables<WorkflowTables>()
  const shown = async ({ user_id }: Asked) => spokenStore.workflows(db(), user_id)
  return {
    list_workflows: async (asked) => {
      const all = await shown(asked)
      const said_state = asked.parameters['state']
      const state = said_state === 'on' || said_state === 'off' ? said_state : undefined
      const rows = all.filter(
        ({ is_active }) => state === undefined || (is_active !== 0) === (state === 'on'),
      )
      const names = rows.map(({ name, is_active }) =>
        is_active === 0 && state === undefined ? `${name} (off)` : name,
      )
      const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''
      const said = `${names.slice(0, NAMED_MAX).join(', ')}${more}`
      const count = names.length === 1 ? '1 workflow' : `${names.length} workflows`
      if (all.length === 0) return { kind: 'say', text: 'You have no workflows yet.' }
      if (state === undefined) return { kind: 'say', text: `You have ${count}: ${said}.` }
      const which = `${names.length === 1 ? 'is' : 'are'} ${state}`
      return {
        kind: 'say',
        text: names.length === 0 ? `No workflow is ${state}.` : `${count} ${which}: ${said}.`,
      }
    },
    switch_workflows: async (asked) => {
      const all = await shown(asked)
      if (all.length === 0) return { kind: 'say', text: 'You have no workflows yet.' }
      const on = all.filter(({ is_active }) => is_active !== 0).map(({ name }) => quoted(name))
      const [first] = all
      const now = on.length === 0 ? 'All are off.' : `On ${on.length === 1 ? 'is' : 'are'} ${listed(on)}.`
      const verb = asked.parameters['what'] === 'delete' ? 'delete' : 'turn off'
      const say = `Say it for each, such as “${verb} ${first?.name ?? ''}”.`
      const one = verb === 'delete' ? 'delete' : 'switch'
      return { kind: 'say', text: `Nothing is changed: I ${one} one workflow at a time. ${now} ${say}` }
    },
    list_runs: withNamed(async ({ id, name }, asked) => {
      const runs = await spokenStore.latest(db(), asked.user_id, id, RUNS_SAID_MAX)
      return { kind: 'say', text: sayLastRuns(name, runs, asked) }
    }),
    coming_runs: async (asked, workflows) => {
      const span = spanOf(asked)
      const rows = await triggerStore.ofType(reader.tables<TriggerTables>(), asked.user_id, 'schedule')
      const due = rows
        .flatMap(({ workflow_id, conditions, since }) =>
          times(readSchedule(conditions), Date.parse(since), span, asked).map((at) => ({
            workflow_id,
            at,
          })),
        )
        .toSorted((a, b) => a.at - b.at)
      const names = new Map(workflows.map(({ id, name }) => [id, name]))
      const next = span.said === '' ? due.slice(0, 1) : due
      const each = next
        .slice(0, COMING_SAID_MAX)
        .map(
          ({ workflow_id, at }) =>
            `${quoted(names.get(workflow_id) ?? 'A workflow')} ${sayMoment(at, asked)}`,
        )
      if (each.length === 0) return { kind: 'say', text: `No workflow runs by its schedule${span.said}.` }
      const more = next.length - each.length
      const all = more > 0 ? `${each.join(', ')} and ${more} more` : listed(each)
      return {
        kind: 'say',
        text: `By schedule ${span.said === '' ? 'next' : 'then'} ${each.length === 1 ? 'runs' : 'run'} ${all}.`,
      }
    },
  }
}

/** A stretch of time that lies ahead, with how it is said; without a word for one it has no end. */
interface Span {
  since: number
  until: number
  said: string
}

/** Runs that are named; of the others one hears how many there are. */
const COMING_SAID_MAX = 4

function spanOf({ text: sentence, parameters, now, time_zone }: Asked): Span {
  // In other languages the phrase says which stretch is meant.
  const text = typeof parameters['period'] === 'string' ? parameters['period'] : sentence
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(time_zone)
  const [said = '', day, part] =
    /\b(today|tomorrow|this|tonight|next)(?: (morning|afternoon|evening|night|week))?\b/iu
      .exec(text)
      ?.map((one) => one?.toLowerCase()) ?? []
  if (said === '' || (day === 'next' && part !== 'week')) return { since: now, until: Infinity, said: '' }
  if (part === 'week') {
    const monday = here
      .subtract({ days: here.dayOfWeek - 1 })
      .startOfDay()
      .add({ weeks: day === 'next' ? 1 : 0 })
    return spanned(monday, monday.add({ weeks: 1 }), said, now)
  }
  const start = here.startOfDay().add({ days: day === 'tomorrow' ? 1 : 0 })
  const evening = day === 'tonight' || part === 'evening' || part === 'night'
  const [from, to] = evening
    ? [18, 30]
    : part === 'morning'
      ? [0, 12]
      : part === 'afternoon'
        ? [12, 18]
        : [0, 24]
  return spanned(start.add({ hours: from }), start.add({ hours: to }), said, now)
}

function spanned(
  since: Temporal.ZonedDateTime,
  until: Temporal.ZonedDateTime,
  said: string,
  now: number,
): Span {
  return { since: Math.max(now, since.epochMilliseconds), until: until.epochMilliseconds, said: ` ${said}` }
}

function times(
  conditions: ScheduleConditions | undefined,
  anchor: number,
  span: Span,
  { time_zone }: Asked,
): number[] {
  if (conditions === undefined) return []
  const found: number[] = []
  let after = span.since - 1
  for (let count = 0; count < TIMES_MAX; count += 1) {
    const due = nextDue(conditions, { zone: time_zone, anchor }, after)
    if (due === undefined || due >= span.until) break
    found.push(due)
    after = due
  }
  return found
}
