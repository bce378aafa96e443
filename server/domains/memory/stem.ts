import { IRREGULAR } from './irregular.ts'

/**
 * The English (Porter2) stemmer, after a table of irregular forms. Words of other languages pass through the same rules
 * on both sides of a search, so that a form always finds itself.
 *
 * @see https://snowballstem.org/algorithms/english/stemmer.html
 */
export function stem(given: string): string {
  const word = IRREGULAR.get(given) ?? given
  if (UNCHANGED.has(word)) return word
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return fold(word)
  const [r1, r2] = regions(word)
  let text = plural(word)
  text = past(text, r1)
  if (text.length > 2 && /[^aeiouy]y$/.test(text)) text = `${text.slice(0, -1)}i`
  text = replaceIn(text, r1, STEP_2)
  text = replaceIn(text, r1, STEP_3)
  if (r2 <= text.length - 5 && text.endsWith('ative')) text = text.slice(0, -5)
  text = derived(text, r2)
  return ending(text, r1, r2)
}

/** Singulars that look like plurals. */
const UNCHANGED = new Set(['news', 'atlas', 'cosmos', 'bias', 'lens', 'gas', 'canvas', 'christmas', 'texas'])

/** A stable form of a word that is not plain English: the plurals and genders that German and Spanish share with it. */
function fold(word: string): string {
  if (word.length < 5 || !/^\p{Script=Latin}+$/u.test(word)) return word
  return word.replace(/(?:es|en|er|s|e|n|a|o)$/, '')
}

/** Where the two regions of a word begin in which suffixes may be taken off. */
function regions(word: string): [number, number] {
  const first = /^(?:gener|commun|arsen|past|univers|later|emerg|organ|inter)/.exec(word)?.[0].length
  const after = (from: number): number => {
    const found = /[aeiouy][^aeiouy]/.exec(word.slice(from))
    return found === null ? word.length : from + found.index + 2
  }
  const r1 = first ?? after(0)
  return [r1, after(r1)]
}

function plural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2)
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1)
  if (/[aeiouy].+s$/.test(word) && !/[us]s$/.test(word)) return word.slice(0, -1)
  return word
}

function past(word: string, r1: number): string {
  const eed = /eed(?:ly)?$/.exec(word)
  if (eed !== null) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word
  const found = /(?:ing|ed)(?:ly)?$/.exec(word)
  if (found === null || !/[aeiouy]/.test(word.slice(0, found.index))) return word
  const rest = word.slice(0, found.index)
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(rest)) return rest.slice(0, -1)
  return r1 >= rest.length && endsShort(rest) ? `${rest}e` : rest
}

function endsShort(word: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouwxy]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word)
}

const pairs = (text: string): [string, string][] =>
  text.split(' ').map((pair) => {
    const [from = '', to = ''] = pair.split('>')
    return [from, to]
  })

/** Suffixes and what takes their place; the longest come first. */
const STEP_2 = pairs(
  'ational>ate ization>ize fulness>ful ousness>ous iveness>ive tional>tion biliti>ble lessli>less entli>ent ation>ate ' +
    'alism>al aliti>al ousli>ous iviti>ive fulli>ful enci>ence anci>ance abli>able izer>ize ator>ate alli>al bli>ble ' +
    'logi>log',
)
const STEP_3 = pairs('ational>ate tional>tion alize>al icate>ic iciti>ic ical>ic ful> ness>')

function replaceIn(word: string, r1: number, suffixes: readonly [string, string][]): string {
  const found = suffixes.find(([from]) => word.endsWith(from))
  if (found !== undefined)
    return word.length - found[0].length >= r1 ? word.slice(0, -found[0].length) + found[1] : word
  const isAdverb = suffixes === STEP_2 && /[cdeghkmnrt]li$/.test(word) && word.length - 2 >= r1
  return isAdverb ? word.slice(0, -2) : word
}

function derived(word: string, r2: number): string {
  const found = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic)$/.exec(word)
  if (found !== null) return found.index >= r2 ? word.slice(0, found.index) : word
  return /[st]ion$/.test(word) && word.length - 3 >= r2 ? word.slice(0, -3) : word
}

function ending(word: string, r1: number, r2: number): string {
  const last = word.length - 1
  if (word.endsWith('e') && (last >= r2 || (last >= r1 && !endsShort(word.slice(0, last)))))
    return word.slice(0, last)
  return word.endsWith('ll') && last >= r2 ? word.slice(0, last) : word
}
