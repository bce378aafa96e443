import { toForm } from '../../../kernel/unicode.ts'
import { changesBetween } from '../validate/nearest.ts'

/** A workflow, as far as what is said of it must tell it from others. */
export interface NamedWorkflow {
  id: string
  name: string
  /** Words that its schedule is spoken of with: "morning", "weekly". */
  when: readonly string[]
}

const SMALL = new Set(
  'the my our your a an this that of for with from to and workflow workflows automation routine called named run job'.split(
    ' ',
  ),
)
const LATIN = /^\p{Script=Latin}+$/u
/** A shorter word is too easily another one. */
const TYPO_CHARACTERS_MIN = 4
const SAID_CHARACTERS_MAX = 200

const IT =
  /^(?:it|(?:this|that)(?: (?:one|agent|workflow|automation|routine))?|the same(?: (?:one|agent|workflow))?)$/iu

/** Whether a text means what was spoken of last, whatever that was. */
export function isIt(text: string): boolean {
  return IT.test(text.trim())
}

/**
 * The workflows that a text can mean, the best kind of likeness alone: its whole name, words of its name, words of its
 * name and its schedule, and last words with a slip in one letter. Several when it fits several equally.
 */
export function workflowsNamed<W extends NamedWorkflow>(text: string, workflows: readonly W[]): W[] {
  if (text.length > SAID_CHARACTERS_MAX) return []
  const said = wordsOf(text)
  const exact = workflows.filter(({ name }) => name === text.trim())
  if (exact.length > 0) return exact
  const whole = workflows.filter(({ name }) => isSameName(name, text))
  if (whole.length > 0) return whole
  // "link checker to links" says two names, unless one has the word itself.
  const parts = workflows.some(({ name }) => wordsOf(name).includes('to')) || !said.includes('to')
  const meant = parts ? said.filter((word) => !SMALL.has(word)) : []
  // A name that has the word "it" in it is not meant by that word.
  if (meant.length === 0 || isIt(text)) return []
  const same = workflows.filter(({ name }) => meaningful(name).join(' ') === meant.join(' '))
  if (same.length > 0) return same
  const kinds: ((workflow: W) => boolean)[] = [
    ({ name }) => meant.every((word) => wordsOf(name).includes(word)),
    ({ name, when }) => meant.every((word) => [...wordsOf(name), ...when].includes(word)),
    ({ name, when }) => meant.every((word) => isNear(word, [...wordsOf(name), ...when])),
  ]
  for (const fits of kinds) {
    const found = workflows.filter(fits)
    if (found.length > 0) return found
  }
  return []
}

const AND = /,? (?:and|und|y|as well as) |, /iu

/** Several workflows that are named at once, each by a part of the text that names no other. */
export function severalNamed<W extends NamedWorkflow>(text: string, workflows: readonly W[]): W[] {
  const parts = text.length > SAID_CHARACTERS_MAX ? [] : text.trim().split(AND)
  const found = parts.map((part) => workflowsNamed(part, workflows))
  const isClear = parts.length > 1 && found.every((one) => one.length === 1)
  return isClear ? [...new Set(found.flat())] : []
}

const RENAME =
  /^(?:please )?(?:rename|change the name of)\s+(?:(?:the|my)\s+)?(?:(?:workflow|automation|routine)\s+(?:(?:called|named)\s+)?)?(?<rest>\S.*)$/iu
const QUOTES = /^["“'‘]|["”'’]$/gu

/** What gets another name, whatever words its name has: "rename remind me to drink to Drinking". */
export function renamed(
  text: string,
  workflows: readonly NamedWorkflow[],
): { workflow: string; to: string } | undefined {
  const rest = text.length > SAID_CHARACTERS_MAX ? '' : (RENAME.exec(text.trim())?.groups?.['rest'] ?? '')
  for (const { index, 0: word } of rest.matchAll(/\s+(?:to|as|into)\s+(?=\S)/giu)) {
    const said = rest.slice(0, index).replaceAll(QUOTES, '')
    const named = workflows.find(({ name }) => isSameName(name, said))
    if (named !== undefined) return { workflow: named.name, to: rest.slice(index + word.length) }
  }
  return undefined
}

/**
 * The workflow whose name is most like a text that names none: the one that shares the most words with it, then the one
 * that differs in the fewest letters. None when all are quite different.
 */
export function nearestNamed<W extends NamedWorkflow>(text: string, workflows: readonly W[]): W | undefined {
  const said = text.slice(0, SAID_CHARACTERS_MAX)
  const words = meaningful(said)
  const key = words.join(' ')
  const [best] = workflows
    .map((workflow) => {
      const own = meaningful(workflow.name)
      const name = own.join(' ')
      const shared = words.filter((word) => isNear(word, own)).length
      return {
        workflow,
        shared,
        changes: changesBetween(key, name, Infinity),
        longest: Math.max(key.length, name.length),
      }
    })
    .filter(({ shared, changes, longest }) => shared > 0 || changes * 2 < longest)
    .toSorted((a, b) => b.shared - a.shared || a.changes - b.changes)
  return best?.workflow
}

function meaningful(name: string): string[] {
  return wordsOf(name).filter((word) => !SMALL.has(word))
}

function wordsOf(text: string): string[] {
  return keyOf(text)
    .replaceAll(/['’]/gu, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** Whether two names are said the same: "disk_watch" and "Disk watch". */
export function isSameName(name: string, other: string): boolean {
  return spokenForm(name) === spokenForm(other)
}

function spokenForm(name: string): string {
  return keyOf(name).replaceAll(/[\s_-]+/gu, ' ')
}

/** Names are compared as they are written: letters that only look alike make another name. */
function keyOf(text: string): string {
  return toForm(text, 'NFKC').toLowerCase().replaceAll('&', ' and ').trim().replaceAll(/\s+/gu, ' ')
}

function isNear(word: string, words: readonly string[]): boolean {
  if (words.includes(word)) return true
  if (word.length < TYPO_CHARACTERS_MIN || !LATIN.test(word)) return false
  return words.some((one) => LATIN.test(one) && isOneSlip(word, one))
}

/** Whether two words differ in one letter: another one, one too many, one too few, or two in the wrong order. */
function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || b.length < TYPO_CHARACTERS_MIN) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from += 1
  const rest = (word: string, skip: number) => word.slice(from + skip)
  if (a.length !== b.length)
    return a.length > b.length ? rest(a, 1) === rest(b, 0) : rest(a, 0) === rest(b, 1)
  if (rest(a, 1) === rest(b, 1)) return true
  return a[from] === b[from + 1] && a[from + 1] === b[from] && rest(a, 2) === rest(b, 2)
}
