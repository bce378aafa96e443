import { findSchedule } from './schedule.ts'
import type { FoundSchedule } from './schedule.ts'
import { sayTrigger } from './say.ts'

const LEAD =
  /^(?:(?:no|nope|yes|yeah|ok|okay|sure|please|but|actually|rather|better|hm+|wait|sorry|oh)\b[\s,.!]*)*(?:(?:make|do|set|change|move|let|have)\s+(?:it|that)\s+(?:to\s+|run\s+|be\s+|for\s+)?|(?:it\s+should\s+)?run\s+(?:it\s+)?|(?:i mean(?:t)?|instead|rather)\s+)?/iu
const NAMED =
  /^(?:(?:yes|ok|okay|sure|please|but|no|and)\b[\s,]*)*(?:call|name)\s+it\s+["“'‘]?(?<name>[^"”’]{1,80}?)["”'’]?[\s.!]*$/iu
const AT = /^(?:at|to|around|for)\s+/iu
const DAILY = 'every day at '

/**
 * The sentence that asks for a workflow, as a reply to its proposal changes it: "no, at 18:00", "make it every friday",
 * "yes, but call it Homework". Nothing when the reply changes nothing of that kind.
 */
export function amended(request: string, reply: string): string | undefined {
  const [called = ''] = CALLED.exec(request) ?? []
  const asked = request.slice(called.length)
  const name = NAMED.exec(reply.trim())?.groups?.['name']
  if (name !== undefined) return `make a workflow called "${name.trim()}": ${asked}`
  const said = reply
    .trim()
    .replace(LEAD, '')
    .replace(/\s+(?:instead|please|then|only)(?=[\s.!]*$)|[\s.!]+$/giu, '')
  const before = findSchedule(asked)
  if (said === '' || before === undefined || before.problem !== undefined) return undefined
  const whole = all(findSchedule(said))
  const clock = whole === undefined ? all(findSchedule(`${DAILY}${said.replace(AT, '')}`)) : undefined
  const when =
    clock !== undefined
      ? grafted(clock, before)
      : whole?.assumed === true
        ? (grafted(before, whole) ?? said)
        : whole && said
  if (when === undefined) return undefined
  return called + [when, before.before, before.after].filter((part) => part !== '').join(' ')
}

const CALLED = /^make a workflow called "[^"]*": /u

/** A schedule that is all of what was said. */
function all(found: FoundSchedule | undefined): FoundSchedule | undefined {
  return found !== undefined && found.problem === undefined && found.before === '' && found.after === ''
    ? found
    : undefined
}

/** The time of the one on the days of the other, in words. */
function grafted(time: FoundSchedule, days: FoundSchedule): string | undefined {
  const [at, on] = [time.conditions['cron'], days.conditions['cron']]
  if (typeof at !== 'string' || typeof on !== 'string') return undefined
  const cron = [...at.split(' ').slice(0, 2), ...on.split(' ').slice(2)].join(' ')
  return sayTrigger({ type: 'schedule', conditions: { cron } }, new Map())
}
