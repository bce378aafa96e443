import type { AudioMessage, AudioOptions } from './audio/child.ts'
import { Recent } from './audio/samples.ts'
import { toWav } from './audio/wav.ts'
import type { HearOptions, Heard, SpeechParts, Stream, StreamOptions } from './index.ts'
import { SAMPLE_RATE, SpeechError } from './kinds.ts'
import type { ListenOptions } from './kinds.ts'
import type { ChainListening } from './providers/chain/ears.ts'
import type { Woken } from './wake/kinds.ts'

/** Samples that an engine is given at a time. */
const FRAME = SAMPLE_RATE / 4
/** What is kept while a wake word is waited for: more than passes between its end and the moment when it is certain. */
const RECENT_SAMPLES = 2 * SAMPLE_RATE

/** Decodes a recording and has it heard. @throws SpeechError */
export async function transcribe(
  parts: SpeechParts,
  bytes: Uint8Array,
  options: HearOptions,
): Promise<Heard> {
  const hearing = await begin(parts, { ...options, is_recording: true }, {})
  try {
    await hearing.take({ whole: bytes })
    return await hearing.finish()
  } finally {
    hearing.close()
  }
}

/** Hears while it is being said: each piece is decoded and handed on as it comes. @throws SpeechError */
export async function listenTo(parts: SpeechParts, options: StreamOptions): Promise<Stream> {
  const { format, wake_words } = options
  const hearing = await begin(parts, options, { format, waits: wake_words !== undefined })
  /** Pieces are taken one after the other, however they come. */
  let last: Promise<void> = Promise.resolve()
  const after = (message: AudioMessage): Promise<void> => {
    last = last.then(() => hearing.take(message))
    // Nothing more comes of it, and who speaks may take long to notice.
    last.catch(hearing.close)
    return last
  }
  return {
    write: (bytes) => after({ push: bytes }),
    end: async () => {
      try {
        await after({ end: true })
        return await hearing.finish()
      } finally {
        hearing.close()
      }
    },
  }
}

/** Sound on its way from its bytes to what was said. */
interface Hearing {
  take(message: AudioMessage): Promise<void>
  finish(): Promise<Heard>
  close(): void
}

type BeginOptions = HearOptions & Partial<Omit<StreamOptions, 'format'>> & Pick<ListenOptions, 'is_recording'>

/** Who can hear is asked first: without anybody nothing need be decoded. */
async function begin(parts: SpeechParts, options: BeginOptions, audio: AudioOptions): Promise<Hearing> {
  const { user_id, wake_words, wake_phrases = [], onWake, onPartial, onSilence, ...rest } = options
  const away = new AbortController()
  const signal = AbortSignal.any([options.signal, away.signal])
  const close = (): void => away.abort(new SpeechError('engine', 'The listening has ended.'))
  const told = { ...(onPartial && { onPartial }), ...(onSilence && { onSilence }) }
  const open = (): Promise<ChainListening> => {
    parts.begun(options.language)
    return parts.chains().ears.open({ ...rest, ...told, user_id, signal })
  }
  const kept: Int16Array[] = []
  const recent = new Recent(RECENT_SAMPLES)
  let passed = 0
  try {
    const waiting = { what: 'listen', words: wake_words, models: wake_phrases } as const
    const waking = wake_words && (await parts.wakers.open('wake', waiting, { user_id, signal }))
    let listening = waking === undefined ? await open() : undefined
    const decoders = waking === undefined ? parts.decoders : parts.waiters
    const decoder = await decoders.open('audio', audio, { user_id, signal })
    return {
      take: async (message) => {
        const samples = (await decoder.call(message)) as Int16Array
        for (let at = 0; at < samples.length; at += FRAME) {
          const frame = samples.slice(at, at + FRAME)
          if (listening !== undefined) {
            kept.push(frame)
            await listening.write(frame)
            continue
          }
          recent.take(frame)
          passed += frame.length
          const woken = (await waking?.call(frame)) as Woken | undefined
          if (woken === undefined) continue
          waking?.close()
          listening = await open()
          onWake?.(woken.word)
          // It is certain only after the word has ended, and the sentence may have begun by then.
          const begun = Math.max(0, passed - Math.round((woken.end_ms / 1000) * SAMPLE_RATE))
          const sentence = recent.samples.slice(Math.max(0, recent.samples.length - begun))
          if (sentence.length === 0) continue
          kept.push(sentence)
          await listening.write(sentence)
        }
      },
      finish: async () => {
        if (listening === undefined) throw new SpeechError('silence', 'No wake word was said.')
        return { ...(await listening.end()), wav: toWav(kept, SAMPLE_RATE) }
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}
