import { parseDuration } from './duration.ts'
import { isTime } from './time.ts'

/** Words of one time. */
const WORDS_MAX = 6
/** What stands after a time that is followed by what to do then. */
const AFTER = /^(?:to|about|that)?$/iu

/** Two times that stand side by side, each as it was said: "tomorrow and on friday". What is one time is none. */
export function findTwoTimes(text: string): readonly [string, string] | undefined {
  const words = text
    .trim()
    .replace(/[.!?]+$/u, '')
    .split(/\s+/u)
  for (const [at, word] of words.entries()) {
    if (word.toLowerCase() !== 'and') continue
    const first = endingWith(words.slice(Math.max(0, at - WORDS_MAX), at))
    if (first === undefined) continue
    const second = beginningWith(words.slice(at + 1), first)
    if (second === undefined || isOne(`${first} and ${second}`)) continue
    return [first, second]
  }
  return undefined
}

function endingWith(words: readonly string[]): string | undefined {
  return words.map((_, from) => words.slice(from).join(' ')).find((text) => isTime(text, true))
}

function beginningWith(words: readonly string[], first: string): string | undefined {
  const some = words.slice(0, WORDS_MAX)
  const found = some
    .map((_, cut) => some.slice(0, some.length - cut).join(' '))
    .find((text) => isTime(text, true))
  // After "at 9" a bare "10" is a time as well, when nothing is counted with it.
  const [bare = '', next = ''] = words
  const isBare = /^at\s/iu.test(first) && /^\d{1,2}(?:[:.]\d\d)?$/u.test(bare) && AFTER.test(next)
  return found ?? (isBare ? bare : undefined)
}

/** "an hour and 30 minutes" */
function isOne(text: string): boolean {
  return (/^in\s/iu.test(text) && isTime(text)) || parseDuration(text.replace(/^in\s+/iu, '')) !== undefined
}
