import { fewMarks, hasManyMarks, isForm, toForm } from '../../../../kernel/unicode.ts'
import { toInteger, toText } from '../coerce.ts'
import { Stop } from '../place.ts'
import type { Call, Method } from './call.ts'

/** What a text can do. Each is JavaScript's own, on a text and on arguments that are plain already. */
export const STRING_METHODS: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ['at', (text, { values, budget }) => text.at(toInteger(values[0], budget))],
  ['charAt', (text, { values, budget }) => text.charAt(toInteger(values[0], budget))],
  ['charCodeAt', (text, { values, budget }) => text.charCodeAt(toInteger(values[0], budget))],
  ['codePointAt', (text, { values, budget }) => text.codePointAt(toInteger(values[0], budget))],
  ['concat', concat],
  ['includes', finding((text, sought, from) => text.includes(sought, from))],
  ['startsWith', startsWith],
  ['endsWith', endsWith],
  ['indexOf', finding((text, sought, from) => text.indexOf(sought, from))],
  ['lastIndexOf', finding((text, sought) => text.lastIndexOf(sought))],
  ['localeCompare', localeCompare],
  ['normalize', normalize],
  ['padEnd', padding((text, length, fill) => text.padEnd(length, fill))],
  ['padStart', padding((text, length, fill) => text.padStart(length, fill))],
  ['repeat', repeat],
  ['replace', (text, call) => replace(text, call, false)],
  ['replaceAll', (text, call) => replace(text, call, true)],
  ['slice', cutting((text, from, to) => text.slice(from, to))],
  ['split', split],
  ['substring', cutting((text, from, to) => text.substring(from, to))],
  ['toLowerCase', changing((text) => text.toLowerCase())],
  ['toString', (text) => text],
  ['toUpperCase', changing((text) => text.toUpperCase())],
  ['trim', changing((text) => text.trim())],
  ['trimEnd', changing((text) => text.trimEnd())],
  ['trimStart', changing((text) => text.trimStart())],
])

let collator: Intl.Collator | undefined

/** Characters by which texts are put in order as dictionaries do: nothing interrupts it, and some are dear. */
const COMPARED_MAX = 4_096

/** The order of dictionaries, the same on every machine. Texts that begin alike for long are in that of their units. */
function localeCompare(text: string, { values, budget }: Call): number {
  const other = toText(values[0], budget)
  const [one, two] = [text, other].map((whole) => whole.slice(0, COMPARED_MAX)) as [string, string]
  // Such a comparison costs about as much as a search for a text of 64 characters.
  budget.spend(Math.floor((one.length + two.length) / 128))
  collator ??= new Intl.Collator('en')
  const order = collator.compare(fewMarks(one), fewMarks(two))
  if (order !== 0 || (one === text && two === other)) return order
  budget.scan(text.length + other.length)
  return text === other ? 0 : text < other ? -1 : 1
}

function changing(change: (text: string) => string): Method<string> {
  return (text, { budget }) => {
    budget.text(text.length)
    const changed = change(text)
    // Some letters become two or three in the other case.
    if (changed.length > text.length) budget.text(changed.length)
    return changed
  }
}

function cutting(cut: (text: string, from: number, to: number | undefined) => string): Method<string> {
  return (text, { values: [from, to], budget }) => {
    const part = cut(text, toInteger(from, budget), to === undefined ? undefined : toInteger(to, budget))
    budget.text(part.length)
    return part
  }
}

function finding(find: (text: string, sought: string, from: number) => boolean | number): Method<string> {
  return (text, { values: [value, from], budget }) => {
    const sought = toText(value, budget)
    budget.search(text, sought)
    return find(text, sought, toInteger(from, budget))
  }
}

function startsWith(text: string, { values: [value, from], budget }: Call): boolean {
  const sought = toText(value, budget)
  budget.scan(sought.length)
  return text.startsWith(sought, toInteger(from, budget))
}

function endsWith(text: string, { values: [value, end], budget }: Call): boolean {
  const sought = toText(value, budget)
  budget.scan(sought.length)
  return text.endsWith(sought, end === undefined ? undefined : toInteger(end, budget))
}

function concat(text: string, { values, budget }: Call): string {
  const texts = values.map((value) => toText(value, budget))
  budget.text(texts.reduce((sum, { length }) => sum + length, text.length))
  return text + texts.join('')
}

function padding(pad: (text: string, length: number, fill: string) => string): Method<string> {
  return (text, { values: [value, fill], budget }) => {
    const length = toInteger(value, budget)
    const filler = fill === undefined ? ' ' : toText(fill, budget)
    budget.text(filler === '' ? text.length : Math.max(text.length, length))
    return pad(text, length, filler)
  }
}

function repeat(text: string, { values: [value], budget }: Call): string {
  const count = toInteger(value, budget)
  if (count < 0 || count === Infinity) throw new Stop(`A text cannot be repeated ${count} times.`)
  if (text === '') return ''
  budget.text(text.length * count)
  return text.repeat(count)
}

/** Letters beyond those of Europe: some of them are put together from many. */
const DEAR = /[^\0-\u058f]/u

function normalize(text: string, { values: [value], budget }: Call): string {
  const form = value === undefined ? 'NFC' : toText(value, budget)
  if (!isForm(form)) throw new Stop('A text is normalized to NFC, NFD, NFKC or NFKD.')
  budget.spend(Math.floor(text.length / (hasManyMarks(text) ? 8 : DEAR.test(text) ? 16 : 128)))
  // One character can become eighteen.
  budget.text(text.length)
  const normal = toForm(text, form)
  if (normal.length > text.length) budget.text(normal.length)
  return normal
}

function replace(text: string, { values, budget }: Call, all: boolean): string {
  const sought = toText(values[0], budget)
  const replacement = toText(values[1], budget)
  budget.search(text, sought)
  const count = all ? countOf(text, sought) : Number(text.includes(sought))
  // What stands for the match or for what is around it may be as long as the whole text.
  const around = replacement.match(/\$[&`']/g)?.length ?? 0
  budget.text(text.length + count * (replacement.length - sought.length + around * text.length))
  return all ? text.replaceAll(sought, replacement) : text.replace(sought, replacement)
}

function countOf(text: string, sought: string): number {
  if (sought === '') return text.length + 1
  let count = 0
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + sought.length)) count += 1
  return count
}

function split(text: string, { values: [separator, limit], budget }: Call): string[] {
  const count = limit === undefined ? undefined : toInteger(limit, budget) >>> 0
  if (separator === undefined) return count === 0 ? [] : [text]
  const sought = toText(separator, budget)
  budget.search(text, sought)
  const items = sought === '' ? text.length : countOf(text, sought) + 1
  budget.items(Math.min(items, count ?? items))
  budget.scan(text.length)
  return text.split(sought, count)
}
