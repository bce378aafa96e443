import { readPhrase } from './phrase.ts'
import type { Node } from './phrase.ts'

/** What can be said in a slot, by its type: phrases, likelier ones as often as they are likelier. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  digit: ['(one|two|three|four|five|six|seven|eight|nine)'],
  teen: ['(ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)'],
  tens: ['(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)'],
  small: ['{d:digit}', '{d:digit}', '{t:teen}', '{t:tens} [{d:digit}]'],
  number: [
    '{s:small}',
    '{s:small}',
    '{s:small}',
    '(a|one|two|three|five) hundred [[and] {s:small}]',
    '{s:small} point {d:digit}',
  ],
  hour: ['(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)'],
  minute: [
    '(thirty|fifteen|forty five|ten|twenty|forty|fifty)',
    '(oh|o) {d:digit}',
    '{t:tens} {d:digit}',
    '{t:teen}',
  ],
  half: ['(a m|p m)', '(a m|p m)', 'in the (morning|afternoon|evening)', 'at night'],
  clock: [
    '{h:hour}',
    '{h:hour} {p:half}',
    "{h:hour} (o'clock|o clock)",
    '{h:hour} {m:minute} [{p:half}]',
    'half past {h:hour}',
    '[a] (quarter|five|ten|twenty) (past|to) {h:hour}',
    '(noon|midnight)',
  ],
  weekday: ['(monday|tuesday|wednesday|thursday|friday|saturday|sunday)'],
  month: ['(january|february|march|april|may|june|july|august|september|october|november|december)'],
  ordinal: [
    '(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth)',
    '(sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty first|twenty second|twenty third|twenty fourth|twenty fifth)',
    '(twenty sixth|twenty seventh|twenty eighth|twenty ninth|thirtieth|thirty first)',
  ],
  part: ['(morning|afternoon|evening|night)'],
  day: [
    '(today|tonight|tomorrow)',
    '(tomorrow|today|this) {p:part}',
    '[on|next|this] {w:weekday} [{p:part}]',
    '[on] {w:weekday}',
    '[on] the {o:ordinal} [of {m:month}]',
    '[on] {m:month} [the] {o:ordinal}',
    'the day after tomorrow',
    'next (week|month|year)',
    '[this|next|at the] weekend',
  ],
  time: [
    '{c:clock}',
    '{c:clock}',
    '{d:day}',
    '{d:day} [at] {c:clock}',
    '{d:day} at {c:clock}',
    '{c:clock} {d:day}',
    'in {d:duration}',
  ],
  amount: ['{s:small}', '{s:small}', '(a|one) hundred'],
  duration: [
    '(a|one) (second|minute|day|week|month|year)',
    '(an|one) hour [and a half]',
    '[half] an hour',
    '{a:amount} (seconds|minutes|minutes|minutes|hours|hours|days|weeks|months)',
    '{a:amount} (minutes|hours)',
    '(one|two|three|four) and a half (minutes|hours)',
    '(one|two|three) (hour|hours) [and] {s:small} minutes',
    'a (couple of|few) (minutes|hours|days)',
    '(a|three) (quarter|quarters) of an hour',
  ],
  period: [
    '(today|yesterday|tonight|tomorrow)',
    '(this|last) (week|month|year|weekend|morning|night)',
    'since (yesterday|{w:weekday})',
    '[on|last] {w:weekday}',
    '(in the|over the|the) (last|past) {s:small} (days|hours|weeks)',
  ],
  priority: ['(low|normal|medium|high|urgent|highest|lowest|top)'],
  agent: ['agent {s:small}', 'number {d:digit}'],
  unit: [
    '(meters|metres|kilometers|miles|feet|inches|grams|kilos|kilograms|pounds|ounces|liters|litres|cups|degrees|celsius|fahrenheit|euros|dollars)',
  ],
  quantity: ['{n:number} {u:unit}'],
  aggregation: ['(sum|total|average|mean|count|number|maximum|minimum|highest|lowest|median)'],
}

/** Names that a slot may hold besides the ones that its user has given: lists have names of their own. */
const COMMON_NAMES: Readonly<Record<string, readonly string[]>> = {
  name: [
    'shopping',
    'grocery',
    'to do',
    'packing',
    'work',
    'home',
    'tea',
    'pasta',
    'egg',
    'pizza',
    'laundry',
  ],
  title: ['shopping', 'grocery', 'groceries', 'to do', 'task', 'packing', 'work', 'home', 'wish', 'reading'],
}

/** Types that take words of any kind, besides the names that they have. */
const FREE = new Set([
  'text',
  'items',
  'action',
  'word',
  'expression',
  'passage',
  'name',
  'title',
  'address',
  'workflow',
  'data',
  'table',
])

/** Names of one type beyond these are left out: what is compiled stays bounded. */
const NAMES_MAX = 500

/** What may be said in slots. */
export interface Classes {
  /** Ways to fill a slot of this type; none when any words may stand there and no name is known. */
  of(type: string): readonly Node[]
  /** Whether words that nobody foresaw may stand there too. */
  isFree(type: string): boolean
}

/** The classes that everybody has, and those of somebody's own names. */
export function classesOf(names: Readonly<Record<string, readonly string[]>>): Classes {
  const found = new Map<string, readonly Node[]>()
  function of(type: string): readonly Node[] {
    return found.getOrInsertComputed(type, () => {
      const own = Object.hasOwn(names, type) ? (names[type] ?? []) : []
      // A name is words alone: brackets in it are no syntax.
      const plain = own.slice(0, NAMES_MAX).map((name) => name.replaceAll(/[{}[\]()|]/gu, ' '))
      const built_in = Object.hasOwn(CLASSES, type) ? (CLASSES[type] ?? []) : []
      const common = Object.hasOwn(COMMON_NAMES, type) ? (COMMON_NAMES[type] ?? []) : []
      return [...plain, ...built_in, ...common]
        .flatMap((phrase) => readPhrase(phrase) ?? [])
        .filter((node) => node.kind !== 'all' || node.nodes.length > 0)
    })
  }
  return {
    of,
    isFree: (type) => FREE.has(type) || of(type).length === 0,
  }
}
