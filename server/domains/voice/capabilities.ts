import type { Output } from '../../../contract/operation.ts'
import type { VoiceSettings, voice } from '../../../contract/voice.ts'

const TEXT_CHARACTERS_MAX = 100_000

/** What is really here. Typed sentences need no engine; for sound there is none yet. */
export function toCapabilities(settings: VoiceSettings): Output<typeof voice.capabilities> {
  return {
    engines: [{ name: 'sentences', kind: 'understanding', offline: true }],
    languages: ['en'],
    voices: [{ voice_id: 'default', language: 'en', installed: false }],
    formats: [],
    wake_word: false,
    limits: { text_characters_max: TEXT_CHARACTERS_MAX },
    settings,
    missing: [
      { what: 'speech to text', how: 'Send the sentence as text_fallback.' },
      { what: 'text to speech', how: 'Read the answer as text.' },
    ],
  }
}
