import type { TObject } from 'typebox'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { DEPTH_MAX } from '../evaluate/value.ts'
import { isTimeZone, parseMoment } from '../triggers/moment.ts'
import { findCronProblem } from '../triggers/schedule-cron.ts'
import { credentialOf } from '../triggers/secret.ts'
import { CONDITIONS } from './conditions.ts'
import type { Completion, Schedule } from './conditions.ts'
import { quoted } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Known } from './known.ts'
import { checkAgent, unknownAction } from './performing.ts'
import { isObject, readFields } from './shape.ts'
import type { Report } from './shape.ts'
import type { Step } from './steps.ts'

const AT = '/trigger/conditions'
const EVERY_MS_MIN = 60_000
const LEAP_SECOND = /[T ]\d\d:\d\d:60/i
/** It is held against everything that the agent answers. */
const MATCH_MAX = 2_000
const CODE_OF = {
  unknown: 'UNKNOWN_CONDITION',
  missing: 'MISSING_CONDITION',
  wrong: 'BAD_CONDITION',
} as const

/** What starts the workflow. */
export function checkTrigger(
  trigger: Partial<WorkflowTrigger>,
  steps: readonly Step[],
  known: Known,
  findings: Findings,
): void {
  const { type, conditions } = trigger
  if (type === undefined) return
  if (type === 'agent_completion') checkCompletion(trigger, steps, known, findings)
  else if (trigger.source_agent !== undefined)
    findings.error(
      '/trigger/source_agent',
      'UNUSED_SOURCE_AGENT',
      `The trigger ${type} waits for no agent: only agent_completion has a source_agent.`,
    )
  if (conditions === undefined) return
  const report: Report = (path, kind, message) =>
    findings.error(
      path,
      CODE_OF[kind],
      `${nameOf(path)} ${kind === 'unknown' ? `is no condition of ${type}` : message}.`,
    )
  const fields = readFields<TObject>(CONDITIONS[type], conditions, AT, report) as Record<string, unknown>
  if (type === 'schedule') checkSchedule(conditions, fields, known, findings)
  if (type === 'voice_command') checkPhrase(fields, known, findings)
  if (type === 'webhook') checkSecret(fields, known, findings)
  if (isDeeper(conditions, DEPTH_MAX))
    findings.error(AT, 'BAD_CONDITION', `The conditions may be nested at most ${DEPTH_MAX} deep.`)
}

function nameOf(path: string): string {
  return quoted(path.slice(AT.length + 1))
}

function checkSchedule(
  conditions: Readonly<Record<string, unknown>>,
  { cron, every_ms, at, timezone }: Schedule,
  { time_zone, now }: Known,
  findings: Findings,
): void {
  const [first, ...others] = Object.keys(conditions).filter((key) => ['cron', 'every_ms', 'at'].includes(key))
  if (first === undefined)
    findings.error(AT, 'MISSING_CONDITION', 'A schedule has one of cron, every_ms and at.')
  for (const other of others)
    findings.error(
      `${AT}/${other}`,
      'BAD_CONDITION',
      `A schedule has one of cron, every_ms and at, and this one has ${first} already.`,
    )
  if (timezone !== undefined && !isTimeZone(timezone))
    findings.error(
      `${AT}/timezone`,
      'UNKNOWN_TIME_ZONE',
      `There is no time zone ${quoted(timezone)}. One is called, for example, Europe/Berlin.`,
    )
  const zone = [timezone, time_zone].find((name) => name !== undefined && isTimeZone(name)) ?? 'UTC'
  if (every_ms !== undefined && every_ms < EVERY_MS_MIN)
    findings.error(`${AT}/every_ms`, 'TOO_OFTEN', `"every_ms" is at least ${EVERY_MS_MIN}, a minute.`)
  const problem = cron === undefined ? undefined : findCronProblem(cron)
  if (problem !== undefined) findings.error(`${AT}/cron`, 'BAD_CRON', `"cron" ${problem}.`)
  if (cron !== undefined && problem === undefined && isBySecond(cron))
    findings.warn(`${AT}/cron`, 'TOO_OFTEN', 'Several starts a minute use up the runs of a day soon.')
  if (at === undefined) return
  const moment = parseMoment(at, zone)
  // A leap second is written like any time, but no clock here ever shows it.
  if (moment !== undefined && LEAP_SECOND.test(at))
    findings.error(`${AT}/at`, 'BAD_CONDITION', `${quoted(at)} is a time that no clock shows.`)
  else if (moment === undefined)
    findings.error(
      `${AT}/at`,
      'BAD_CONDITION',
      '"at" is an ISO time before the year 9999, such as 2026-12-24T18:00 or 2026-12-24T17:00:00Z.',
    )
  else if (moment <= now)
    findings.warn(`${AT}/at`, 'IN_THE_PAST', `${quoted(at)} has passed: nothing will start.`)
}

/** Whether a cron expression has a field for seconds that names more than one. */
function isBySecond(cron: string): boolean {
  const fields = cron.trim().split(/\s+/u)
  return fields.length === 6 && !/^\d+$/u.test(fields[0] ?? '')
}

/** What is wrong with a secret is said without it: it may be one. */
function checkSecret(
  { secret, signed }: { secret?: unknown; signed?: unknown },
  { secret_problem }: Known,
  findings: Findings,
): void {
  if (secret === undefined) return
  const at = `${AT}/secret`
  if (credentialOf(secret) === undefined)
    findings.error(
      at,
      'BAD_CONDITION',
      '"secret" names a stored credential, as in cred:<id>: a secret that stood here could be read by whoever sees the workflow.',
    )
  else if (secret_problem !== undefined)
    findings.error(at, 'UNUSABLE_SECRET', `The credential that "secret" names ${secret_problem}.`)
  if (signed === false)
    findings.error(`${AT}/signed`, 'BAD_CONDITION', 'A webhook with a "secret" takes signed calls alone.')
}

function checkPhrase({ phrase }: { phrase?: unknown }, known: Known, findings: Findings): void {
  const problem = typeof phrase === 'string' ? known.findPhraseProblem(phrase) : undefined
  if (problem !== undefined) findings.error(`${AT}/phrase`, 'BAD_PHRASE', `${problem}.`)
}

function checkCompletion(
  { source_agent, conditions }: Partial<WorkflowTrigger>,
  steps: readonly Step[],
  known: Known,
  findings: Findings,
): void {
  const at = '/trigger/source_agent'
  if (source_agent === undefined)
    return findings.error(at, 'MISSING_SOURCE_AGENT', 'The trigger agent_completion needs a source_agent.')
  const agent = checkAgent(source_agent, at, known, findings)
  if (agent === undefined) return
  const { action, match }: Completion = conditions ?? {}
  if (match !== undefined && !isDeeper(match, DEPTH_MAX) && JSON.stringify(match).length > MATCH_MAX)
    findings.error(`${AT}/match`, 'BAD_CONDITION', `"match" has at most ${MATCH_MAX} characters as JSON.`)
  const isOwn = (name: unknown): boolean => typeof name === 'string' && Object.hasOwn(agent.actions, name)
  if (
    typeof action === 'string' &&
    !isOwn(action) &&
    agent.open !== true &&
    !agent.aliases.has(action.trim().toLowerCase())
  )
    findings.warn(`${AT}/action`, 'NEVER_STARTS', unknownAction(action, source_agent, agent))
  // A name that is not an action's own may mean any of them.
  const starts = steps.find(
    (step) =>
      step.agent_number === source_agent &&
      (action === undefined || step.action === action || !isOwn(step.action) || !isOwn(action)),
  )
  if (starts !== undefined)
    findings.warn(
      at,
      'STARTS_ITSELF',
      `The step ${quoted(starts.id ?? '')} is done by agent ${source_agent}, which starts this workflow again, up to eight times.`,
    )
}

/** Whether a value has more levels than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (!isObject(value) && !Array.isArray(value)) return false
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1))
}
