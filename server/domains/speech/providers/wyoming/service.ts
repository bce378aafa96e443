import { Resampler } from '../../audio/resample.ts'
import { SpeechError } from '../../kinds.ts'
import type { Hints, ListenOptions, SpokenChunk, SttProvider, TtsProvider, Voice } from '../../kinds.ts'
import { speaks } from '../languages.ts'

/** What is answered with when PAIOS itself is the speech service of somebody else, who has no settings here. */
export interface ServiceParts {
  stt: Pick<SttProvider, 'languages'> & { open(options: ListenOptions): ReturnType<SttProvider['open']> }
  tts: Pick<TtsProvider, 'voices' | 'speak'>
  /** What may be said, in a language; nobody's names are in it unless their owner wants that. */
  hintsOf: (language: string) => Promise<Hints>
}

/** Speech as the transport of Wyoming asks for it. */
export function serveSpeech({ stt, tts, hintsOf }: ServiceParts) {
  return {
    info: async () => ({
      languages: stt.languages.length === 0 ? ['en'] : stt.languages,
      voices: await tts.voices(),
    }),
    open: async ({ language, rate, signal }: { language: string; rate: number; signal: AbortSignal }) => {
      const hints = await hintsOf(language)
      const listening = await stt.open({ language, hints, noise_suppression: true, signal })
      const resampler = new Resampler(rate)
      return {
        write: (samples: Int16Array) => listening.write(toPcm(resampler.push(toFloat(samples)))),
        end: async () => {
          await listening.write(toPcm(resampler.end()))
          try {
            return await listening.end()
          } catch (error) {
            // Silence is an answer like another to those who ask.
            if (error instanceof SpeechError && error.reason === 'silence') return { text: '' }
            throw error
          }
        },
      }
    },
    async *speak({ text, voice, language, signal }: ServiceSpeech): AsyncGenerator<SpokenChunk> {
      const voices = await tts.voices()
      const chosen = chosenOf(voices, voice, language)
      if (chosen === undefined) throw new SpeechError('missing', 'There is no voice here.')
      yield* tts.speak({ text, voice: chosen, speech_rate: 1, pitch: 1, volume: 1, signal })
    },
    explain: (error: unknown) => (error instanceof SpeechError ? error.message : 'Speech failed.'),
  }
}

interface ServiceSpeech {
  text: string
  /** Id or name of a voice. */
  voice: string | undefined
  language: string | undefined
  signal: AbortSignal
}

function chosenOf(
  voices: readonly Voice[],
  voice: string | undefined,
  language: string | undefined,
): Voice | undefined {
  const named = voices.find(({ voice_id, name }) => voice_id === voice || name === voice)
  return (
    named ?? voices.find((one) => language !== undefined && speaks([one.language], language)) ?? voices[0]
  )
}

function toFloat(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32_768)
}

function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))),
  )
}
