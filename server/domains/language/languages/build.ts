import type { Utterance } from '../normalise.ts'
import type { Manners } from './hearing.ts'
import { hearAs } from './hearing.ts'
import type { Rule } from './rewrite.ts'
import { rewrite } from './rewrite.ts'
import type { Tongue } from './tongue.ts'

/** What makes a language: its words, its grammars of closed values, and its names for what everybody has. */
export interface Grammar {
  readonly code: Tongue['code']
  readonly keyOf: (word: string) => string
  readonly manners: Manners
  /** A text in small letters without marks, numbers in digits. */
  readonly lineOf: (text: string) => string
  readonly readNumber: (text: string) => number | undefined
  readonly times: readonly Rule[]
  readonly lengths: readonly Rule[]
  readonly arithmetic: readonly Rule[]
  /** Arithmetic that names what it does first: there "and" only parts the numbers. */
  readonly gathering: RegExp
  /** What stands between the things of a list. */
  readonly parting: RegExp
  /** With these words begins no thing, but the rest of some other sentence. */
  readonly no_item: RegExp
  /** What may stand before a thing and is no part of its name. */
  readonly article: RegExp
  /** Words that are no part of a name. */
  readonly no_name: RegExp
  /** Names in English, by type of slot and by name in small letters without marks. */
  readonly names: Readonly<Record<string, ReadonlyMap<string, string>>>
  /** The name of a list as it is kept; `undefined` where the text names none. */
  readonly listNamed: (text: string) => string | undefined
  /** An order for a summary of what somebody has, which is `of`. */
  readonly summary: RegExp
  /** What reserves an order: "aber frag mich vorher". */
  readonly reserved: RegExp
  /** Words that make the opposite of an order, or of a part of it. */
  readonly negated: RegExp
  /** What the name of something in a calendar looks like. */
  readonly event: RegExp
  readonly lead: RegExp
  /** What tells the half of the day that is meant. */
  readonly leans: readonly (readonly [RegExp, string])[]
}

/** No closed value is longer. */
const CHARACTERS_MAX = 300
const ITEMS_MAX = 501

/** Makes a language of its grammar. */
export function makeTongue(grammar: Grammar): Tongue {
  const { code, keyOf, manners, lineOf, readNumber, lead, leans } = grammar
  return {
    code,
    keyOf,
    hear: (utterance: Utterance) => hearAs(utterance, keyOf, manners),
    say: (slot_type, text) => sayIn(grammar, slot_type, text),
    part: (text) => partsOf(text, grammar),
    sumUp: (order) => summaryIn(order, grammar),
    unreserved: (order) => order.replace(grammar.reserved, ''),
    isNegated: (order) => grammar.negated.test(order),
    lean: (sentence) => leans.find(([pattern]) => pattern.test(lineOf(sentence)))?.[1] ?? '',
    lead,
    readNumber,
  }
}

function sayIn(grammar: Grammar, slot_type: string, text: string): string | undefined {
  const { lineOf, times, lengths, readNumber, listNamed } = grammar
  switch (slot_type) {
    case 'items':
      return itemsIn(text, grammar)
    case 'list':
      return listNamed(text)
    case 'event':
      return grammar.event.test(text.trim()) ? text : undefined
    case 'name':
    case 'title':
      return listNamed(text) ?? nameIn(text, grammar)
    case 'expression':
      return text.length > CHARACTERS_MAX ? undefined : arithmeticIn(text, grammar)
    case 'time':
    case 'period':
      return text.length > CHARACTERS_MAX ? undefined : rewrite(lineOf(text), times)
    case 'duration':
      return text.length > CHARACTERS_MAX ? undefined : rewrite(lineOf(text), lengths)
    case 'number':
      return asDigits(readNumber(text))
    case 'amount':
      return asDigits(readNumber(text)) ?? named(text, slot_type, grammar) ?? clockIn(text, grammar) ?? text
    case 'agent':
    case 'agent_name':
      return agentIn(text, grammar)
    case 'unit':
    case 'priority':
    case 'aggregation':
      return named(text, slot_type, grammar) ?? text
    default:
      return text
  }
}

function asDigits(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function named(text: string, slot_type: string, { names, lineOf }: Grammar): string | undefined {
  return text.length > CHARACTERS_MAX ? undefined : names[slot_type]?.get(lineOf(text))
}

function clockIn(text: string, { lineOf, times }: Grammar): string | undefined {
  const said = text.length > CHARACTERS_MAX ? undefined : rewrite(lineOf(text), times)
  return said === undefined ? undefined : /^(?:at )?(\d{1,2}:\d\d)$/u.exec(said)?.[1]
}

function arithmeticIn(text: string, { lineOf, arithmetic, gathering }: Grammar): string | undefined {
  // Commas between numbers part them like "and".
  const line = lineOf(text.replaceAll(/(?<=\d),(?=\s)/gu, ' & '))
  const said = rewrite(line, arithmetic)
  return said?.replaceAll(' & ', gathering.test(line) ? ' and ' : ' plus ')
}

/** Things one after the other with semicolons between them, quoted where they have a word in them that would part them. */
function itemsIn(text: string, { parting, no_item, article }: Grammar): string | undefined {
  if (text.trim() === '' || no_item.test(text.trim())) return undefined
  return text
    .replaceAll(/\s{2,}/gu, ' ')
    .split(parting, ITEMS_MAX)
    .map((item) => item.trim().replace(article, ''))
    .filter((item) => item !== '')
    .map((item) => (/[,&]|\b(?:and|plus)\b/iu.test(item) && !item.includes('"') ? `"${item}"` : item))
    .join('; ')
}

function partsOf(text: string, { parting }: Grammar): string[] {
  return text.split(parting, ITEMS_MAX)
}

/** "mach mir eine Übersicht aus Notizen und Terminen" is a briefing from notes and calendar. */
function summaryIn(order: string, grammar: Grammar): string | undefined {
  const of = grammar.summary.exec(order)?.groups?.['of']
  if (of === undefined || of.length > CHARACTERS_MAX) return undefined
  const sources = partsOf(of, grammar).map((one) =>
    grammar.names['source']?.get(grammar.lineOf(one.replace(grammar.article, ''))),
  )
  return sources.includes(undefined) ? undefined : `make a briefing from ${sources.join(' and ')}`
}

function nameIn(text: string, { article, no_name }: Grammar): string | undefined {
  const name = text.trim().replace(article, '')
  return name === '' || no_name.test(name) ? undefined : name
}

/** "der Agent drei" is agent 3, and an agent that everybody has goes by its name. */
function agentIn(text: string, { lead, lineOf, names }: Grammar): string | undefined {
  if (text.length > CHARACTERS_MAX) return undefined
  const bare = text.trim().replace(lead, '')
  const line = lineOf(bare)
  return names['agent']?.get(line) ?? (/^\d+$/u.test(line) ? line : bare)
}
