import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import type { AgentNames } from './proposal.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = [
  '',
  ...'January February March April May June July August September October November December'.split(' '),
]
const NTH = ['', 'first', 'second', 'third', 'fourth', 'fifth']
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
  if (typeof at === 'string') return `Once, at ${shortText(at, 40)}`
  const zone = typeof timezone === 'string' ? ` (${shortText(timezone, 40)})` : ''
  const said = typeof cron === 'string' ? sayCron(cron) : undefined
  return said === undefined ? `On the schedule ${shortText(textOf(cron), 60)}${zone}` : `${said}${zone}`
}

/** "15 minutes", and "hour" or "an hour". */
export function sayInterval(every_ms: number, article = ''): string {
  const [ms, name] = UNITS.find(([unit]) => every_ms % unit === 0) ?? [1, 'millisecond']
  const count = every_ms / ms
  if (count !== 1) return `${count} ${name}s`
  return article === '' ? name : `${name === 'hour' ? 'an' : 'a'} ${name}`
}

/** The cron expressions that sentences make, in words; `undefined` for others. */
function sayCron(cron: string): string | undefined {
  const [minute = '', hour = '', dom = '', month = '', dow = '', more] = cron.trim().split(/\s+/u)
  if (more !== undefined) return undefined
  const day = sayDays(dom, month, dow)
  if (day === undefined) return undefined
  if (/^\d+$/u.test(minute) && /^\d+(?:,\d+)*$/u.test(hour)) {
    const times = hour.split(',').map((one) => `${one.padStart(2, '0')}:${minute.padStart(2, '0')}`)
    return `${day} at ${times.join(' and ')}`
  }
  const step = /^\*(?:\/(\d+))?$/u.exec(minute)
  const range = /^(?:(\d+)-(\d+)|\*)(?:\/(\d+))?$/u.exec(hour)
  if (range === null) return undefined
  const [, from, to, every = '1'] = range
  const hours =
    from === undefined
      ? ''
      : `, from ${from.padStart(2, '0')}:00 to ${step === null ? `${to}:00` : `${to}:59`}`
  if (step !== null) return `${day} every ${step[1] === undefined ? 'minute' : `${step[1]} minutes`}${hours}`
  return minute === '0' ? `${day} every ${every === '1' ? 'hour' : `${every} hours`}${hours}` : undefined
}

function sayDays(dom: string, month: string, dow: string): string | undefined {
  if (dom !== '*') return dow === '*' ? sayDate(dom, month) : undefined
  if (month !== '*') return undefined
  if (dow === '*') return 'Every day'
  if (dow === '1-5') return 'Every weekday'
  if (dow === '6,0') return 'Every Saturday and Sunday'
  const [, name = '', nth = ''] = /^([0-7])#([1-5]|L)$/u.exec(dow) ?? []
  if (nth !== '')
    return `On the ${nth === 'L' ? 'last' : NTH[Number(nth)]} ${DAYS[Number(name)]} of every month`
  if (!/^[0-7](?:,[0-7])*$/u.test(dow)) return undefined
  const days = dow.split(',').map((one) => DAYS[Number(one)] ?? '')
  return `Every ${days.length > 1 ? `${days.slice(0, -1).join(', ')} and ${days.at(-1)}` : days.join('')}`
}

function sayDate(dom: string, month: string): string | undefined {
  const day = dom === 'L' ? 'the last day' : /^\d+$/u.test(dom) ? `day ${dom}` : undefined
  if (day === undefined) return undefined
  if (month === '*') return `On ${day} of every month`
  const months = /^\*\/(\d+)$/u.exec(month)?.[1]
  if (months !== undefined) return `On ${day} of every ${months} months`
  return /^\d+$/u.test(month) ? `Every year on ${dom} ${MONTHS[Number(month)] ?? month}` : undefined
}
