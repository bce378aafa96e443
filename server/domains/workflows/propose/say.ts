import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import type { AgentNames } from './proposal.ts'
import { sayCron } from './say-cron.ts'

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu
const UNITS: readonly [ms: number, name: string][] = [
  [604_800_000, 'week'],
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
]

/** A text on one line, cut where it is too long. */
export function shortText(text: string, most: number): string {
  const line = text.toWellFormed().replaceAll(CONTROL, ' ').trim()
  if (line.length <= most) return line
  return `${line
    .slice(0, most - 1)
    .replace(/[\uD800-\uDBFF]$/u, '')
    .trimEnd()}…`
}

/** What starts a workflow, as the first words of a sentence. */
export function sayTrigger({ type, conditions, source_agent }: WorkflowTrigger, names: AgentNames): string {
  switch (type) {
    case 'manual':
      return 'When you start it'
    case 'webhook':
      return 'When its webhook is called'
    case 'voice_command':
      return `When you say "${shortText(textOf(conditions['phrase']), 60)}"`
    case 'agent_completion':
      return sayCompletion(conditions, source_agent, names)
    case 'schedule':
      return saySchedule(conditions)
  }
}

/** Conditions of workflows that people wrote may be anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function sayCompletion(
  conditions: WorkflowTrigger['conditions'],
  source: number | undefined,
  names: AgentNames,
): string {
  const name = source === undefined ? undefined : names.get(source)
  const agent = `agent ${source ?? '?'}${name === undefined ? '' : `, ${shortText(name, 60)},`}`
  const done =
    conditions['success'] === true ? 'succeeds' : conditions['success'] === false ? 'fails' : 'finishes'
  const action = conditions['action']
  return `Each time ${agent} ${done}${typeof action === 'string' ? ` with ${shortText(action, 40)}` : ''}`
}

function saySchedule(conditions: WorkflowTrigger['conditions']): string {
  const { cron, every_ms, at, timezone } = conditions
  if (typeof every_ms === 'number') return `Every ${sayInterval(every_ms)}`
  if (typeof at === 'string') return `Once, ${sayAt(at)}`
  const zone = typeof timezone === 'string' ? ` (${shortText(timezone, 40)})` : ''
  const said = typeof cron === 'string' ? sayCron(cron) : undefined
  return `${said ?? 'On a schedule that cannot be read'}${zone}`
}

const WRITTEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' })

/** "on Saturday 28 November 2026 at 09:00" for a time of the user's clock; another one as it is. */
function sayAt(at: string): string {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::00(?:\.0+)?)?$/u.test(at)
    ? Date.parse(`${at.slice(0, 16)}Z`)
    : NaN
  return Number.isNaN(local) ? `at ${shortText(at, 40)}` : `on ${WRITTEN.format(local).replaceAll(',', '')}`
}

/** "15 minutes", and "hour" or "an hour". */
export function sayInterval(every_ms: number, article = ''): string {
  const [ms, name] = UNITS.find(([unit]) => every_ms % unit === 0) ?? [1, 'millisecond']
  const count = every_ms / ms
  if (count !== 1) return `${count} ${name}s`
  return article === '' ? name : `${name === 'hour' ? 'an' : 'a'} ${name}`
}
