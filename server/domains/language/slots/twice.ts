import { parseDuration } from './duration.ts'
import { CHARACTERS_MAX } from './seams.ts'
import { isTime } from './time.ts'

/** Words of one time. */
const WORDS_MAX = 6
/** What stands after a time that is followed by what to do then. */
const AFTER = /^(?:to|about|that)?$/iu
/** What parts two things that are to be done. */
const JOINT = /^(?:and|then|or|und|dann|oder|y|e|o|u|luego)$/iu
/** "at noon, or better at one" */
const RATHER = /^(?:better|maybe|perhaps|rather|even|also|else|besser|lieber|auch|mejor)$/iu
/** What announces another time before what is to be done then: "and at 6 to buy milk". */
const ANNOUNCED = /^(?:at|on|in|by|tomorrow|tonight|um|am|gegen|morgen|a|el|mañana)\s/iu

type Reads = (text: string) => boolean

/**
 * Two times of one sentence, each as it was said: side by side as in "tomorrow and on friday", or each with what is to be
 * done then as in "call mum at 5 and to buy milk at 6". What is one time is none.
 *
 * @param reads - Whether all of a text is a time, in the language of the sentence.
 */
export function findTwoTimes(
  text: string,
  reads: Reads = (said) => isTime(said, true),
): readonly [string, string] | undefined {
  if (text.length > CHARACTERS_MAX) return undefined
  const words = text
    .trim()
    .replace(/[.!?]+$/u, '')
    .split(/\s+/u)
    .map((word) => word.replace(/,$/u, ''))
  for (const [at, word] of words.entries()) {
    if (!JOINT.test(word)) continue
    const before = words.slice(0, at)
    const after = words.slice(at + (RATHER.test(words[at + 1] ?? '') ? 2 : 1))
    const first = endingWith(before, reads)
    const second = beginningWith(after, first, reads)
    if (first === undefined) {
      const earlier = ANNOUNCED.test(second ?? '') ? findAnywhere(before, reads) : undefined
      if (earlier !== undefined && second !== undefined) return [earlier, second]
      continue
    }
    if (second !== undefined && isOne([first, second], word, reads)) continue
    const other = second ?? endingWith(after, reads)
    if (other !== undefined) return [first, other]
  }
  return undefined
}

function endingWith(words: readonly string[], reads: Reads): string | undefined {
  const some = words.slice(-WORDS_MAX)
  return some.map((_, from) => some.slice(from).join(' ')).find(reads)
}

function findAnywhere(words: readonly string[], reads: Reads): string | undefined {
  const ends = words.map((_, at) => words.slice(0, words.length - at))
  return ends.map((some) => endingWith(some, reads)).find((found) => found !== undefined)
}

function beginningWith(
  words: readonly string[],
  first: string | undefined,
  reads: Reads,
): string | undefined {
  const some = words.slice(0, WORDS_MAX)
  const found = some.map((_, cut) => some.slice(0, some.length - cut).join(' ')).find(reads)
  // After "at 9" a bare "10" is a time as well, when nothing is counted with it.
  const [bare = '', next = ''] = words
  const isBare = /^at\s/iu.test(first ?? '') && /^\d{1,2}(?:[:.]\d\d)?$/u.test(bare) && AFTER.test(next)
  return found ?? (isBare ? bare : undefined)
}

const UNITS = /\b(?:s[e\u00e9]?[kcg]|min|h(?:ou|o)r|stund|day|tag|d[i\u00ed]a|week|woch|seman)/giu

function unitsIn(text: string): string[] {
  return [...text.toLowerCase().matchAll(UNITS)].map(([unit]) => unit)
}

/** "an hour and 30 minutes"; "5 minutes and 10 minutes" are two. */
function isOne([first, second]: readonly [string, string], joint: string, reads: Reads): boolean {
  const [units, others] = [unitsIn(first), unitsIn(second)]
  if (others.some((unit) => units.includes(unit))) return false
  const text = `${first} and ${second}`
  if (/^in\s/iu.test(text) && isTime(text)) return true
  if (parseDuration(text.replace(/^in\s+/iu, '')) !== undefined) return true
  return others.length > 0 && units.length > 0 && reads(`${first} ${joint} ${second}`)
}
