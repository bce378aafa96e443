import { eventOf } from '../../kernel/wyoming.ts'
import type { FrameBounds, WyomingEvent } from '../../kernel/wyoming.ts'

/** Speech, as this transport asks for it. */
export interface SpeechService {
  /** BCP 47 primary tags that are understood, and the voices. */
  info(): Promise<{
    languages: readonly string[]
    voices: readonly { voice_id: string; language: string; name: string }[]
  }>
  /** Begins to hear samples of this rate. */
  open(options: { language: string; rate: number; signal: AbortSignal }): Promise<{
    write(samples: Int16Array): Promise<void>
    /** The text is empty when nobody spoke. */
    end(): Promise<{ text: string; language?: string }>
  }>
  speak(options: {
    text: string
    voice: string | undefined
    language: string | undefined
    signal: AbortSignal
  }): AsyncIterable<{ samples: Int16Array; sample_rate: number }>
  /** What went wrong, as a sentence for the other side. */
  explain(error: unknown): string
}

/** Every limit of this transport; sizes in bytes, times in milliseconds. */
export interface WyomingBounds extends FrameBounds {
  connections: number
  /** From the end of one message to the end of the next, and for what is written to be taken. */
  idle_ms: number
  /** How much later than its sound an utterance may come: who listens is wanted by others. */
  pause_ms: number
  /** Of one utterance that is heard, after its end, and of one that is spoken. */
  work_ms: number
  /** Sound of one utterance. */
  seconds_max: number
  text_characters_max: number
}

export const WYOMING_BOUNDS: WyomingBounds = {
  line_bytes_max: 65_536,
  data_bytes_max: 65_536,
  payload_bytes_max: 1_048_576,
  connections: 16,
  idle_ms: 60_000,
  pause_ms: 5_000,
  work_ms: 60_000,
  seconds_max: 30,
  text_characters_max: 10_000,
}

/** What PAIOS is, in the words of the protocol. */
export async function describe(service: SpeechService, version = '0'): Promise<WyomingEvent> {
  const { languages, voices } = await service.info()
  const attribution = { name: 'PAIOS', url: '' }
  const program = { name: 'paios', attribution, installed: true, description: 'PAIOS', version }
  const model = { ...program, description: 'Commands and names of PAIOS', languages }
  const asr = [{ ...program, models: [model], supports_transcript_streaming: false }]
  const spoken = voices.map(({ voice_id, language, name }) => ({
    ...program,
    name: voice_id,
    description: name,
    languages: [language],
    speakers: null,
  }))
  const tts = [{ ...program, voices: spoken, supports_synthesize_streaming: false }]
  return eventOf('info', {
    asr: languages.length === 0 ? [] : asr,
    tts: voices.length === 0 ? [] : tts,
    handle: [],
    intent: [],
    wake: [],
    mic: [],
    snd: [],
    satellite: null,
  })
}
