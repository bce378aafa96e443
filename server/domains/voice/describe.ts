import type { Meaning } from '../language/catalogue.ts'
import { sayWhen } from '../workflows/spoken/say.ts'

/** When and where something is said. `now` in epoch milliseconds. */
export interface Around {
  now: number
  time_zone: string
}

const CHARACTERS_MAX = 200
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/u
const DAY = /^\d{4}-\d\d-\d\d$/u

/** What would be done, in words: "ask Tasks & Lists to put things on a list: milk, eggs". */
export function describe(
  { agent_number, agent_name, name, action }: Meaning,
  parameters: Readonly<Record<string, unknown>>,
  around: Around,
): string {
  const order = orderOf(action.summary) ?? name.replaceAll('_', ' ')
  const who = agent_number === 0 ? '' : `ask ${agent_name} to `
  // Of what is moved within its day the time alone was said.
  const { clock_alone, ...told } = parameters
  const values = Object.entries(told)
    // That a list is new follows from its name.
    .filter(([parameter]) => parameter !== 'create' || !('list' in told))
    .map(([parameter, value]) => said(parameter, value, around))
    .map((value) => (clock_alone === undefined ? value : value.replace(/^.* (?=at \d\d:\d\d$)/u, '')))
    .filter((value) => value !== '')
    .join(', ')
  return `${who}${order}${values === '' ? '' : `: ${values.slice(0, CHARACTERS_MAX)}`}`
}

/** "Puts things on a list: your to do list unless you say which." as an order: "put things on a list". */
function orderOf(summary: string): string | undefined {
  const [first = ''] = summary.split(/[.,:;]/u)
  const found = /^(?<verb>[A-Z][a-z]+s)(?<rest> .*)$/u.exec(first)?.groups
  if (found === undefined) return undefined
  const verb = (found['verb'] ?? '').toLowerCase()
  return `${verb.replace(/(?<=(?:ch|sh|ss|x|z|do|go))es$|s$/u, '')}${found['rest']}`
}

function said(parameter: string, value: unknown, { now, time_zone }: Around): string {
  if (value === true) return parameter.replaceAll('_', ' ')
  if (Array.isArray(value)) return value.map(String).join(', ')
  if (typeof value === 'object' && value !== null) return ''
  const text = String(value)
  if (MOMENT.test(text)) return sayWhen(text, { now, time_zone })
  if (DAY.test(text)) return sayDay(text, now, time_zone)
  if (parameter === 'seconds' || parameter === 'in_seconds') return sayLength(Number(value))
  return text
}

function sayDay(day: string, now: number, timeZone: string): string {
  const at = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: '12:00' }).epochMilliseconds
  return sayWhen(at, { now, time_zone: timeZone }).replace(/ at \d\d:\d\d$/u, '')
}

function sayLength(seconds: number): string {
  const [unit, size] =
    seconds % 3_600 === 0
      ? (['hour', 3_600] as const)
      : seconds % 60 === 0
        ? (['minute', 60] as const)
        : (['second', 1] as const)
  const count = seconds / size
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`
}
