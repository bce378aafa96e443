import type { Socket } from 'node:net'
import type { Kernel } from '../../kernel/kernel.ts'
import {
  FrameError,
  chunkOf,
  encodeEvent,
  eventOf,
  formatOf,
  readEvents,
  samplesOf,
} from '../../kernel/wyoming.ts'
import type { SoundFormat, WyomingEvent } from '../../kernel/wyoming.ts'
import { describe } from './service.ts'
import type { SpeechService, WyomingBounds } from './service.ts'

interface ServeOptions {
  service: SpeechService
  kernel: Pick<Kernel, 'clock' | 'log'>
  bounds: WyomingBounds
  version?: string
}

const STOPPED = 'The sound has come to a stop.'

/** Samples in one message with sound. */
const CHUNK_SAMPLES = 4_096

/**
 * Answers one connection, a message after the other, until either side ends it. After a failure it is told and the
 * connection is closed: Home Assistant waits for its transcript as long as there is one.
 */
export async function serve(socket: Socket, options: ServeOptions): Promise<void> {
  const { service, kernel, bounds } = options
  const ended = new AbortController()
  socket.once('close', () => ended.abort(new Error('The connection has ended.')))
  const line = new Line(socket, options, ended.signal)
  try {
    const events = readEvents(line.read(), bounds)
    const conversation = new Conversation(options, line, ended.signal)
    for (;;) {
      const { done, value } = await line.timed(events.next())
      if (done === true) break
      await conversation.hear(value)
    }
  } catch (error) {
    if (!socket.destroyed) {
      const text =
        error instanceof FrameError || error instanceof Refusal ? error.message : service.explain(error)
      kernel.log.warn('a connection of Wyoming failed', { error })
      await line.send(eventOf('error', { text, code: 'failed' })).catch(() => {})
    }
  } finally {
    ended.abort(new Error('The connection has ended.'))
    socket.destroySoon()
    // Whoever does not take the last of it is not waited for.
    const cancel = kernel.clock.after(bounds.idle_ms, () => socket.destroy())
    if (socket.closed) cancel()
    else socket.once('close', cancel)
  }
}

/** The other side asked for something that there is not; the sentence is for it. */
class Refusal extends Error {}

/** What is read and written, none of which is waited for without end. */
class Line {
  readonly #socket: Socket
  readonly #options: ServeOptions
  readonly #signal: AbortSignal

  constructor(socket: Socket, options: ServeOptions, signal: AbortSignal) {
    this.#socket = socket
    this.#options = options
    this.#signal = signal
  }

  async *read(): AsyncGenerator<Uint8Array> {
    yield* this.#socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  }

  async send(event: WyomingEvent): Promise<void> {
    this.#signal.throwIfAborted()
    if (this.#socket.write(encodeEvent(event))) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const go = (): void => resolve()
    this.#socket.once('drain', go)
    this.#socket.once('close', go)
    try {
      await this.timed(promise)
    } finally {
      this.#socket.off('drain', go)
      this.#socket.off('close', go)
    }
    this.#signal.throwIfAborted()
  }

  /** Ends the connection when the other side does nothing for too long. */
  async timed<T>(promise: Promise<T>): Promise<T> {
    const { kernel, bounds } = this.#options
    const cancel = kernel.clock.after(bounds.idle_ms, () => this.#socket.destroy())
    try {
      return await promise
    } finally {
      cancel()
    }
  }
}

interface Utterance {
  format: SoundFormat
  samples: number
  /** Who hears it, once there is something to hear. */
  listening: Awaited<ReturnType<SpeechService['open']>> | undefined
  work: AbortController
  /** Monotonic milliseconds at which its sound began, once it has. */
  began: number | undefined
  cancelPause: () => void
}

/** What was asked for so far. */
class Conversation {
  readonly #options: ServeOptions
  readonly #line: Line
  readonly #signal: AbortSignal
  #language = 'auto'
  #utterance: Utterance | undefined
  /** Whether the last one was let go: its end has no transcript to wait for. */
  #wasLetGo = false

  constructor(options: ServeOptions, line: Line, signal: AbortSignal) {
    this.#options = options
    this.#line = line
    this.#signal = signal
    signal.addEventListener('abort', () => this.#utterance?.cancelPause(), { once: true })
  }

  /** What is not known is passed over, as the protocol wants it. */
  async hear(event: WyomingEvent): Promise<void> {
    const { service, version } = this.#options
    if (event.type === 'describe') return this.#line.send(await describe(service, version))
    if (event.type === 'ping') return this.#line.send(eventOf('pong', textOf(event)))
    if (event.type === 'transcribe') {
      const { language } = event.data
      this.#language = isTag(language) ? language : 'auto'
    }
    if (event.type === 'audio-start') this.#begin(event)
    if (event.type === 'audio-chunk') await this.#listen(event)
    if (event.type === 'audio-stop') await this.#answer()
    if (event.type === 'synthesize') await this.#speak(event)
  }

  #begin(event: WyomingEvent): void {
    if (this.#utterance !== undefined) throw new Refusal('Another utterance has not ended yet.')
    this.#wasLetGo = false
    this.#utterance = {
      format: formatOf(event),
      samples: 0,
      listening: undefined,
      work: new AbortController(),
      began: undefined,
      cancelPause: () => {},
    }
  }

  /** Whoever listens is taken for the first sound alone: somebody who says nothing keeps nobody from being heard. */
  async #listenerOf(utterance: Utterance): Promise<NonNullable<Utterance['listening']>> {
    const { service } = this.#options
    const { work, format } = utterance
    const signal = AbortSignal.any([this.#signal, work.signal])
    utterance.listening ??= await this.#within(
      work,
      service.open({ language: this.#language, rate: format.rate, signal }),
    )
    return utterance.listening
  }

  /** Lets an utterance go whose sound comes much later than it is long. */
  #awaitMore(utterance: Utterance, began: number): void {
    const { kernel, bounds } = this.#options
    const sound_ms = (utterance.samples / utterance.format.rate) * 1_000
    const left = bounds.pause_ms + sound_ms - (kernel.clock.elapsed() - began)
    utterance.cancelPause()
    utterance.cancelPause = kernel.clock.after(Math.max(0, left), () => {
      utterance.work.abort(new Refusal(STOPPED))
      if (this.#utterance !== utterance) return
      this.#utterance = undefined
      this.#wasLetGo = true
    })
  }

  async #listen(event: WyomingEvent): Promise<void> {
    // What comes after the end of an utterance belongs to none.
    const utterance = this.#utterance
    if (utterance === undefined) return
    const { format, work } = utterance
    const { rate, channels } = formatOf(event)
    if (rate !== format.rate || channels !== format.channels)
      throw new Refusal('The sound changes its format in the middle.')
    const samples = samplesOf(event.payload, format)
    utterance.samples += samples.length
    const { seconds_max } = this.#options.bounds
    if (utterance.samples > seconds_max * rate)
      throw new Refusal(`The recording is longer than ${seconds_max} s.`)
    if (samples.length === 0) return
    const { clock } = this.#options.kernel
    const arrived = clock.elapsed()
    utterance.cancelPause()
    utterance.began ??= arrived
    const listening = await this.#listenerOf(utterance)
    await this.#within(work, listening.write(samples))
    // For what hearing takes the speaker is not to blame.
    utterance.began += clock.elapsed() - arrived
    this.#awaitMore(utterance, utterance.began)
  }

  async #answer(): Promise<void> {
    const utterance = this.#utterance
    if (this.#wasLetGo) throw new Refusal(STOPPED)
    if (utterance === undefined) return
    this.#utterance = undefined
    utterance.cancelPause()
    const { listening, work } = utterance
    const { text, language } =
      listening === undefined ? { text: '' } : await this.#within(work, listening.end())
    await this.#line.send(eventOf('transcript', { text, ...(language === undefined ? {} : { language }) }))
  }

  async #speak(event: WyomingEvent): Promise<void> {
    const { service, bounds } = this.#options
    const { text } = textOf(event)
    if (text.length > bounds.text_characters_max)
      throw new Refusal(`The text has more than ${bounds.text_characters_max} characters.`)
    const work = new AbortController()
    const signal = AbortSignal.any([this.#signal, work.signal])
    const chunks = service.speak({ text, ...voiceOf(event), signal })[Symbol.asyncIterator]()
    let rate: number | undefined
    try {
      for (;;) {
        const { done, value } = await this.#within(work, chunks.next())
        if (done === true) break
        if (rate === undefined) {
          rate = value.sample_rate
          await this.#line.send(eventOf('audio-start', { rate, width: 2, channels: 1 }))
        }
        if (value.sample_rate !== rate) throw new Refusal('The voice changes its rate in the middle.')
        for (let at = 0; at < value.samples.length; at += CHUNK_SAMPLES)
          await this.#line.send(chunkOf(value.samples.subarray(at, at + CHUNK_SAMPLES), rate))
      }
    } finally {
      work.abort(new Error('Nobody listens any more.'))
      // Not waited for: an engine that hangs would never come to its end.
      chunks.return?.(undefined).catch(() => {})
    }
    // A text without a word is spoken in no time.
    if (rate === undefined)
      await this.#line.send(eventOf('audio-start', { rate: 16_000, width: 2, channels: 1 }))
    await this.#line.send(eventOf('audio-stop'))
  }

  /** What the work comes to, unless it takes too long or the other side has left. */
  async #within<T>(work: AbortController, promise: Promise<T>): Promise<T> {
    const { kernel, bounds } = this.#options
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const cancel = kernel.clock.after(bounds.work_ms, () => {
      const late = new Refusal(`It took longer than ${bounds.work_ms / 1_000} s.`)
      work.abort(late)
      reject(late)
    })
    const leave = (): void => reject(this.#signal.reason)
    this.#signal.addEventListener('abort', leave, { once: true })
    if (this.#signal.aborted) leave()
    try {
      return await Promise.race([promise, ended])
    } finally {
      cancel()
      this.#signal.removeEventListener('abort', leave)
    }
  }
}

function textOf({ data }: WyomingEvent): { text: string } {
  const { text } = data
  return { text: typeof text === 'string' ? text : '' }
}

function voiceOf({ data }: WyomingEvent): { voice: string | undefined; language: string | undefined } {
  const { voice } = data
  const { name, language } =
    typeof voice === 'object' && voice !== null ? (voice as Record<string, unknown>) : {}
  return {
    voice: typeof name === 'string' ? name : undefined,
    language: isTag(language) ? language : undefined,
  }
}

function isTag(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}$/.test(value)
}
