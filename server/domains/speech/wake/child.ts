import type { OpenJob } from '../host/kinds.ts'
import { SpeechError } from '../kinds.ts'
import { phonesOf } from '../mouth/flite.ts'
import type { WakeModel, Woken } from './kinds.ts'
import { openWake } from './open.ts'
import { train } from './train.ts'

/** What a job of the kind `wake` does. */
export type WakeJobOptions =
  /** Takes pieces of sound, and answers each with the word that woke it, if one did. */
  | { what: 'listen'; words?: readonly string[]; model?: WakeModel }
  /** Learns a phrase: one message with recordings, answered with the model. */
  | { what: 'train'; word: string }

export interface Recordings {
  recordings: readonly Int16Array[]
  negatives: readonly Int16Array[]
}

const WORD = /^(?=.*[a-z])[a-z']{1,40}(?: [a-z']{1,40}){0,4}$/

export const openJob: OpenJob = async (given) => {
  const options = given as WakeJobOptions
  if (options.what === 'train')
    return {
      handle: (message): WakeModel => {
        const { recordings, negatives } = message as Recordings
        return train(options.word, recordings, negatives)
      },
      close: () => {},
    }
  const { words = [], model } = options
  const said = await pronounced(words)
  const wake = await openWake({
    ...(words.length > 0 && { words: said }),
    ...(model !== undefined && { model }),
  })
  return {
    handle: (message): Woken | undefined => wake.write(samplesIn(message)),
    close: () => wake.close(),
  }
}

/** The phones of each phrase, as the voice engine would say it. */
async function pronounced(words: readonly string[]): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const phrase of words) {
    const plain = phrase
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .trim()
      .replaceAll(/\s+/gu, ' ')
    if (!WORD.test(plain)) throw new SpeechError('engine', `The wake word "${phrase}" can not be pronounced.`)
    said[phrase] = (await phonesOf(plain.split(' '))).join(' ')
  }
  return said
}

function samplesIn(message: unknown): Int16Array {
  if (message instanceof Int16Array) return message
  throw new SpeechError('audio', 'Wake words are heard in samples alone.')
}
