import type { Host } from '../host/pool.ts'
import { pronounce, toPlain } from '../mouth/pronounce.ts'

/** Three phones are in every other sentence. */
const PHONES_MIN = 4
const PHONES_MAX = 40
const PHONE = /^[A-Z]{1,2}$/

/** The words of a wake word as the voice engine takes them; none unless it can say all of them. */
export function wordsOf(phrase: string): string[] {
  const words = phrase.trim().split(/\s+/u).map(toPlain)
  return words.includes('') ? [] : words
}

/** Why a wake word that is said in these phones can not be listened for, in a sentence; nothing where it can. */
export function whyUnfit(phrase: string, phones: string): string | undefined {
  const parts = phones.split(' ')
  if (!parts.every((phone) => PHONE.test(phone))) return `The wake word "${phrase}" can not be pronounced.`
  if (parts.length > PHONES_MAX) return `The wake word "${phrase}" takes too long to say.`
  if (parts.length < PHONES_MIN)
    return `The wake word "${phrase}" is too short: it would be heard in other words.`
  return undefined
}

/**
 * Why each of some wake words can not be listened for; nothing for one that can. It is the voice engine that is asked: those
 * who listen may each be held for minutes by somebody who waits.
 *
 * @throws SpeechError when the engine can't tell.
 */
export async function checkWords(
  phrases: readonly string[],
  asked: { host: Pick<Host, 'open'>; signal: AbortSignal },
): Promise<(string | undefined)[]> {
  const words = new Map(phrases.map((phrase) => [phrase, wordsOf(phrase)]))
  const said = await pronounce([...words.values()].flat(), asked)
  return phrases.map((phrase) =>
    whyUnfit(phrase, (words.get(phrase) ?? []).map((word) => said[word] ?? '').join(' ')),
  )
}
