/** Sound inside the server: one channel, 16 bit, so many samples a second. */
export const SAMPLE_RATE = 16_000

/** What can be said to somebody's system: what a recogniser may expect to hear. */
export interface Hints {
  /** Another one whenever anything else in it is. */
  readonly signature: string
  /** BCP 47. */
  readonly language: string
  /** Templates of commands: `remind me [to] {what} (at|in) {when:time}`; a slot without a type takes any text. */
  readonly phrases: readonly string[]
  /** Those of the phrases after which something is asked for, so that whoever says them may only have paused. */
  readonly unfinished?: readonly string[]
  /** What the closed slots may hold, by the type that stands in the phrases: agents, workflows, lists. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** Words that are said otherwise than they are written, as phones of CMUdict: `paios` is `P AY OW S`. */
  readonly pronunciations: Readonly<Record<string, string>>
}

export type Extent = 'whole' | 'lengthen' | 'open'

export interface Transcript {
  text: string
  /** 0 to 1. */
  confidence: number
  /** BCP 47, where the engine tells one. */
  language?: string
  /**
   * Whether what was heard is a `whole` command already, after which nobody goes on speaking, one that a few words more
   * would `lengthen`, or what is `open`: a part, or words that anything may follow.
   */
  extent?: Extent
  /** What else it may have been, likeliest first. */
  alternatives?: readonly string[]
}

export interface ListenOptions {
  /** Whose turn it is when many wait. */
  user_id?: string
  /** BCP 47. */
  language: string
  hints: Hints
  /** Whether noise is taken out before it is recognised. */
  noise_suppression: boolean
  /** Whether all of it was said before and comes at once, so that it need not be heard while it comes. */
  is_recording?: boolean
  /** Is told what was heard so far, whenever that changes. */
  onPartial?: (partial: Transcript) => void
  /** Is told once when the speaker has come to an end by themselves, where the engine notices. */
  onSilence?: () => void
  /** Ends the work and frees what it holds; `end` then rejects with its reason. */
  signal: AbortSignal
}

/** One utterance that is being heard. */
export interface Listening {
  /** Takes samples as they come, in the order in which they were said. Resolves when more may come. */
  write(samples: Int16Array): Promise<void>
  /** What was said, once all of it is there. @throws SpeechError */
  end(): Promise<Transcript>
}

/** Why an engine can't be used now, and what its user would do about it. */
export interface Health {
  ok: boolean
  /** What is wrong, in a sentence; empty when nothing is. */
  problem: string
  /** How to get it, as a command or a sentence. */
  remedy?: string
}

/** Turns speech to text. */
export interface SttProvider {
  readonly name: string
  /** Whether sound leaves this machine, which its user must have agreed to. */
  readonly remote: boolean
  /** BCP 47 primary tags; empty when it takes any. */
  readonly languages: readonly string[]
  health(): Promise<Health>
  open(options: ListenOptions): Promise<Listening>
}

export interface Voice {
  voice_id: string
  /** BCP 47. */
  language: string
  name: string
  /** Provider that speaks with it. */
  provider: string
}

export interface SpeakOptions {
  text: string
  /** Whose turn it is when many wait. */
  user_id?: string
  voice: Voice
  /** Factors, 1 for normal: 0.5 to 2. */
  speech_rate: number
  pitch: number
  /** 0 to 1. */
  volume: number
  signal: AbortSignal
}

/** Samples of some length, at the rate of the voice. */
export interface SpokenChunk {
  samples: Int16Array
  sample_rate: number
}

/** Turns text to speech. */
export interface TtsProvider {
  readonly name: string
  readonly remote: boolean
  health(): Promise<Health>
  voices(): Promise<readonly Voice[]>
  /** Speaks a sentence at a time, so that the first can be heard before the last is made. @throws SpeechError */
  speak(options: SpeakOptions): AsyncIterable<SpokenChunk>
}

/**
 * Why speech came to nothing: `audio` when what was sent is no sound that can be read, `silence` when nobody spoke,
 * `engine` when the engine failed or died, `missing` when none is there, `busy` when too much waits, `deadline` when
 * it took too long. The message is for the user.
 */
export class SpeechError extends Error {
  readonly reason: 'audio' | 'silence' | 'engine' | 'missing' | 'busy' | 'deadline'
  constructor(reason: SpeechError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
