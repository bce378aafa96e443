import { toForm } from '../../kernel/unicode.ts'

/** One word of an utterance. `start` and `end` are offsets in the text it was read from. */
export interface Token {
  readonly key: string
  readonly start: number
  readonly end: number
}

/** What was said, without wake word and politeness; the text is otherwise as the user wrote it. */
export interface Utterance {
  readonly text: string
  readonly tokens: readonly Token[]
}

/** Text beyond this is kept but not read, so that a pasted book cannot hold up the next command. */
export const READ_CHARS_MAX = 20_000
/** Nobody says more in an order: what is longer is dictated or pasted, and only a phrase with a slot for text takes it. */
export const ORDER_CHARS_MAX = 1_000

const PADDING_ROUNDS_MAX = 10

/** A chunk ends at white space, a long dash, and at a comma that is not inside a number. */
const CHUNK = /(?:[^\s\u2014\u2026,;]|(?<=\d),(?=\d))+/gu
const LEADING = /^(?:[-.](?!\d)|['"‘’“”‚„«»‹›()[\]{}¿¡,;:!?…`–_*]|~(?!\/))+/u
const TRAILING = /['"‘’“”‚„«»‹›()[\]{}¿¡.,;:!?…`–_*~-]/u
const HYPHENATED = /^[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)+$/u

/** Control and format characters and blank letters; line ends, tabs and visible Arabic marks are text. */
const INVISIBLE =
  /[[\p{Cc}--[\n\t]][\p{Cf}--[\u200c-\u200d\u0600-\u0605\u06dd\u070f\u08e2]]\u034f\u115f\u1160\u3164\uffa0]/gv

/** Joiners shape emoji and many scripts; between Latin letters they only disguise a word. */
const JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{M}[\p{L}--\p{Script=Latin}]])[\u200c\u200d]|[\u200c\u200d](?![\p{Extended_Pictographic}\p{M}[\p{L}--\p{Script=Latin}]])/gv

const PLAIN = /^[A-Za-z0-9]+$/u
const LATIN = /\p{Script=Latin}/u
const OTHER_SCRIPT = /[\p{L}--[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]]/v

const CONTRACTIONS = new Map<string, readonly [first: string, second: string, split: number]>([
  ["can't", ['can', 'not', 3]],
  ["won't", ['will', 'not', 2]],
  ["shan't", ['shall', 'not', 3]],
  ["ain't", ['is', 'not', 3]],
  ["let's", ['let', 'us', 3]],
  ['cannot', ['can', 'not', 3]],
  ['cant', ['can', 'not', 3]],
  ['dont', ['do', 'not', 2]],
  ['doesnt', ['does', 'not', 4]],
  ['didnt', ['did', 'not', 3]],
  ['isnt', ['is', 'not', 2]],
  ['im', ['i', 'am', 1]],
  ['ive', ['i', 'have', 1]],
  ['whats', ['what', 'is', 4]],
  ['whos', ['who', 'is', 3]],
  ['wheres', ['where', 'is', 5]],
  ['hows', ['how', 'is', 3]],
  ['thats', ['that', 'is', 4]],
  ['wanna', ['want', 'to', 3]],
  ['gonna', ['going', 'to', 3]],
  ['gimme', ['give', 'me', 3]],
  ['lemme', ['let', 'me', 3]],
])

const ENDINGS: readonly (readonly [pattern: RegExp, second: string])[] = [
  [/^\p{L}+n't$/u, 'not'],
  [/^i'm$/u, 'am'],
  [/^\p{L}+'re$/u, 'are'],
  [/^\p{L}+'ve$/u, 'have'],
  [/^\p{L}+'ll$/u, 'will'],
  [/^\p{L}+'d$/u, 'would'],
  // Any other "'s" may be a possessive ("mum's birthday").
  [/^(?:what|who|where|when|why|how|that|there|here|it|he|she)'s$/u, 'is'],
]

const GREETINGS = ['hey', 'hi', 'hello', 'ok', 'okay', 'yo']

/** What is only polite, wherever it is put in. */
const COURTESIES =
  'if you can|if you could|if you would|if you do not mind|if you would not mind|if you like|if possible|if needed|if necessary|when you can|when you have time|when you have a moment|when you get a chance|if that is ok|if that is okay|if that is fine|if that is all right|if it is ok|if it is okay|if it is not too much trouble|before i forget|before i forget it|in case i forget|unless told otherwise'
const COURTEOUS: ReadonlySet<readonly string[]> = new Set(phrases(COURTESIES))
const BEFORE = [
  ...phrases(
    'please|kindly|would you mind|do you mind|could you|can you|would you|will you|i would like you to',
    'i want you to|i need you to|would you be so kind as to|would you be so kind and|pls|plz|hey|ok|okay|um|uh|er',
  ),
  ...COURTEOUS,
]
/** With these an order goes on that is said without a comma: "if you can add milk to my list". */
const ORDERS = new Set(
  'add put set make create remind wake note remember tell show list read start run stop cancel delete remove turn switch rename move'.split(
    ' ',
  ),
)
/** The same between commas, before anything that is dictated. */
const ASIDE = new RegExp(
  `^([^:"“«„]{1,200}?)\\s*[,–—]\\s*(?:${COURTESIES.replaceAll(' is ', "(?:['’]s| is) ").replaceAll(' do not ', " (?:do not|don['’]t) ")})\\s*[,–—]\\s*`,
  'iu',
)
const GERMAN_CLOCK =
  /^(?:\d.*|wie|wieviel|halb|viertel|dreiviertel|punkt|mitternacht|eins?|zwei|drei|vier|f(?:ü|ue|u)nf|sechs|sieben|acht|neun|zehn|elf|zw(?:ö|oe|o)lf)$/u
const THANKS = phrases('thank you very much|thank you so much|thanks a lot|thank you|thanks')
const PLEASE = phrases('please|pls|plz')
/** What is added after a comma, and changes nothing of what is wanted. */
const HEDGES = phrases(
  'i am afraid|i guess|i suppose|i think|i reckon|i believe|will you|would you|why do not you|why do you not',
  COURTESIES,
)

/** After these, a closing "please" or "thanks" is what the user wants said or written. */
const QUOTING = new Set(
  'say says said saying word words write type spell translate called named reply answer a the'.split(' '),
)
const MESSAGING = new Set(
  'say write reply answer message text send tell email translate remember note'.split(' '),
)

/** Removes wake words and polite padding, and cuts the rest into comparable words. */
export function normalise(text: string, wake_words: readonly string[]): Utterance {
  const clean = withoutInvisible(text).trim().replace(ASIDE, '$1 ')
  const tokens = tokenise(clean)
  if (tokens.length === 0) return { text: clean, tokens }
  const wakes = wake_words.map((word) => keysOf(word)).filter((keys) => keys.length > 0)
  const cut = clean.length > READ_CHARS_MAX
  const low = leadingPadding(clean, tokens, wakes)
  const high = cut ? tokens.length : trailingPadding(tokens, low, clean, wakes)
  const whole = low >= high
  const first = whole ? 0 : low
  const start = first === 0 ? 0 : openedFrom(clean, tokens, first)
  const end = cut ? clean.length : closedTo(clean, tokens, whole ? tokens.length : high)
  const kept = clean.slice(start, end)
  return { text: kept, tokens: start === 0 && end === clean.length ? tokens : tokenise(kept) }
}

/** Cuts a text into words as they are compared: both utterances and phrases of agents go through here. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.slice(0, READ_CHARS_MAX).matchAll(CHUNK)) {
    const led = match[0].replace(LEADING, '')
    const inner = withoutEnd(led)
    const start = match.index + match[0].length - led.length
    if (inner !== '') tokens.push(...tokensOf(inner, start))
  }
  return tokens
}

/** Sign by sign from the end: a pattern would begin anew at each of many signs in a row. */
function withoutEnd(word: string): string {
  let end = word.length
  while (end > 0 && TRAILING.test(word[end - 1] ?? '')) end -= 1
  return word.slice(0, end)
}

function tokensOf(word: string, start: number): Token[] {
  if (!HYPHENATED.test(word)) return contracted(word, start)
  const parts: Token[] = []
  let at = start
  for (const part of word.split('-')) {
    parts.push(...contracted(part, at))
    at += part.length + 1
  }
  return parts
}

function contracted(word: string, start: number): Token[] {
  const end = start + word.length
  // Nearly every word is plain, and every sentence and phrase goes through here.
  const plain = PLAIN.test(word)
  // A word of two alphabets is kept as it is: so it can never equal a name it only looks like.
  if (!plain && LATIN.test(word) && OTHER_SCRIPT.test(word)) return [{ key: word, start, end }]
  const key = plain ? word.toLowerCase() : comparable(word)
  const whole = CONTRACTIONS.get(key)
  if (whole !== undefined) return pair(whole[0], whole[1], start, start + whole[2], end)
  if (plain) return [{ key, start, end }]
  for (const [pattern, second] of ENDINGS) {
    if (!pattern.test(key)) continue
    const length = second === 'not' ? key.length - 3 : key.indexOf("'")
    return pair(key.slice(0, length), second, start, start + Math.min(length, word.length), end)
  }
  const dotted = /^(?:\p{L}\.)+\p{L}$/u.test(key)
  const bare = key.replaceAll(dotted ? '.' : /['‘`]/gu, '')
  return bare === '' ? [] : [{ key: bare, start, end }]
}

function comparable(word: string): string {
  const key = toForm(word, 'NFKC').toLowerCase()
  return key.replaceAll(/\u200c|\u200d|\ufe0f/gu, '').replaceAll('’', "'")
}

function pair(first: string, second: string, start: number, middle: number, end: number): Token[] {
  return [
    { key: first, start, end: middle },
    { key: second, start: middle, end },
  ]
}

function withoutInvisible(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(INVISIBLE, '').replaceAll(JOINER, '')
}

function phrases(...lists: string[]): string[][] {
  return lists.flatMap((list) => list.split('|').map((phrase) => phrase.split(' ')))
}

function keysOf(text: string): string[] {
  return tokenise(text).map(({ key }) => key)
}

function leadingPadding(
  text: string,
  tokens: readonly Token[],
  wakes: readonly (readonly string[])[],
): number {
  const greeted = wakes.flatMap((wake) => GREETINGS.map((greeting) => [greeting, ...wake]))
  const paddings = [...greeted, ...wakes, ...BEFORE].toSorted((a, b) => b.length - a.length)
  let low = 0
  for (let round = 0; round < PADDING_ROUNDS_MAX; round += 1) {
    const padding = paddings.find(
      (keys) =>
        matchesAt(tokens, low, keys) &&
        !isClock(keys, tokens[low + 1]) &&
        (!COURTEOUS.has(keys) || endsClause(text, tokens, low + keys.length)),
    )
    if (padding === undefined) return low
    low += padding.length
  }
  return low
}

/** Whether words say all of what they begin, and no condition: "if you can find it" goes on. */
function endsClause(text: string, tokens: readonly Token[], next: number): boolean {
  const [last, first] = [tokens[next - 1], tokens[next]]
  if (last === undefined || first === undefined) return false
  return /[,:–—]/u.test(text.slice(last.end, first.start)) || ORDERS.has(first.key)
}

/** "Um" is no hesitation before a German time of the day: "um acht", "um wie viel Uhr". */
function isClock([first, second]: readonly string[], next: Token | undefined): boolean {
  return first === 'um' && second === undefined && GERMAN_CLOCK.test(next?.key ?? '')
}

function trailingPadding(
  tokens: readonly Token[],
  low: number,
  text: string,
  wakes: readonly (readonly string[])[],
): number {
  let high = tokens.length
  for (let round = 0; round < PADDING_ROUNDS_MAX; round += 1) {
    const length = trailingLength(tokens, high, text, wakes)
    if (length === 0 || high - length < low) return high
    high -= length
  }
  return high
}

function trailingLength(
  tokens: readonly Token[],
  high: number,
  text: string,
  wakes: readonly (readonly string[])[],
): number {
  const ending = (lists: readonly (readonly string[])[]): number =>
    lists.find((keys) => matchesAt(tokens, high - keys.length, keys))?.length ?? 0
  const free = (length: number): boolean => {
    const [first, last] = [tokens[high - length], tokens[high - 1]]
    return length > 0 && first !== undefined && last !== undefined && !isQuoted(text, first, last)
  }
  const please = ending(PLEASE)
  if (free(please)) return QUOTING.has(tokens[high - 2]?.key ?? '') ? 0 : please
  const thanks = ending(THANKS)
  if (free(thanks)) return tokens.slice(0, high).some(({ key }) => MESSAGING.has(key)) ? 0 : thanks
  const afterComma = (length: number): boolean =>
    free(length) && /,\s*$/u.test(text.slice(0, tokens[high - length]?.start))
  const hedge = ending(HEDGES)
  if (afterComma(hedge)) return tokens.slice(0, high).some(({ key }) => MESSAGING.has(key)) ? 0 : hedge
  // Without the comma the wake word is a thing asked about: "tell me about paios".
  const wake = ending(wakes)
  return afterComma(wake) ? wake : 0
}

function matchesAt(tokens: readonly Token[], at: number, keys: readonly string[]): boolean {
  return at >= 0 && keys.every((key, offset) => tokens[at + offset]?.key === key)
}

function isQuoted(text: string, first: Token, last: Token): boolean {
  const quotes = text.slice(0, first.start).match(/["“”«»]/gu)?.length ?? 0
  return quotes % 2 === 1 || /^['"’”»`]/u.test(text.slice(last.end))
}

/** Where the text from this word on begins, an opening bracket or quote before it included. */
function openedFrom(text: string, tokens: readonly Token[], first: number): number {
  const start = tokens[first]?.start ?? 0
  const floor = tokens[first - 1]?.end ?? 0
  const opening = /[^\s\u2014\u2026,;.:!?]*$/u.exec(text.slice(floor, start))?.[0] ?? ''
  return start - opening.length
}

/** Where the text up to this word ends, without closing punctuation that carries no meaning. */
function closedTo(text: string, tokens: readonly Token[], high: number): number {
  const end = tokens[high - 1]?.end ?? text.length
  const tail = /^\S*/u.exec(text.slice(end, tokens[high]?.start ?? text.length))?.[0] ?? ''
  const said = text.slice(0, end)
  if (tail.startsWith('.') && /(?:^|\s)(?:\p{L}\.)+\p{L}$/u.test(said.slice(-20))) return end + 1
  if (tail.startsWith('!') && /\d$/u.test(said)) return end + 1
  return end + tail.replace(/[.?!,;:…\u2014]+$/u, '').length
}
