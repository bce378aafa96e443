import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Speech } from '../speech/index.ts'
import { SpeechError } from '../speech/kinds.ts'
import type { Ears } from './sentence.ts'
import type { Utterances } from './utterances.ts'

const DATA_URL = /^data:[\w.+/;=-]{0,100};base64,/
const RETRY_S = 2

/** The bytes of a sound that travels as base64. @throws Fault `VALIDATION_ERROR` */
export function bytesOf(audio_data: string, path = '/audio_data'): Uint8Array {
  const digits = audio_data.slice(DATA_URL.exec(audio_data)?.[0].length ?? 0)
  try {
    // Strict: Node's own reading takes whatever comes, and leaves out what it does not understand.
    return Uint8Array.fromBase64(digits, { lastChunkHandling: 'strict' })
  } catch (cause) {
    const issues = [{ path, message: 'is not base64' }]
    throw new Fault('VALIDATION_ERROR', `${path} is not base64.`, { issues }, { cause })
  }
}

/** What a caller is told when speech came to nothing. */
export function toFault(error: unknown): unknown {
  if (!(error instanceof SpeechError)) {
    // Whoever spoke has stopped, or has begun anew.
    const isStopped = error instanceof Error && error.name === 'AbortError'
    return isStopped ? toFault(new SpeechError('silence', 'The listening was stopped.')) : error
  }
  const { reason, message } = error
  switch (reason) {
    case 'missing':
      return new Fault('VOICE_SERVICE_UNAVAILABLE', message, { reason: 'no_stt_engine' }, { cause: error })
    case 'busy':
      return new Fault('SYSTEM_OVERLOADED', message, undefined, { cause: error, retry_after_s: RETRY_S })
    default:
      return new Fault('VOICE_TRANSCRIPTION_FAILED', message, { reason }, { cause: error })
  }
}

/** The same where a text could not be spoken. */
export function toSpeakingFault(error: unknown): unknown {
  if (!(error instanceof SpeechError) || error.reason === 'busy') return toFault(error)
  // What cannot be said is no failure of the voice.
  if (error.reason === 'audio')
    return new Fault('VALIDATION_ERROR', error.message, {
      issues: [{ path: '/text', message: 'can not be said' }],
    })
  const reason = error.reason === 'missing' ? 'no_tts_engine' : error.reason
  return new Fault('VOICE_SERVICE_UNAVAILABLE', error.message, { reason }, { cause: error })
}

/** Says that somebody is being listened to. */
export function tellTranscribing(
  { store, events }: Pick<Kernel, 'store' | 'events'>,
  user_id: string,
): Promise<unknown> {
  return store.write((tx) => {
    events.tell(tx, 'voice:processing', user_id, { status: 'transcribing', progress: 0 })
    return Promise.resolve()
  })
}

/** Hears recordings, and utterances that came in pieces. */
export function openEars(kernel: Kernel, speech: Speech, utterances: Utterances): Ears {
  return {
    utterance: (call, utterance_id) => utterances.heard(call, utterance_id),
    hear: async ({ user_id, signal = new AbortController().signal }, audio_data, { hints, ...around }) => {
      const bytes = bytesOf(audio_data)
      const told = tellTranscribing(kernel, user_id)
      // It is waited for below, unless what is expected to be heard can't be told.
      told.catch(() => undefined)
      try {
        const heard = speech.transcribe(bytes, { user_id, ...around, hints: await hints(), signal })
        const [found] = await Promise.all([heard, told])
        // Who has said that nothing is to be listened to wants nothing of it done.
        if (signal.aborted) throw new SpeechError('silence', 'The listening was stopped.')
        return found
      } catch (error) {
        throw toFault(error)
      }
    },
  }
}
