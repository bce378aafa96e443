import type { Output } from '../../../contract/operation.ts'
import type { VoiceSettings, voice } from '../../../contract/voice.ts'
import type { SpeechFacts } from '../speech/index.ts'
import { DEFAULT_VOICE } from './settings.ts'

const LIMITS = { text_characters_max: 100_000, audio_bytes_max: 10_485_760, audio_seconds_max: 30 }
/** What can be sent; what comes back is WAV. */
const FORMATS = ['wav', 'webm', 'ogg', 'mp3', 'flac']

/** What is really here. Typed sentences need no engine. */
export function toCapabilities(
  settings: VoiceSettings,
  { engines, languages, voices, wake_word, missing }: SpeechFacts,
  wake_phrases: string[],
): Output<typeof voice.capabilities> {
  const canHear = engines.some(({ kind, ok }) => kind === 'stt' && ok)
  return {
    engines: [{ name: 'sentences', kind: 'understanding', remote: false, ok: true, problem: '' }, ...engines],
    languages: [...new Set(['en', ...languages])],
    voices: [
      { voice_id: DEFAULT_VOICE, name: 'The first that speaks the language' },
      ...voices.map((one) => ({ ...one })),
    ],
    formats: canHear ? FORMATS : [],
    wake_word,
    limits: LIMITS,
    settings,
    wake_phrases,
    missing,
  }
}
