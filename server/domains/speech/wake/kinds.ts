/** A wake phrase as it was learned from recordings: plain JSON of a few kilobytes. */
export interface WakeModel {
  version: 1
  word: string
  /** Rows of the recordings, as base64 of signed bytes of which 127 are 1. */
  templates: string[]
  head: { mean: number[]; scale: number[]; weights: number[]; bias: number }
  /** The least that the head must answer, 0 to 1. */
  threshold: number
}

/** A wake word was said. */
export interface Woken {
  word: string
  /** Milliseconds of sound after which it was certain, counted from the first sample. */
  at_ms: number
}

/** Listens to a stream for wake words, in bounded memory. */
export interface Wake {
  /** Takes samples as they come; tells of at most one word a call. */
  write(samples: Int16Array): Woken | undefined
  close(): void
}

/** Wake words that can be listened for at once. */
export const WORDS_MAX = 5
/** After a wake word it is not heard again for so long: the end of one would wake twice. */
export const PAUSE_MS = 1000
