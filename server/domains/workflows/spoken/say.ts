import { shortText } from '../propose/say.ts'
import type { Period } from './period.ts'
import { RUNS_MAX } from './store.ts'
import type { SaidRun } from './store.ts'

const NAMED_MAX = 4
const NAME_CHARACTERS_MAX = 60
const ERROR_CHARACTERS_MAX = 120
const REASON_CHARACTERS_MAX = 400

/** How runs are spoken of: their workflows' names, and the user's clock. */
export interface Speaking {
  nameOf(workflow_id: string): string
  now: number
  time_zone: string
}

/** A name as it is said. */
export function quoted(name: string): string {
  return `“${shortText(name, NAME_CHARACTERS_MAX)}”`
}

/** "“A”, “B” and 3 more", or with `or` before the last. */
export function listed(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  const shown = names.slice(0, NAMED_MAX)
  const more = names.length - shown.length
  if (more > 0) return `${shown.join(', ')} ${word} ${more} more`
  if (shown.length < 2) return shown.join('')
  return `${shown.slice(0, -1).join(', ')} ${word} ${shown.at(-1)}`
}

/** A moment as one speaks of it: "at 08:00" today, "yesterday at 23:10", "on Friday at 08:00", "on 3 November at 08:00". */
export function sayMoment(moment: string | number, { now, time_zone }: Pick<Speaking, 'now' | 'time_zone'>) {
  const at = zoned(typeof moment === 'number' ? moment : Date.parse(moment), time_zone)
  const present = zoned(now, time_zone)
  const time = `at ${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`
  const days = present.toPlainDate().since(at.toPlainDate(), { largestUnit: 'days' }).days
  if (days === 0) return time
  if (days === 1) return `yesterday ${time}`
  if (days === -1) return `tomorrow ${time}`
  if (Math.abs(days) < 7) return `on ${at.toLocaleString('en-GB', { weekday: 'long' })} ${time}`
  const year = at.year === present.year ? '' : ` ${at.year}`
  return `on ${at.day} ${at.toLocaleString('en-GB', { month: 'long' })}${year} ${time}`
}

/** The same, with the day said even when it is today. */
export function sayWhen(moment: string | number, how: Pick<Speaking, 'now' | 'time_zone'>): string {
  return sayMoment(moment, how).replace(/^at /u, 'today at ')
}

function zoned(ms: number, time_zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(time_zone)
}

/** What failed in a period, when other runs of it did not. */
export function sayFailed(runs: readonly SaidRun[], ran: readonly SaidRun[], period: Period, how: Speaking) {
  if (runs.length === 0) {
    const done = ran.filter(({ status }) => status === 'completed').length
    if (ran.length === 0) return `Nothing failed ${period.said}: no workflow ran.`
    return `Nothing failed ${period.said}: ${counted(ran.length)} started, ${done} completed.`
  }
  const each = runs.map((run) =>
    sayOne(quoted(how.nameOf(run.workflow_id)), run.ended_at ?? run.created_at, run.error, how),
  )
  return `${capitalised(period.said)} ${counted(runs.length)} failed: ${listed(each)}.`
}

/** What ran in a period, each workflow once. */
export function sayRan(runs: readonly SaidRun[], period: Period, how: Speaking): string {
  if (runs.length === 0) return `No workflow ran ${period.said}.`
  const each = [...Map.groupBy(runs, ({ workflow_id }) => workflow_id)].map(([workflow_id, own]) => {
    const [last] = own
    const name = quoted(how.nameOf(workflow_id))
    if (last === undefined) return name
    const times = own.length === 1 ? '' : `${own.length} times, the last `
    return `${name} ${times}${sayMoment(startOf(last), how)}${state(last)}`
  })
  return `${capitalised(period.said)} ${counted(runs.length)} started: ${listed(each)}.`
}

/** Whether a workflow ran, in a period if one was said. `runs` are those of the period, newest first. */
export function sayDidRun(
  name: string,
  { runs, last, period }: { runs: readonly SaidRun[]; last: SaidRun | undefined; period: Period | undefined },
  how: Speaking,
): string {
  const said = quoted(name)
  if (last === undefined) return `No: ${said} has never run.`
  const before = `${sayWhen(startOf(last), how)}${ended(last)}`
  if (period === undefined) return `${said} last ran ${before}.`
  const [newest] = runs
  if (newest === undefined) return `No: ${said} did not run ${period.said}. It last ran ${before}.`
  const end = `${sayWhen(startOf(newest), how)}${ended(newest)}`
  if (runs.length === 1) return `Yes: ${said} ran ${end}.`
  return `Yes: ${said} ran ${runs.length} times ${period.said}, the last time ${end}.`
}

/** The last runs of a workflow, newest first. */
export function sayLastRuns(
  name: string,
  runs: readonly SaidRun[],
  how: Pick<Speaking, 'now' | 'time_zone'>,
): string {
  const [first] = runs
  if (first === undefined) return `${quoted(name)} has never run.`
  const each = runs.map((run) => `${sayWhen(startOf(run), how)}${ended(run)}`)
  return each.length === 1
    ? `${quoted(name)} last ran ${each[0]}.`
    : `The last ${each.length} runs of ${quoted(name)}: ${each.join('; ')}.`
}

/** Why a workflow failed, in a period if one was said, and how it fared since. */
export function sayWhyFailed(
  name: string,
  {
    failed,
    last,
    period,
  }: { failed: SaidRun | undefined; last: SaidRun | undefined; period: Period | undefined },
  how: Pick<Speaking, 'now' | 'time_zone'>,
): string {
  const said = quoted(name)
  if (last === undefined) return `${said} has never run.`
  const latest = `It last ran ${sayWhen(startOf(last), how)}${ended(last)}.`
  if (failed === undefined)
    return period === undefined
      ? `${said} has not failed. ${latest}`
      : `${said} did not fail ${period.said}. ${latest}`
  const reason = reasonOf(failed, REASON_CHARACTERS_MAX)
  const because = reason === '' ? ', and left no reason' : `: ${reason}`
  const since = last.id === failed.id ? '' : ` ${latest}`
  return `${said} failed ${sayWhen(failed.ended_at ?? failed.created_at, how)}${because}.${since}`
}

function startOf({ started_at, created_at }: SaidRun): string {
  return started_at ?? created_at
}

/** "3 runs" */
function counted(count: number): string {
  return count >= RUNS_MAX ? `${RUNS_MAX} runs or more` : count === 1 ? '1 run' : `${count} runs`
}

function state(run: SaidRun): string {
  const said = {
    completed: '',
    failed: 'failed',
    stopped: 'stopped',
    executing: 'not over yet',
    queued: 'waiting',
  }
  const word = said[run.status]
  return word === '' ? '' : ` (${word})`
}

function ended(run: SaidRun): string {
  switch (run.status) {
    case 'completed':
      return ' and completed'
    case 'failed':
      return ` and failed${why(run)}`
    case 'stopped':
      return ' and was stopped'
    default:
      return ' and is not over yet'
  }
}

/** The reason of a failure in brackets. */
function why(run: Pick<SaidRun, 'error'>): string {
  const reason = reasonOf(run, ERROR_CHARACTERS_MAX)
  return reason === '' ? '' : ` (${reason})`
}

/** "“Backup” at 03:00 (no such file)" */
function sayOne(name: string, at: string, error: string | null, how: Speaking): string {
  return `${name} ${sayMoment(at, how)}${why({ error })}`
}

/** What agents could not do, besides what failed in workflows. */
export function sayActions(failed: readonly FailedAction[], how: Speaking): string {
  const each = failed.map(({ name, ended_at, error }) => sayOne(name, ended_at, error, how))
  return `${failed.length === 1 ? '1 action' : `${failed.length} actions`} failed: ${listed(each)}.`
}

/** Something that an agent could not do: "Tasks & Lists (remove)". */
export interface FailedAction {
  name: string
  ended_at: string
  error: string
}

/** Why it failed, as a sentence of its own. */
export function sayWhyAction(
  { name, ended_at, error }: FailedAction,
  how: Pick<Speaking, 'now' | 'time_zone'>,
) {
  const reason = reasonOf({ error }, REASON_CHARACTERS_MAX)
  return `${name} failed ${sayWhen(ended_at, how)}${reason === '' ? ', and left no reason' : `: ${reason}`}.`
}

/** The reason of a failure without its code and without the sign that ends a sentence. */
function reasonOf({ error }: Pick<SaidRun, 'error'>, most: number): string {
  const said = (error ?? '').replace(/^(?<step>[\w-]+: )?[A-Z]+(?:_\d{3})?: /u, '$<step>')
  return shortText(said, most).replace(/\.$/u, '')
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
