/** Things of a list that are named, and characters of each: a notification has 2,000 and is read at a glance. */
const NAMED_MAX = 5
const CHARACTERS_MAX = 80

/** How a list is told. */
interface Listing {
  /** What is said of an empty one. */
  none: string
  /** What goes before a single thing. */
  one: string
  /** What goes between the number of things and the things. */
  many: string
  /** An expression for a thing, which is called `one`. */
  item: string
  between?: string
}

/** An expression for "3 things: a, b, c", or with more than five for "7 things: a, b, c, d, e and 2 more". */
export function listing(list: string, { none, one, many, item, between = ', ' }: Listing): string {
  const lead = `(${list}.length === 1 ? '${one}' : ${list}.length + '${many}')`
  return `${list}.length === 0 ? '${none}' : ${lead} + ${naming(list, item, between)}`
}

/** An expression for "a, b, c, d, e and 2 more". */
export function naming(list: string, item: string, between = ', '): string {
  const more = `(${list}.length > ${NAMED_MAX} ? ' and ' + (${list}.length - ${NAMED_MAX}) + ' more' : '')`
  return `${list}.slice(0, ${NAMED_MAX}).map(one => ${item}).join('${between}') + ${more}`
}

/** An expression for a text on one line, cut where it is long. `text` is the expression for the whole of it. */
export function short(text: string, characters = CHARACTERS_MAX): string {
  const line = `${text}.replaceAll('\\n', ' ')`
  // A character of two units, such as most pictures, is not cut in two.
  const end = `(${text}.codePointAt(${characters - 2}) > 65535 ? ${characters - 2} : ${characters - 1})`
  return `(${text}.length > ${characters} ? ${line}.slice(0, ${end}) + '…' : ${line})`
}

/** An expression for why a step failed, in words alone. `error` is the expression for its error. */
export function reason(error: string): string {
  return short(`${error}.replace('AGENT_002: ', '').replace('parameters: ', '')`, 200)
}

/** An expression for what a step has found, or that it failed. */
export function unlessFailed(step: string, what: string, found: string): string {
  return `steps.${step}.status === 'completed' ? (${found}) : '${what} could not be read.'`
}
