import type { Job, OpenJob } from '../host/kinds.ts'
import { SpeechError } from '../kinds.ts'
import type { SpokenChunk } from '../kinds.ts'
import { phonesOf, speakSentence } from './flite.ts'
import type { FliteVoice, Manner } from './kinds.ts'
import { FLITE_VOICES, TEXT_CHARS_MAX, WORDS_MAX } from './kinds.ts'
import { toReadable } from './readable.ts'
import { splitSentences } from './sentences.ts'

/** Words of one run of the engine, which takes about 0.1 s for them; the rest of the machine gets its turn in between. */
const WORDS_RUN_MAX = 200
/** Letters with marks of their own have lost them before; what is left must be a word to the engine. */
const WORD = /^(?=.*[a-z])[a-z']{1,40}$/

/** Speaks a text, a sentence for each message until the answer is `undefined`; or tells how words are said. */
export const openJob: OpenJob = (options) => {
  const checked = check(options)
  return Promise.resolve(checked.what === 'speak' ? speaking(checked) : pronouncing(checked.words))
}

function speaking({ text, voice, from, ...manner }: Speaking): Job {
  const sentences = splitSentences(toReadable(text), 'en').slice(from)
  return {
    async handle(): Promise<SpokenChunk | undefined> {
      const sentence = sentences.shift()
      return sentence === undefined ? undefined : speakSentence(sentence, voice, manner)
    },
    close: () => {},
  }
}

function pronouncing(words: readonly string[]): Job {
  return {
    async handle(): Promise<Record<string, string>> {
      const said: [string, string][] = []
      for (let from = 0; from < words.length; from += WORDS_RUN_MAX) {
        const part = words.slice(from, from + WORDS_RUN_MAX)
        const phones = await phonesOf(part)
        said.push(...part.map((word, index): [string, string] => [word, phones[index] ?? '']))
      }
      return Object.fromEntries(said.filter(([, phones]) => phones !== ''))
    },
    close: () => {},
  }
}

type Speaking = { text: string; voice: FliteVoice; from: number } & Manner
type Checked = ({ what: 'speak' } & Speaking) | { what: 'pronounce'; words: string[] }

/** The host is trusted; what it forwards may still be wrong, and an engine in C must never see that. */
function check(options: unknown): Checked {
  const given = options as Partial<Record<string, unknown>> | null
  if (given?.['what'] === 'pronounce') {
    const { words } = given
    if (!Array.isArray(words) || words.length > WORDS_MAX)
      throw new SpeechError('engine', `At most ${WORDS_MAX} words are pronounced at once.`)
    return {
      what: 'pronounce',
      words: words.filter((word): word is string => typeof word === 'string' && WORD.test(word)),
    }
  }
  const { text } = given ?? {}
  const voice = FLITE_VOICES.find((name) => name === given?.['voice'])
  if (given?.['what'] !== 'speak' || typeof text !== 'string' || voice === undefined)
    throw new SpeechError('engine', 'The voice engine flite has no such voice.')
  if (text.length > TEXT_CHARS_MAX)
    throw new SpeechError('engine', `A text of more than ${TEXT_CHARS_MAX} characters is not spoken.`)
  return {
    what: 'speak',
    text,
    voice,
    from: Number.isSafeInteger(given['from']) ? Math.max(0, Number(given['from'])) : 0,
    speech_rate: factor(given['speech_rate'], 0.5, 2),
    pitch: factor(given['pitch'], 0.5, 2),
    volume: factor(given['volume'], 0, 1),
  }
}

function factor(value: unknown, least: number, most: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : 1
}
