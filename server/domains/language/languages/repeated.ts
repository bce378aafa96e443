import type { Tongue } from './tongue.ts'

/** What is to be done again and again: when, in English, and the order without it, as it was said. */
export interface Repeated {
  when: string
  order: string
  /** Whether the sentence begins with when, as one does that asks for a workflow. */
  leading: boolean
}

const RECURS = /^(?:every|monday to friday)\b/u
const WORDS_MAX = 40
/** What words begin with that tell how often: all others are passed over. */
const OPENS =
  /^(?:jede[nrsm]?|täglich|alle|immer|am|\p{L}+tags|\p{L}+abends|morgens|abends|cada|tod[oa]s|los|entre|diariamente|de|a)$/iu
/** "jeden ersten Montag im Monat um halb acht morgens" */
const WHEN_WORDS_MAX = 9

/** Finds the words of a sentence that tell how often: most words first, and first where the sentence begins. */
export function repeatedIn(text: string, tongue: Tongue): Repeated | undefined {
  const words = text.trim().split(/\s+/u, WORDS_MAX + 1)
  if (words.length > WORDS_MAX) return undefined
  for (let start = 0; start < words.length; start += 1) {
    if (!OPENS.test(words[start] ?? '')) continue
    for (let end = Math.min(start + WHEN_WORDS_MAX, words.length); end > start; end -= 1) {
      const said = words.slice(start, end).join(' ').replace(/[,:]$/u, '')
      const when = tongue.say('time', said)
      if (when === undefined || !RECURS.test(when)) continue
      const order = [...words.slice(0, start), ...words.slice(end)]
        .join(' ')
        .replace(/^[\s,:]+|[\s,.!?]+$/gu, '')
      return order === '' ? undefined : { when, order, leading: start === 0 }
    }
  }
  return undefined
}
