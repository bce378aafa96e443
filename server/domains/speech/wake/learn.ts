import type { AudioMessage } from '../audio/child.ts'
import type { Host } from '../host/pool.ts'
import { SpeechError } from '../kinds.ts'
import type { LearnMessage, WakeJobOptions } from './child.ts'
import type { LearntPhrase, WakeModel, WakeTrial } from './kinds.ts'

export interface PhraseOptions {
  user_id: string
  /** What it is called; how it sounds, the recordings tell. */
  word: string
  /** Recordings of any known form, each of the phrase alone. */
  recordings: readonly Uint8Array[]
  /** What listened for it before. */
  before?: WakeModel | undefined
  signal: AbortSignal
}

/**
 * Learns a wake phrase, and tries it on what it has not learnt.
 *
 * @throws SpeechError `audio` when the recordings can't be learnt from, in words for whoever made them.
 */
export async function learnPhrase(
  host: Host,
  { user_id, word, recordings, before, signal }: PhraseOptions,
): Promise<LearntPhrase> {
  const away = new AbortController()
  const job = { user_id, signal: AbortSignal.any([signal, away.signal]) }
  try {
    const samples: Int16Array[] = []
    for (const [place, bytes] of recordings.entries()) samples.push(await decoded(host, bytes, place, job))
    const options: WakeJobOptions = { what: 'learn', word, recordings: samples, before }
    const session = await host.open('wake', options, job)
    const ask = async <T>(message: LearnMessage): Promise<T> => (await session.call(message)) as T
    const model = await ask<WakeModel>({ learn: true })
    const trial: WakeTrial = {
      tried: 0,
      hits: 0,
      hits_before: 0,
      ...(await ask<Pick<WakeTrial, 'other_seconds' | 'false_alarms'>>({ others: model })),
    }
    for (const place of samples.keys()) {
      const one = await ask<Pick<WakeTrial, 'tried' | 'hits' | 'hits_before'>>({ place })
      trial.tried += one.tried
      trial.hits += one.hits
      trial.hits_before += one.hits_before
    }
    session.close()
    return { model, trial }
  } finally {
    away.abort(new SpeechError('engine', 'The learning has ended.'))
  }
}

/** @throws SpeechError that says which recording it is. */
async function decoded(
  host: Host,
  bytes: Uint8Array,
  place: number,
  job: { user_id: string; signal: AbortSignal },
): Promise<Int16Array> {
  const session = await host.open('audio', {}, job)
  try {
    return (await session.call({ whole: bytes } satisfies AudioMessage)) as Int16Array
  } catch (error) {
    if (!(error instanceof SpeechError)) throw error
    const message = error.reason === 'audio' ? `Recording ${place + 1}: ${error.message}` : error.message
    throw new SpeechError(error.reason, message, { cause: error })
  } finally {
    session.close()
  }
}
