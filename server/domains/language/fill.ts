import type { Action, SlotType } from '../../skills/skill.ts'
import { slotType } from './slots/kinds.ts'
import { readNumber } from './numbers.ts'
import { findDuration, parseDuration } from './slots/duration.ts'
import { parseItems } from './slots/items.ts'
import { findTime, isTime, parseTime } from './slots/time.ts'
import type { FoundTime } from './slots/time.ts'
import type { Capture } from './slots/captured.ts'
import type { Tongue } from './languages/tongue.ts'

/** When and where a sentence is understood, and how slots of the skills' own types are recognised. */
export interface Surroundings {
  now: number
  time_zone: string
  accepts: Accepting
  /** Number of the agent that a text names. */
  agentNamed: (text: string) => number | undefined
  /** Whether a text can name a workflow of the user. */
  isWorkflow?: ((text: string) => boolean) | undefined
  /** The language of the sentence, when it is not English. */
  tongue?: Tongue | undefined
}
/** Recognises values of the slot types that belong to skills. */
export type Accepting = Partial<Record<SlotType, (text: string) => boolean>>

type Parameters = Record<string, unknown>

/**
 * Whether a text can be a value of a slot type: what the matcher of templates asks. A time that no word announces must
 * be a plain one: "read chapter five" is not about five o'clock.
 */
export function acceptsSlot(
  type: string,
  spoken: string,
  { accepts, agentNamed, isWorkflow, tongue }: Surroundings,
  unannounced = false,
): boolean {
  const text = tongue === undefined ? spoken : tongue.say(type, spoken)
  if (text === undefined) return false
  const own = accepts[type as SlotType]
  if (own !== undefined) return own(text)
  switch (type as SlotType) {
    case 'number':
      return readNumber(text) !== undefined
    case 'time':
      return isTime(text, unannounced)
    case 'duration':
      return parseDuration(text) !== undefined
    case 'agent':
      return agentNamed(text) !== undefined
    case 'agent_name':
      return readNumber(text) === undefined && agentNamed(text) !== undefined
    case 'workflow':
      return isWorkflow?.(text) === true
    default:
      return text.trim() !== ''
  }
}

/** Turns what a template captured into parameters; a capture that is not of its type is left out. */
export async function fillCaptures(
  action: Action,
  captures: Readonly<Record<string, Capture>>,
  sentence: string,
  around: Surroundings,
): Promise<Parameters> {
  const parameters: Parameters = {}
  for (const [name, { text }] of Object.entries(captures)) {
    Object.assign(parameters, await read(action, name, text, sentence, around))
  }
  return fitting(action, parameters)
}

/** Finds parameters in a sentence that no template matched: typed ones first, then the words that are left. */
export async function fillSentence(
  action: Action,
  sentence: string,
  around: Surroundings,
): Promise<Parameters> {
  const parameters: Parameters = {}
  const { command, payload } = splitPayload(sentence)
  let rest = command
  const names = Object.keys(action.parameters.properties)
  const of = (type: SlotType) => names.filter((name) => slotType(action, name) === type)
  for (const name of of('time').slice(0, 1)) {
    const { now, time_zone } = around
    const left = rest
    const found = await timeFor(action, name, now, (at) => findTime(left, { now: at, time_zone }))
    if (found === undefined) continue
    Object.assign(parameters, timeParameters(action, name, found, ENDS.test(found.rest) ? '' : left))
    rest = found.rest
  }
  for (const name of of('duration').slice(0, 1)) {
    const found = findDuration(rest)
    if (found === undefined) continue
    parameters[name] = found.seconds
    rest = found.rest
  }
  for (const [name, pattern] of Object.entries(action.mentions ?? {})) {
    const [, value] = pattern.exec(command) ?? []
    if (value !== undefined) Object.assign(parameters, await read(action, name, value, sentence, around))
  }
  const open = names.filter((name) => !(name in parameters) && isWanted(action, name))
  for (const name of open.slice(0, 1)) {
    const text =
      payload ?? (slotType(action, name) === 'passage' ? passageIn(rest) : stripCarrier(rest, action))
    if (text !== '') Object.assign(parameters, await read(action, name, text, sentence, around))
  }
  return fitting(action, parameters)
}

/** Reads a reply to the question for one parameter; a time may come as a duration where the action takes both. */
export async function readReply(
  action: Action,
  name: string,
  text: string,
  around: Surroundings,
): Promise<Parameters | undefined> {
  const found = fitting(action, await read(action, name, text, text, around))
  if (Object.keys(found).length > 0) return found
  for (const other of action.needsOne ?? []) {
    const instead = fitting(action, await read(action, other, text, text, around))
    if (Object.keys(instead).length > 0) return instead
  }
  return undefined
}

/** What was pasted or quoted after the order itself: "summarise this: ..." */
export function splitPayload(sentence: string): { command: string; payload?: string } {
  // The colon of an address parts nothing: "read the feed https://example.org".
  const place = sentence.search(/(?::(?!\/\/)|\n)\s*\S/)
  if (place < 0) return { command: sentence }
  const command = sentence.slice(0, place)
  // A colon within a clock time or late in a long text is part of what is said.
  if (/\d$/.test(command) || command.split(/\s+/).length > COMMAND_WORDS_MAX) return { command: sentence }
  return { command, payload: sentence.slice(place + 1).trim() }
}
const COMMAND_WORDS_MAX = 15

/** A text that is given with what is asked of it, quoted or after it; of a mere question the words are none. */
function passageIn(sentence: string): string {
  const [, quoted] = /["“”«„]([^"“”»«„]+)["“”»]/u.exec(sentence) ?? []
  const [, after = ''] =
    /(?:[?!.]|\s[-–—])\s+(\S.*)$|,\s+(?=\S+\s+\S+\s+\S)(.*)$/su.exec(sentence)?.filter(Boolean) ?? []
  return quoted ?? (/^(?:please|thanks|thank you)\b/iu.test(after) ? '' : after.trim())
}

/** Whether the words that are left belong to this parameter. */
function isWanted(action: Action, name: string): boolean {
  const required = (action.parameters as { required?: readonly string[] }).required ?? []
  const [question] = Object.keys(action.questions ?? {})
  return required.includes(name) || question === name || name === 'query' || name === 'text'
}

async function read(
  action: Action,
  name: string,
  spoken: string,
  sentence: string,
  around: Surroundings,
): Promise<Parameters> {
  const { now, time_zone, tongue } = around
  if (tongue !== undefined) {
    const text = tongue.say(slotType(action, name), spoken)
    const inEnglish = { ...around, tongue: undefined }
    return text === undefined ? {} : read(action, name, text, tongue.lean(sentence), inEnglish)
  }
  const text = spoken
  switch (slotType(action, name)) {
    case 'time': {
      const found = await timeFor(action, name, now, (at) =>
        parseTime(text, { now: at, time_zone, sentence }),
      )
      return found === undefined ? {} : timeParameters(action, name, found, text)
    }
    case 'duration':
      return optional(name, parseDuration(text))
    case 'number':
      return optional(name, readNumber(text))
    case 'items': {
      const items = parseItems(text)
      return items.length === 0 ? {} : { [name]: items }
    }
    case 'agent':
    case 'agent_name':
      return optional(name, around.agentNamed(text))
    case 'expression':
    case 'unit':
    case 'amount':
    case 'data':
    case 'address':
    case 'workflow':
    case 'period':
      return acceptsSlot(slotType(action, name), text, around) ? { [name]: text } : {}
    default:
      return { [name]: text }
  }
}

const DAY_MS = 86_400_000

/**
 * The time that was said. What began lies behind: "since 1 November" is not the next one, although times are read so. An
 * action that takes an end as well looks back itself, with both.
 */
async function timeFor(
  { parameters: { properties } }: Action,
  name: string,
  now: number,
  find: (at: Date) => Promise<FoundTime | undefined>,
): Promise<FoundTime | undefined> {
  const found = await find(new Date(now))
  const isAhead = (time: FoundTime): boolean => Date.parse(time.at) > now
  if (name !== 'since' || 'until' in properties || found === undefined || !isAhead(found)) return found
  for (const days of [1, 7, 366]) {
    const earlier = await find(new Date(now - days * DAY_MS))
    if (earlier !== undefined && !isAhead(earlier)) return earlier
  }
  return found
}

/** What comes again only until then, or only between two times of a day. */
const ENDS =
  /(?:^|(?<!day) )(?:until|till|through)\b|\bfor (?:the )?(?:next |coming )?\S+ (?:days|weeks|months|weekdays)\b| times$|\b(?:twice|thrice)$|\bfrom \d\S*(?: [ap]\.?m\.?)? (?:to|until|till) /iu

/** A part of a day is all of it where a stretch of time is asked about; free time is looked for when people are up. */
const PARTS: Readonly<Record<string, readonly [from: string, to: string]>> = {
  morning: ['08:00', '12:00'],
  afternoon: ['12:00', '18:00'],
  evening: ['18:00', '22:00'],
}
/** What is asked about ends with the time that was said. */
const BEFORE = /(?:^|\s)(?:before|until|till|up to)\s/iu

/** A day without a time stays a day: the action knows when on it. Of several days the last is before `until`. */
function timeParameters(action: Action, name: string, found: FoundTime, said: string): Parameters {
  const { at, date_only, repeat, clock_alone } = found
  if (name === 'day' && 'until' in action.parameters.properties) {
    const stretch = stretchOf(found, said)
    if (stretch !== undefined) return stretch
  }
  const repeats = repeat !== undefined && 'repeat' in action.parameters.properties
  // An end that is not kept is not passed over: the action says that there is none.
  const isKept = 'until' in action.parameters.properties
  const how = ENDS.test(said) || (found.ends !== undefined && !isKept) ? `${repeat} with an end` : repeat
  if (found.span !== undefined && !date_only) {
    const { from, to } = found.span
    if (name === 'from' && 'to' in action.parameters.properties) return { from, to }
    // From when to when it lasts.
    if ('seconds' in action.parameters.properties && !repeats)
      return { [name]: from, seconds: (Date.parse(to) - Date.parse(from)) / 1_000 }
  }
  if (name === 'from' && 'to' in action.parameters.properties && !date_only && BEFORE.test(said))
    return { from: at.slice(0, 10), to: at }
  const isStretch = name === 'from' && 'to' in action.parameters.properties
  const [begins, ends] = (isStretch && PARTS[found.part ?? '']) || []
  if (begins !== undefined && ends !== undefined)
    return { from: `${at.slice(0, 10)}T${begins}`, to: `${at.slice(0, 10)}T${ends}` }
  return {
    [name]: date_only ? at.slice(0, 10) : at,
    ...(repeats ? { repeat: how } : {}),
    ...(repeats && isKept && found.ends !== undefined ? { until: found.ends } : {}),
    ...(clock_alone !== undefined && 'clock_alone' in action.parameters.properties ? { clock_alone } : {}),
  }
}

/** The stretch of time that is asked about, when it is more or less than a day or what is left of it. */
function stretchOf(
  { at, date_only, span, part }: FoundTime,
  said: string,
): { day: string; until: string } | undefined {
  if (date_only) return span && { day: span.from.slice(0, 10), until: span.to.slice(0, 10) }
  if (span !== undefined) return { day: span.from, until: span.to }
  const day = at.slice(0, 10)
  if (BEFORE.test(said)) return { day, until: at }
  if (part === 'morning') return { day, until: `${day}T12:00` }
  return part === 'afternoon' ? { day: `${day}T12:00`, until: `${day}T18:00` } : undefined
}

function optional(name: string, value: unknown): Parameters {
  return value === undefined ? {} : { [name]: value }
}

/** Only parameters that the action has. */
function fitting(action: Action, parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => Object.hasOwn(action.parameters.properties, name)),
  )
}

/** Words that only carry an order: those of the action's own phrases, and the small ones around them. */
const SMALL = new Set(
  `i me my we us you your a an the to of for on in at it that this and so just also can could would will want need like
  please hey ok okay well um uh let lets have get be is are do does did make sure there s m ve ll d not forget with from
  into onto as about up out but what whats which how some any now then here gotta got wanna should must i'd i'm`.split(
    /\s+/,
  ),
)
/** At the end they belong to the verb before them: "lock up". */
const PARTICLES = new Set(['up', 'out', 'off', 'down'])
const ARTICLES = new Set(['a', 'an', 'the', 'my', 'our', 'your', 'his', 'her'])
const carriers = new WeakMap<Action, ReadonlySet<string>>()

/** Words that a time is said with. */
const OF_TIMES =
  /^(?:today|tonight|tomorrow|yesterday|this|next|last|past|since|before|after|until|between|\p{L}*days?|weeks?|weekends?|months?|years?|mornings?|afternoons?|evenings?|nights?|noon|hours?|minutes?|\p{L}+ary|march|april|may|june|july|august|\p{L}+ber)$/u

function wordsIn(phrases: readonly string[]): string[] {
  return phrases.flatMap(
    (phrase) =>
      phrase
        .replaceAll(/\{[^}]*\}/g, ' ')
        .toLowerCase()
        .match(/[\p{L}']+/gu) ?? [],
  )
}

/**
 * Words of a sentence that was only guessed to be for an action, which are in none of the sentences for it and in nothing
 * that was taken from this one: they may say more than is done.
 */
export function unreadIn(sentence: string, action: Action, parameters: Parameters): string[] {
  const known = new Set(
    wordsIn([...action.phrases, ...action.examples, JSON.stringify(parameters)]).flatMap((word) => [
      word,
      word.replace(/s$/u, ''),
    ]),
  )
  const isTimed = Object.values(parameters).some((value) => /^\d{4}-\d\d-\d\d/u.test(String(value)))
  return wordsIn([sentence]).filter(
    (word) =>
      word.length > 2 &&
      ![word, word.replace(/s$/u, '')].some((one) => SMALL.has(one) || known.has(one)) &&
      !(isTimed && OF_TIMES.test(word)),
  )
}

function stripCarrier(text: string, action: Action): string {
  const known = carriers.getOrInsertComputed(action, () => new Set(wordsIn(action.phrases)))
  const carries = (word: string | undefined): boolean => {
    // What is quoted is what is meant, even an article: count the words in "a b c".
    if (/["“”«»]/u.test(word ?? '')) return false
    const key = word?.toLowerCase().replaceAll(/[^\p{L}\p{N}']/gu, '') ?? ''
    return key === '' || SMALL.has(key) || known.has(key)
  }
  const parts = text.trim().split(/\s+/)
  let from = 0
  let to = parts.length
  while (from < to && carries(parts[from])) from += 1
  while (to > from && carries(parts[to - 1]) && !PARTICLES.has(parts[to - 1]?.toLowerCase() ?? '')) to -= 1
  // "Remind me not to smile" is about not smiling.
  if (from < to && /^(?:not|never) to$/i.test(parts.slice(Math.max(0, from - 2), from).join(' '))) from -= 2
  if (from > 0 && from < to && ARTICLES.has(parts[from - 1]?.toLowerCase() ?? '')) from -= 1
  return parts
    .slice(from, to)
    .join(' ')
    .replace(/[.,!?;]+$/, '')
    .replace(/^(?:"([^"]+)"|“([^”]+)”|«([^»]+)»)$/u, '$1$2$3')
}
