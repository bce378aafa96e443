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
  /** The same at which the word had ended: what comes after it belongs to the sentence. */
  end_ms: number
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

/** Recordings that a phrase is learnt from. With fewer nothing tells its sound from chance; more take long and add little. */
export const RECORDINGS_MIN = 3
export const RECORDINGS_MAX = 5

/** How a phrase did on what it has not learnt. */
export interface WakeTrial {
  /** Recordings, each as it is, faster and slower, tried with what was learnt from the others; and how many woke. */
  tried: number
  hits: number
  /** How many of them woke what listened for the phrase before. */
  hits_before: number
  /** Other speech that it has not learnt from, and how often that woke it. */
  other_seconds: number
  false_alarms: number
}

/** A phrase that was learnt, and how well. */
export interface LearntPhrase {
  model: WakeModel
  trial: WakeTrial
}
