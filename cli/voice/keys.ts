import type { VoiceSettings } from '../../contract/voice.ts'
import { EXIT, Stop } from '../exit.ts'

type Kind = 'text' | 'factor' | 'share' | 'switch' | 'list'

/** What settings are called at the command line, and what their values are. */
export const SETTING_KEYS = {
  language: ['language', 'text'],
  voice: ['voice_id', 'text'],
  rate: ['speech_rate', 'factor'],
  pitch: ['pitch', 'factor'],
  volume: ['volume', 'share'],
  wake: ['wake_word_enabled', 'switch'],
  'wake-words': ['wake_words', 'list'],
  noise: ['noise_suppression', 'switch'],
  transcription: ['auto_transcription', 'switch'],
  'keep-audio': ['keep_audio', 'switch'],
  'remote-audio': ['remote_audio', 'switch'],
} as const satisfies Record<string, readonly [field: keyof VoiceSettings, kind: Kind]>

const BOUNDS = { factor: [0.5, 2], share: [0, 1] } as const

/** @param what - what it is the number of. @throws Stop for what is no such number. */
export function readNumber(what: string, text: string, kind: keyof typeof BOUNDS): number {
  const [min, max] = BOUNDS[kind]
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new Stop(EXIT.usage, `${what} ${JSON.stringify(text)} is not a number from ${min} to ${max}.`)
}
