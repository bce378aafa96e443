import type { WorkflowDefinition } from '../contract/workflows.ts'
import { oneLine } from './print.ts'

const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays']
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const NAMED: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
}
/** Hours that are named one by one. */
const HOURS_MAX = 4
const UNITS = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** When a workflow starts, after the word "starts". */
export function startOf({ trigger: { type, conditions, source_agent } }: WorkflowDefinition): string {
  const { cron, every_ms, at, phrase } = conditions
  if (type === 'manual') return 'by hand'
  if (type === 'webhook') return 'by a webhook'
  if (type === 'voice_command') return `when you say ${oneLine(JSON.stringify(phrase))}`
  if (type === 'agent_completion') return `when agent ${source_agent} is done`
  if (typeof cron === 'string') return sayCron(cron) ?? `by the cron expression ${oneLine(cron)}`
  return typeof every_ms === 'number' ? sayEvery(every_ms) : `once, at ${sayMoment(String(at))}`
}

/** "weekdays at 08:00", for the plain expressions that nearly all are; nothing for what takes more words. */
export function sayCron(cron: string): string | undefined {
  const fields = (NAMED[cron.trim()] ?? cron).trim().split(/\s+/u)
  if (fields.length === 6 && fields[0] === '0') fields.shift()
  const [minute = '', hour = '', date = '', month = '', weekday = '', ...more] = fields
  const days = month === '*' && more.length === 0 ? sayDays(date, weekday) : undefined
  if (days === undefined) return undefined
  const times = sayTimes(minute, hour)
  if (times !== undefined) return `${days === '' ? 'every day' : days} at ${times}`
  const pace = sayPace(minute, hour)
  if (pace === undefined || days === '') return pace
  return days.startsWith('on ') ? `${pace} ${days}` : `${pace} on ${days}`
}

/** Nothing but blank for every day; undefined for days that are not plain. */
function sayDays(date: string, weekday: string): string | undefined {
  if (isAny(weekday)) {
    if (isAny(date)) return ''
    return /^\d{1,2}$/u.test(date) ? `on day ${Number(date)} of every month` : undefined
  }
  const days = isAny(date) ? readDays(weekday) : undefined
  if (days === undefined) return undefined
  if (days.length === DAYS.length) return ''
  const key = days.join('')
  if (key === '12345') return 'weekdays'
  return key === '06' ? 'weekends' : joined(days.map((day) => DAYS[day] ?? ''))
}

function isAny(field: string): boolean {
  return field === '*' || field === '?'
}

/** Days of the week in their order, Sunday as 0. */
function readDays(field: string): number[] | undefined {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [from, to, ...more] = part.split('-').map(readDay)
    if (from === undefined || more.length > 0 || (part.includes('-') && to === undefined)) return undefined
    for (let day = from; day <= (to ?? from); day += 1) found.add(day % DAYS.length)
  }
  return found.size === 0 ? undefined : [...found].toSorted((a, b) => a - b)
}

function readDay(text: string): number | undefined {
  if (/^[0-7]$/u.test(text)) return Number(text)
  const at = DAY_NAMES.indexOf(text.toUpperCase())
  return at === -1 ? undefined : at
}

/** "08:00 and 12:30" */
function sayTimes(minute: string, hour: string): string | undefined {
  const hours = hour.split(',')
  if (hours.length > HOURS_MAX || ![minute, ...hours].every((one) => /^\d{1,2}$/u.test(one))) return undefined
  return joined(hours.map((one) => `${one.padStart(2, '0')}:${minute.padStart(2, '0')}`))
}

/** "every 15 minutes" */
function sayPace(minute: string, hour: string): string | undefined {
  const minutes = stepIn(minute, 60)
  if (hour === '*' && minutes !== undefined) return every(minutes, 'minute')
  const hours = stepIn(hour, 24)
  if (hours === undefined || !/^\d{1,2}$/u.test(minute)) return undefined
  return Number(minute) === 0
    ? every(hours, 'hour')
    : `${every(hours, 'hour')}, ${Number(minute)} minutes past`
}

/** The step of a field that is even over the whole range. */
function stepIn(field: string, range: number): number | undefined {
  if (field === '*') return 1
  const step = Number(/^\*\/(\d{1,2})$/u.exec(field)?.[1])
  return step > 0 && range % step === 0 ? step : undefined
}

function every(count: number, unit: string): string {
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`
}

function sayEvery(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms % one === 0) ?? ['ms', 1]
  const count = ms / size
  return unit === 'day' ? every(count, unit) : `every ${count} ${unit}`
}

/** An ISO time without what nobody reads. */
function sayMoment(time: string): string {
  return oneLine(time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00(?:\.0+)?)?/u, '$1 $2'))
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
