import { toForm } from '../../kernel/unicode.ts'
import { Fault } from '../../kernel/fault.ts'

/** How the system itself is called: it is no row, and nobody else is to be taken for it. */
export const SYSTEM = 'System'

/** Scripts whose letters pass for each other's. A name in one of them can be read; in two of them it is a disguise. */
const LOOKALIKE: readonly (readonly [script: string, letter: RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Lisu', /\p{Script=Lisu}/u],
]

/** Controls, what turns the direction of writing, what ends a line, and what nobody sees; U+2800 is empty Braille. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
/** What is hidden but belongs to how something is written: it makes one picture of several, or a picture of a sign. */
const PICTURE_JOINERS =
  /(?<=\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)\u200D(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\uFE0F|(?<=[\d#*])\uFE0F(?=\u20E3)/gu
/** The same for words of scripts whose letters join: Persian has no other way to write many of its words. */
const LETTER_JOINERS =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}])[\u200C\u200D](?=[\p{L}\p{M}])/gu

/**
 * Letters of other scripts, each above the Latin letter that it passes for; small ones that are drawn like small
 * capitals count as those, because case tells names apart for nobody. Only pairs that a reader misses are here, a small
 * part of Unicode's own table (UTS #39, `confusables.txt`).
 */
const PASSES_FOR = letters([
  // Cyrillic, capitals and small letters.
  ['АВЕЅІӀЈКМНОРСТУҮХԌԚԜѴҺ', 'ABESIlJKMHOPCTYYXGQWVh'],
  ['авеѕіӏјкмнорстуүхԍԛԝѵһԁгпь', 'abesiljkmhopctyyxgqwvhdrnb'],
  // Greek, capitals and small letters.
  ['ΑΒΕΖΗΙͿΚΜΝΟΡΤΥΧϹ', 'ABEZHIJKMNOPTYXC'],
  ['αγεηικνοϲρστυχωϳ', 'ayenikvocpotuxwj'],
  // Latin letters of phonetic writing.
  ['ɑɡɩ', 'agi'],
])

/** What is wrong with a name: a sentence, and what of it an issue says. */
interface Flaw {
  text: string
  message: string
}

/** @throws Fault `AGENT_CONFIG_INVALID` for a name that nobody can see, or that looks like what it is not. */
export function cleanName(name: string): string {
  const flaw = flawOf(name)
  if (flaw === undefined) return name.trim()
  const { text, message } = flaw
  throw new Fault('AGENT_CONFIG_INVALID', text, { field: 'name', issues: [{ path: '/name', message }] })
}

/** Why nothing can be called so: nobody can see it, or it looks like what it is not. */
export function flawOf(name: string): Flaw | undefined {
  const cleaned = name.trim()
  if (!/[\p{L}\p{N}]/u.test(cleaned))
    return { text: 'A name needs a letter or digit.', message: 'needs a letter or digit' }
  if (HIDDEN.test(cleaned.replaceAll(PICTURE_JOINERS, '').replaceAll(LETTER_JOINERS, ''))) {
    const message = 'has control or invisible characters'
    return { text: 'A name has no control or invisible characters.', message }
  }
  const scripts = scriptsOf(cleaned)
  if (scripts.length < 2) return undefined
  const message = `mixes ${scripts.join(' and ')} letters`
  const text = `The name ${message}, which pass for each other: write it in one of these scripts.`
  return { text, message }
}

/** Names are the same when they look and sound the same, whatever their case, width and invisible characters. */
export function keyOf(name: string): string {
  const visible = toForm(name, 'NFKC').replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
  // Upper case first: that makes one of letters that lower case keeps apart, as Unicode's case folding does.
  return visible.toUpperCase().toLowerCase().normalize('NFKC').replaceAll(/\s+/g, ' ').trim()
}

/** Tells which names are taken for this one: they have its key, or have it once their letters are read as Latin ones. */
export function likenessTo(name: string): (other: string) => boolean {
  const [key, skeleton] = [keyOf(name), skeletonOf(name)]
  return (other) => keyOf(other) === key || skeletonOf(other) === skeleton
}

const UNDER_TWENTY =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** The number of an agent that a name is taken for when it is said: "2", "Agent 2", "the agent number twenty-one". */
export function numberIn(name: string): number | undefined {
  const {
    lead = '',
    digits,
    words,
  } = /^(?:the )?(?<lead>(?:agent )?(?:number |no\.? ?|#)?)(?:(?<digits>\d{1,4})|(?<words>[a-z]+(?:[ -][a-z]+)?))$/u.exec(
    keyOf(name),
  )?.groups ?? {}
  if (digits !== undefined) return Number(digits)
  if (lead === '' || words === undefined) return undefined
  const [first = '', second] = words.split(/[ -]/u)
  const ten = TENS.indexOf(first)
  const unit = UNDER_TWENTY.indexOf(second ?? first)
  if (second === undefined && ten < 0) return unit < 0 ? undefined : unit
  if (ten < 0) return undefined
  if (second === undefined) return 20 + 10 * ten
  return unit > 0 && unit < 10 ? 20 + 10 * ten + unit : undefined
}

function skeletonOf(name: string): string {
  // Some letters are in the table as they are written, others once their accents are apart.
  return keyOf(readAsLatin(readAsLatin(name).normalize('NFKD')))
}

function readAsLatin(text: string): string {
  return Array.from(text, (character) => PASSES_FOR.get(character) ?? character).join('')
}

/** Letters alone: `№` and `™` are signs of every script, although their compatible forms are Latin letters. */
function scriptsOf(name: string): string[] {
  const written = (name.match(/\p{L}/gu) ?? []).join('').normalize('NFKC')
  return LOOKALIKE.filter(([, letter]) => letter.test(written)).map(([script]) => script)
}

function letters(rows: readonly (readonly [from: string, to: string])[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap(([from, to]) => Array.from(from, (letter, index) => [letter, to.charAt(index)] as const)),
  )
}
