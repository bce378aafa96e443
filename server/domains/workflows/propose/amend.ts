import { findSchedule } from './schedule.ts'
import type { FoundSchedule, Schedule } from './schedule.ts'
import { readRequest } from './request.ts'
import { sayTrigger } from './say.ts'

const LEAD =
  /^(?:(?:no|nope|yes|yeah|ok|okay|sure|please|but|actually|rather|better|hm+|wait|sorry|oh)\b[\s,.!]*)*(?:(?:make|do|set|change|move|let|have)\s+(?:it|that)\s+(?:to\s+|run\s+|be\s+|for\s+)?|(?:it\s+should\s+)?run\s+(?:it\s+)?|(?:i mean(?:t)?|instead|rather)\s+)?/iu
const NAMED =
  /^(?:(?:yes|ok|okay|sure|please|but|no|and)\b[\s,]*)*(?:call|name)\s+it\s+["“'‘]?(?<name>(?!off\b|a day\b)[^"”]{1,80}?)["”'’]?[\s.!]*$/iu
const AT = /^(?:at|to|around|for)\s+/iu
const DAILY = 'every day at '

type Conditions = Schedule['conditions']

/**
 * The sentence that asks for a workflow, as a reply to its proposal changes it: "no, at 18:00", "make it every friday",
 * "yes, but call it Homework". Nothing when the reply changes nothing of that kind.
 */
export function amended(request: string, reply: string): string | undefined {
  const asked = readRequest(request)
  const own = asked?.said.type === 'schedule' && asked.said.problem === undefined ? asked.said : undefined
  if (asked === undefined || (own === undefined && asked.said.type !== 'manual')) return undefined
  const name = NAMED.exec(reply.trim())?.groups?.['name']?.trim()
  const conditions = name === undefined ? changed(own, reply) : own?.conditions
  if (name === undefined && conditions === undefined) return undefined
  const called = name ?? asked.name
  const opening = `make a workflow${called === undefined ? '' : ` called "${called}"`}: `
  const isPlain = called === undefined && !asked.explicit
  const when = conditions === undefined ? '' : `${sayWhen(conditions)}, `
  return `${isPlain ? '' : opening}${when}${asked.body}`
}

/** When it is to run after the reply. */
function changed(own: Schedule | undefined, reply: string): Conditions | undefined {
  const said = reply
    .trim()
    .replace(LEAD, '')
    .replace(/\s+(?:instead|please|then|only)(?=[\s.!]*$)|[\s.!]+$/giu, '')
  if (said === '') return undefined
  const more = MORE.exec(said)?.groups?.['days']
  if (more !== undefined) return extended(own?.conditions, all(findSchedule(daysIn(more)))?.conditions)
  const whole = all(findSchedule(said)) ?? all(findSchedule(daysIn(said)))
  if (whole !== undefined)
    return (whole.assumed ? grafted(own?.conditions, whole.conditions) : undefined) ?? whole.conditions
  const clock = all(findSchedule(`${DAILY}${said.replace(AT, '')}`)) ?? all(findSchedule(`every day ${said}`))
  return (
    clock &&
    (grafted(clock.conditions, own?.conditions) ?? (own === undefined ? clock.conditions : undefined))
  )
}

const MORE = /^(?:and |also |plus )*(?<days>(?:on |at )?[\p{L}\s,]{3,60}?),? (?:too|as well|also)$/iu

/** "on Tuesday" of what is done again and again is every one of them. */
function daysIn(said: string): string {
  return `every ${said.replace(/^(?:on|at)\s+(?:the\s+)?/iu, '').replace(/(?<=week(?:end|day))s$/iu, '')}`
}

/** The same time on further days of the week. */
function extended(own: Conditions = {}, more: Conditions = {}): Conditions | undefined {
  const [at, on] = [own['cron'], more['cron']]
  if (typeof at !== 'string' || typeof on !== 'string') return undefined
  const [minute, hour, dom, month, days = ''] = at.split(' ')
  const added = on.split(' ')[4] ?? ''
  if (![days, added].every((one) => /^[\d,-]+$/u.test(one)) || dom !== '*' || month !== '*') return undefined
  return { ...own, cron: `${minute} ${hour} * * ${days},${added}` }
}

/** A schedule that is all of what was said. */
function all(found: FoundSchedule | undefined): FoundSchedule | undefined {
  return found !== undefined && found.problem === undefined && found.before === '' && found.after === ''
    ? found
    : undefined
}

/** The time of the one on the days of the other, in the zone that either names. */
function grafted(time: Conditions = {}, days: Conditions = {}): Conditions | undefined {
  const [at, on] = [time['cron'], days['cron']]
  if (typeof at !== 'string' || typeof on !== 'string') return undefined
  const cron = [...at.split(' ').slice(0, 2), ...on.split(' ').slice(2)].join(' ')
  const timezone = time['timezone'] ?? days['timezone']
  return timezone === undefined ? { cron } : { cron, timezone }
}

/** A schedule in words that are read as it is. */
function sayWhen({ timezone, ...conditions }: Conditions): string {
  const said = sayTrigger({ type: 'schedule', conditions }, new Map())
  if (typeof timezone !== 'string') return said
  const city = timezone.split('/').at(-1) ?? ''
  return timezone === 'UTC' ? `${said} UTC` : `${said} in ${city.replaceAll('_', ' ')} time`
}
