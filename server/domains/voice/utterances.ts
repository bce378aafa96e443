import type { VoiceAudio } from '../../../contract/voice.ts'
import type { Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Heard, Speech, Stream, StreamOptions } from '../speech/index.ts'
import { SpeechError } from '../speech/kinds.ts'
import type { Transcript } from '../speech/kinds.ts'
import { bytesOf, tellTranscribing, toFault } from './hearing.ts'
import type { Around } from './sentence.ts'

/** Whoever speaks, and the socket they speak into. */
export type Speaker = Pick<Call, 'user_id' | 'connection_id'>

/**
 * What is told while somebody speaks. `ended`: by silence, by their word or by a mistake; it can be processed now.
 * `superseded`: another one was begun on the socket, and nothing comes of this one.
 */
export type Told = Speaker & { utterance_id: string } & (
    | { kind: 'partial'; partial: Transcript }
    | { kind: 'wake'; word: string }
    | { kind: 'ended' | 'superseded' }
  )

/** What wakes, where an utterance is to wait for that. */
type Waking = Pick<StreamOptions, 'wake_words' | 'wake_phrases'>

/** An utterance may wait for its wake word so long, take so long, and lie so long before it is processed. */
const WAKE_MS = 600_000
const SPEAKING_MS = 60_000
const KEPT_MS = 30_000
/** Without a piece for so long it has come to its end, and so it has when its sound comes so much later than it is long. */
const IDLE_MS = 5_000
const LATE_MS = 10_000
/** Bytes of a millisecond of sound: as many as there are, and at least where it is packed. */
const PCM_BYTES_A_MS = 32
const PACKED_BYTES_A_MS = 0.5
/** Utterances of all sockets that are open or not processed yet, and of one. */
const ALL_MAX = 100
const OF_SOCKET_MAX = 4
/**
 * Utterances of one user that are being said at once, each on a socket of its own, since others speak, too; and as many
 * that wait for a wake word: a speaker on the shelf keeps nobody from pressing a button.
 */
const OF_USER_MAX = 1
/** Bytes of an utterance that may wait to be heard. */
const PENDING_BYTES_MAX = 4_194_304

type Parts = Pick<Kernel, 'clock' | 'store' | 'events'>

/** Utterances that come in pieces on sockets, until they are processed as sentences. */
export class Utterances {
  readonly #kernel: Parts
  readonly #speech: Pick<Speech, 'listen'>
  readonly #open = new Map<string, Utterance>()
  readonly #listeners: ((told: Told) => void)[] = []

  constructor(kernel: Parts, speech: Pick<Speech, 'listen'>) {
    this.#kernel = kernel
    this.#speech = speech
  }

  /** Is told of everything that is said. */
  hear(listener: (told: Told) => void): void {
    this.#listeners.push(listener)
  }

  /** Begins an utterance with its first piece; others that are being said on the socket end without an answer. @throws Fault */
  async begin(speaker: Speaker, first: VoiceAudio, around: Around & Waking): Promise<void> {
    const { utterance_id } = first
    const key = keyOf(speaker, utterance_id)
    if (this.#open.has(key))
      throw new Fault('VALIDATION_ERROR', 'This utterance was said already.', undefined, { status: 409 })
    const own = this.#of(speaker)
    const waiting = own.filter((one) => !one.isListening)
    const waits = first.wait_for_wake === true
    const elsewhere = [...this.#open.values()].filter(
      (one) =>
        one.isListening && one.user_id === speaker.user_id && one.isWaiting === waits && !own.includes(one),
    )
    if (elsewhere.length >= OF_USER_MAX)
      throw new Fault('SYSTEM_OVERLOADED', 'You are being listened to elsewhere.', undefined, {
        retry_after_s: 2,
      })
    if (this.#open.size >= ALL_MAX || waiting.length >= OF_SOCKET_MAX)
      throw new Fault('SYSTEM_OVERLOADED', 'Too much is said at once.', undefined, { retry_after_s: 2 })
    for (const one of own) if (one.isListening) one.supersede()
    const utterance = new Utterance(this.#kernel.clock, {
      user_id: speaker.user_id,
      waits,
      limit_ms: waits ? WAKE_MS : SPEAKING_MS,
      bytes_a_ms: first.format === 'pcm16' ? PCM_BYTES_A_MS : PACKED_BYTES_A_MS,
      told: (kind) => this.#tell({ ...speaker, utterance_id, kind }),
      forgotten: () => {
        if (this.#open.get(key) === utterance) this.#open.delete(key)
      },
    })
    this.#open.set(key, utterance)
    // It is the first in the row, however soon others come.
    const taken = utterance.take(first)
    taken.catch(() => undefined)
    try {
      await tellTranscribing(this.#kernel, speaker.user_id)
      const { language, noise_suppression, remote_audio, hints, wake_words, wake_phrases } = around
      await utterance.listen(
        this.#speech.listen({
          user_id: speaker.user_id,
          language,
          noise_suppression,
          remote_audio,
          hints: await hints(),
          format: first.format,
          ...(waits && { wake_words, wake_phrases }),
          signal: utterance.away.signal,
          onPartial: (partial) => this.#tell({ ...speaker, utterance_id, kind: 'partial', partial }),
          onWake: (word) => {
            utterance.wake()
            this.#tell({ ...speaker, utterance_id, kind: 'wake', word })
          },
          onSilence: () => utterance.end(),
        }),
      )
      await taken
    } catch (error) {
      utterance.forget()
      throw toFault(error)
    }
  }

  /** Takes the next piece; false when the utterance has ended or never began, and the piece is dropped. @throws Fault */
  async take(speaker: Speaker, piece: VoiceAudio): Promise<boolean> {
    return (await this.#open.get(keyOf(speaker, piece.utterance_id))?.take(piece)) ?? false
  }

  /** Ends whatever is being said on a socket, without an answer; idempotent. */
  stop(speaker: Speaker): void {
    for (const one of this.#of(speaker)) one.forget()
  }

  /** What was said, once, for the sentence that it becomes. @throws Fault */
  async heard({ user_id, connection_id }: Call, utterance_id: string): Promise<Heard> {
    const utterance = this.#open.get(keyOf({ user_id, connection_id }, utterance_id))
    // Whoever asks second, while the first still waits, would have it done once more.
    if (utterance?.claim() !== true) {
      const issues = [{ path: '/utterance_id', message: 'is none that was said on this socket' }]
      throw new Fault('VALIDATION_ERROR', 'There is no such utterance.', { issues }, { status: 404 })
    }
    try {
      return await utterance.heard
    } catch (error) {
      throw toFault(error)
    } finally {
      utterance.forget()
    }
  }

  close(): void {
    for (const utterance of this.#open.values()) utterance.forget()
  }

  #of(speaker: Speaker): Utterance[] {
    const prefix = keyOf(speaker, '').slice(0, -3)
    return [...this.#open].filter(([key]) => key.startsWith(prefix)).map(([, one]) => one)
  }

  #tell(told: Told): void {
    for (const listener of this.#listeners) listener(told)
  }
}

interface UtteranceOptions {
  user_id: string
  /** Whether it waits for its wake word first. */
  waits: boolean
  limit_ms: number
  bytes_a_ms: number
  told: (kind: 'ended' | 'superseded') => void
  forgotten: () => void
}

/** One utterance: listened to until it ends, and kept until it is processed. */
class Utterance {
  readonly away = new AbortController()
  readonly #clock: Kernel['clock']
  readonly #options: UtteranceOptions
  readonly #heard = Promise.withResolvers<Heard>()
  readonly #opened = Promise.withResolvers<Stream>()
  /** The pieces so far, one after the other. */
  #last: Promise<unknown> = this.#opened.promise
  #pending_bytes = 0
  #isListening = true
  #isWaiting: boolean
  #isClaimed = false
  /** Monotonic milliseconds since when it is said, and bytes of sound since then. */
  #since: number
  #bytes = 0
  #cancel: () => void
  #cancelIdle: () => void = () => {}

  constructor(clock: Kernel['clock'], options: UtteranceOptions) {
    this.#clock = clock
    this.#options = options
    this.#isWaiting = options.waits
    this.#since = clock.elapsed()
    this.#cancel = clock.after(options.limit_ms, () => this.end())
    // Nobody may ever ask for it, or take a piece.
    this.#heard.promise.catch(() => undefined)
    this.#opened.promise.catch(() => undefined)
  }

  get user_id(): string {
    return this.#options.user_id
  }

  get isListening(): boolean {
    return this.#isListening
  }

  get isWaiting(): boolean {
    return this.#isWaiting
  }

  /** The wake word was said: what comes now is the sentence, which is no longer than any other. */
  wake(): void {
    this.#isWaiting = false
    this.#since = this.#clock.elapsed()
    this.#bytes = 0
    this.#cancel()
    this.#cancel = this.#clock.after(SPEAKING_MS, () => this.end())
  }

  /** Whether nobody has asked for it yet: it becomes one sentence. */
  claim(): boolean {
    if (this.#isClaimed) return false
    this.#isClaimed = true
    return true
  }

  get heard(): Promise<Heard> {
    return this.#heard.promise
  }

  /** Pieces that came before it could listen are heard then. */
  async listen(stream: Promise<Stream>): Promise<void> {
    stream.then(this.#opened.resolve, this.#opened.reject)
    await stream
  }

  async take({ audio_data = '', end }: VoiceAudio): Promise<boolean> {
    if (!this.#isListening) return false
    const bytes = bytesOf(audio_data)
    this.#bytes += bytes.length
    this.#cancelIdle()
    this.#cancelIdle = this.#clock.after(this.#patience_ms(), () => this.end())
    this.#pending_bytes += bytes.length
    if (this.#pending_bytes > PENDING_BYTES_MAX)
      this.end(new SpeechError('audio', 'The sound comes faster than it can be heard.'))
    const taken = this.#last.then(async () => {
      if (bytes.length > 0) await (await this.#opened.promise).write(bytes)
      this.#pending_bytes -= bytes.length
    })
    this.#last = taken
    taken.catch((error: unknown) => this.end(error))
    if (end === true) this.end()
    await taken.catch(() => undefined)
    return true
  }

  /** How long the next piece is waited for: a few bytes now and then hold who listens from others. */
  #patience_ms(): number {
    if (this.#isWaiting) return IDLE_MS
    const late = this.#clock.elapsed() - this.#since - this.#bytes / this.#options.bytes_a_ms
    return Math.max(0, Math.min(IDLE_MS, LATE_MS - late))
  }

  /** Nothing more is taken: what was said is made out, and waits a while to be processed. */
  end(failure?: unknown): void {
    if (!this.#isListening) return
    this.#isListening = false
    this.#cancelIdle()
    this.#cancel()
    this.#cancel = this.#clock.after(KEPT_MS, () => this.forget())
    if (failure === undefined)
      this.#last
        .then(async () => (await this.#opened.promise).end())
        .then(this.#heard.resolve, this.#heard.reject)
    else {
      this.#heard.reject(failure)
      // Who listens is free for others, however long it takes until this is asked for.
      this.away.abort(failure)
    }
    this.#options.told('ended')
  }

  /** Another one takes its place. */
  supersede(): void {
    this.forget()
    this.#options.told('superseded')
  }

  forget(): void {
    this.#isListening = false
    this.#cancelIdle()
    this.#cancel()
    const stopped = new SpeechError('silence', 'The listening was stopped.')
    this.#heard.reject(stopped)
    this.#opened.reject(stopped)
    this.away.abort(stopped)
    this.#options.forgotten()
  }
}

function keyOf({ user_id, connection_id }: Speaker, utterance_id: string): string {
  return JSON.stringify([user_id, connection_id, utterance_id])
}
