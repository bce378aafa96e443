import { ActionError } from '../../skill.ts'
import { cell, columnNamed, findColumn, numberIn, wordsIn } from './rows.ts'
import type { Row } from './rows.ts'

const CHARACTERS_MAX = 1000
const DEPTH_MAX = 20
/** A plural ending, and space around the name. */
const NAME_SLACK = 3

export type Test = (row: Row) => boolean

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'starts' | 'ends'

/** How comparisons are written or said; the first one that matches counts, so longer ones come first. */
const OPERATORS: readonly (readonly [RegExp, Operator])[] = [
  [
    /(?:is )?(?:greater|more|larger|bigger|higher|later) than or equal to\b|(?:is )?at least\b|(?:>=|≥|=>)/y,
    '>=',
  ],
  [/(?:is )?(?:less|smaller|lower|fewer|earlier) than or equal to\b|(?:is )?at most\b|(?:<=|≤|=<)/y, '<='],
  [
    /(?:is |are )?(?:greater|more|larger|bigger|higher|later|older) than\b|(?:is |are )?(?:over|above|after)\b|>(?!=)/y,
    '>',
  ],
  [
    /(?:is |are )?(?:less|smaller|lower|fewer|earlier|younger) than\b|(?:is |are )?(?:under|below|before)\b|<(?![=>])/y,
    '<',
  ],
  [/(?:is|are|does) not (?:equal(?: to)?\b)?|isn't\b|(?:!==?|<>|≠)/y, '!='],
  [/(?:contains|includes)\b/y, 'contains'],
  [/(?:starts|begins) with\b/y, 'starts'],
  [/ends (?:with|in)\b/y, 'ends'],
  [/(?:is equal to|equals|equal to|is|are|was)\b|={1,3}/y, '='],
]
const BETWEEN = /(?:is )?between\b/y
const EMPTY = /(?:is|are) (not )?(?:empty|missing|blank|null)\b/y
const QUOTED = /"([^"]*)"|'([^']*)'|“([^”]*)”|‘([^’]*)’/y
const WORD = /[^\s()]+/y

/**
 * A test for rows, from equalities `{city: "Berlin"}` or a sentence such as `age > 30 and city = Berlin`.
 *
 * @throws ActionError when the sentence cannot be read or names a column that does not exist.
 */
export function testOf(where: string | Row, columns: readonly string[]): Test {
  if (typeof where === 'string') return parse(where, columns)
  const tests = Object.entries(where).map(([name, wanted]) =>
    comparison(columnNamed(columns, name), '=', wanted),
  )
  return (row) => tests.every((test) => test(row))
}

interface Reader {
  text: string
  at: number
  depth: number
  columns: readonly string[]
}

function parse(where: string, columns: readonly string[]): Test {
  if (where.length > CHARACTERS_MAX) throw new ActionError('A condition has at most 1,000 characters.')
  const text = where
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(?:where|with|whose|when) /i, '')
  const reader: Reader = { text, at: 0, depth: 0, columns }
  const test = readOr(reader)
  if (reader.at < text.length) throw lost(reader)
  return test
}

function readOr(reader: Reader): Test {
  const tests = [readAnd(reader)]
  while (accept(reader, /or\b|\|\|/iy) !== undefined) tests.push(readAnd(reader))
  return (row) => tests.some((test) => test(row))
}

function readAnd(reader: Reader): Test {
  const tests = [readTest(reader)]
  while (accept(reader, /and\b|&&|,|but\b/iy) !== undefined) tests.push(readTest(reader))
  return (row) => tests.every((test) => test(row))
}

function readTest(reader: Reader): Test {
  reader.depth += 1
  if (reader.depth > DEPTH_MAX) throw new ActionError('The condition nests too deeply.')
  const test = readNegatable(reader)
  reader.depth -= 1
  return test
}

function readNegatable(reader: Reader): Test {
  if (accept(reader, /not\b|!(?!=)/iy) !== undefined) {
    const test = readTest(reader)
    return (row) => !test(row)
  }
  if (accept(reader, /\(/y) === undefined) return readComparison(reader)
  const test = readOr(reader)
  if (accept(reader, /\)/y) === undefined) throw lost(reader)
  return test
}

function readComparison(reader: Reader): Test {
  const column = readColumn(reader)
  const empty = accept(reader, EMPTY)
  if (empty !== undefined) {
    const isEmpty = !/not/i.test(empty)
    return (row) => (wordsIn(cell(row, column)).trim() === '') === isEmpty
  }
  if (accept(reader, BETWEEN) !== undefined) {
    const least = comparison(column, '>=', readValue(reader))
    if (accept(reader, /and\b/iy) === undefined) throw lost(reader)
    const most = comparison(column, '<=', readValue(reader))
    return (row) => least(row) && most(row)
  }
  for (const [pattern, operator] of OPERATORS)
    if (accept(reader, pattern) !== undefined) return comparison(column, operator, readValue(reader))
  throw lost(reader)
}

/** The longest run of words that names a column. */
function readColumn(reader: Reader): string {
  accept(reader, /the\b/iy)
  const quoted = readQuoted(reader)
  if (quoted !== undefined) return columnNamed(reader.columns, quoted)
  const rest = reader.text.slice(reader.at)
  const longest = reader.columns.reduce((most, column) => Math.max(most, column.length), 0) + NAME_SLACK
  const ends = [...rest.matchAll(/(?=[\s=<>!≠≤≥()]|$)/g)].map((match) => match.index).filter((end) => end > 0)
  for (const end of ends.filter((at) => at <= longest).toReversed()) {
    const column = findColumn(reader.columns, rest.slice(0, end))
    if (column === undefined) continue
    reader.at += end
    return column
  }
  return columnNamed(reader.columns, rest.slice(0, ends[0] ?? 0))
}

function readValue(reader: Reader): string {
  const quoted = readQuoted(reader)
  if (quoted !== undefined) return quoted
  let value = ''
  while (!endsValue(reader, value)) {
    const word = accept(reader, WORD)
    if (word === undefined) break
    value = value === '' ? word : `${value} ${word}`
  }
  if (value === '') throw lost(reader)
  return value
}

/** "and" ends a value if a comparison follows: "name = Tom and Jerry" keeps it, "name = Tom and age > 3" does not. */
function endsValue(reader: Reader, value: string): boolean {
  if (value === '') return false
  const rest = reader.text.slice(reader.at).trimStart()
  const joined = /^(?:and|or|but|&&|\|\|) ?(?:not |the |\()*(.*)$/i.exec(rest)?.[1]
  if (joined === undefined) return rest === '' || rest.startsWith(')')
  const isNumber = numberIn(value) !== undefined
  return isNumber || /["'“(]/.test(joined.slice(0, 1)) || startsWithColumn(joined, reader.columns)
}

function startsWithColumn(text: string, columns: readonly string[]): boolean {
  const words = text.split(/[\s=<>!≠≤≥]+/).slice(0, 6)
  return words.some((_, index) => findColumn(columns, words.slice(0, index + 1).join(' ')) !== undefined)
}

function readQuoted(reader: Reader): string | undefined {
  const quoted = accept(reader, QUOTED)
  return quoted?.slice(1, -1)
}

function accept(reader: Reader, pattern: RegExp): string | undefined {
  const start = reader.at + (reader.text[reader.at] === ' ' ? 1 : 0)
  const insensitive = pattern.flags.includes('i') ? pattern : new RegExp(pattern.source, 'iy')
  insensitive.lastIndex = start
  const match = insensitive.exec(reader.text)?.[0]
  if (match === undefined || match === '') return undefined
  reader.at = start + match.length
  return match
}

function lost(reader: Reader): ActionError {
  const rest = reader.text.slice(reader.at).trim().slice(0, 30)
  return new ActionError(
    rest === '' ? 'The condition ends too early.' : `I do not understand the condition at "${rest}".`,
  )
}

function comparison(column: string, operator: Operator, wanted: unknown): Test {
  const number = typeof wanted === 'boolean' ? undefined : numberIn(wanted)
  const words = wordsIn(wanted).trim().toLowerCase()
  return (row) => {
    const value = cell(row, column)
    const own = number === undefined ? undefined : numberIn(value)
    if (number !== undefined && own !== undefined && !/^[a-z]/.test(operator))
      return holds(operator, own - number)
    const text = wordsIn(value).trim().toLowerCase()
    if (operator === 'contains') return text.includes(words)
    if (operator === 'starts') return text.startsWith(words)
    if (operator === 'ends') return text.endsWith(words)
    // A missing value is unlike anything, but neither smaller nor larger.
    if (text === '' && operator !== '=' && operator !== '!=') return false
    // Numbers and words have no order among each other.
    if (number !== undefined && operator !== '=' && operator !== '!=') return false
    return holds(operator, text === words ? 0 : text < words ? -1 : 1)
  }
}

function holds(operator: Operator, difference: number): boolean {
  if (operator === '=') return difference === 0
  if (operator === '!=') return difference !== 0
  if (operator === '<') return difference < 0
  if (operator === '<=') return difference <= 0
  return operator === '>' ? difference > 0 : difference >= 0
}
