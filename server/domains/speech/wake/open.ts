import { findEngine } from '../ears/library.ts'
import { SpeechError } from '../kinds.ts'
import type { Wake, WakeModel } from './kinds.ts'
import { openPhrase } from './phrase.ts'
import { openWords } from './words.ts'

/** What to wait for: words with their phones, phrases that were learned from recordings, or both. */
export interface WakeOptions {
  /** Phones of CMUdict by word, as `pronounce` finds them; those of `hey house` are `HH EY HH AW S`. */
  words?: Readonly<Record<string, string>>
  models?: readonly WakeModel[]
}

/**
 * Listens for wake words. Blocks while it does, so it belongs in a child process.
 *
 * @throws SpeechError `missing` when words are wanted and the recogniser is not installed, `engine` for a bad word or model.
 */
export async function openWake({ words, models = [] }: WakeOptions): Promise<Wake> {
  const ears = [...models.map(openPhrase), ...(words === undefined ? [] : [await openTyped(words)])]
  if (ears.length === 0) throw new SpeechError('engine', 'There is no wake word to listen for.')
  return {
    write: (samples) => ears.map((ear) => ear.write(samples)).find((woken) => woken !== undefined),
    close: () => {
      for (const ear of ears) ear.close()
    },
  }
}

function openTyped(words: Readonly<Record<string, string>>): Promise<Wake> {
  const found = findEngine()
  if ('missing' in found) throw new SpeechError('missing', `${found.missing.problem} ${found.missing.remedy}`)
  return openWords(words, found.files)
}
