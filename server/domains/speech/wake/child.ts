import type { OpenJob } from '../host/kinds.ts'
import { SpeechError } from '../kinds.ts'
import { phonesOf } from '../mouth/flite.ts'
import type { WakeModel, Woken } from './kinds.ts'
import { openWake } from './open.ts'
import { otherSpeech } from './others.ts'
import { wordsOf } from './phones.ts'
import { learn, study } from './train.ts'
import { tryOne, tryOthers } from './trial.ts'

/** What a job of the kind `wake` does. */
export type WakeJobOptions =
  /** Takes pieces of sound, and answers each with the word that woke it, if one did. */
  | { what: 'listen'; words?: readonly string[]; models?: readonly WakeModel[] }
  /** Learns a phrase, step by step, so that none takes long. */
  | { what: 'learn'; word: string; recordings: readonly Int16Array[]; before?: WakeModel | undefined }

/**
 * The steps of learning: `learn` is answered with the model, `place` with how the recording there did when it was learnt
 * from the others, `others` with how often other speech woke the model.
 */
export type LearnMessage = { learn: true } | { place: number } | { others: WakeModel }

export const openJob: OpenJob = async (given) => {
  const options = given as WakeJobOptions
  if (options.what === 'learn') return openLearning(options)
  const { words = [], models = [] } = options
  const said = await pronounced(words)
  const wake = await openWake({
    ...(words.length > 0 && { words: said }),
    models,
  })
  return {
    handle: (message): Woken | undefined => wake.write(samplesIn(message)),
    close: () => wake.close(),
  }
}

async function openLearning({
  word,
  recordings,
  before,
}: Extract<WakeJobOptions, { what: 'learn' }>): ReturnType<OpenJob> {
  const studied = study(recordings, await otherSpeech(word, 'learn'))
  return {
    handle: async (message) => {
      const given = message as LearnMessage
      if ('learn' in given) return learn(word, studied)
      if ('place' in given) return tryOne(word, studied, given.place, before)
      return tryOthers(given.others, await otherSpeech(word, 'trial'))
    },
    close: () => {},
  }
}

/** The phones of each phrase, as the voice engine would say it. */
async function pronounced(words: readonly string[]): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const phrase of words) said[phrase] = (await phonesOf(wordsOf(phrase))).join(' ')
  return said
}

function samplesIn(message: unknown): Int16Array {
  if (message instanceof Int16Array) return message
  throw new SpeechError('audio', 'Wake words are heard in samples alone.')
}
