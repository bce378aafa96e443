import { samplesOf } from '../../../kernel/wyoming.ts'
import { hasUnknownLength, readWav } from '../audio/wav.ts'
import type { WavHeader } from '../audio/wav.ts'
import { SpeechError } from '../kinds.ts'
import type { SpokenChunk } from '../kinds.ts'

/** Within so many bytes a WAV file must have come to its sound. */
const HEADER_BYTES_MAX = 8_192

/** Reads a WAV file as it comes. */
export class WavReader {
  readonly #name: string
  #header: WavHeader | undefined
  #held: Buffer = Buffer.alloc(0)
  #left = 0

  /** @param name - of the engine that sends it. */
  constructor(name: string) {
    this.#name = name
  }

  /** The sound in the next bytes, if there is any yet. @throws SpeechError */
  push(bytes: Uint8Array): SpokenChunk | undefined {
    this.#held = Buffer.concat([this.#held, bytes])
    const header = (this.#header ??= this.#readHeader())
    if (header === undefined) return undefined
    const whole = Math.min(this.#held.length, this.#left)
    const count = whole - (whole % header.block)
    if (count === 0) return undefined
    const samples = samplesOf(this.#held.subarray(0, count), header)
    this.#left -= count
    // What follows the sound is of no use to anybody here.
    this.#held = this.#left === 0 ? Buffer.alloc(0) : this.#held.subarray(count)
    return { samples, sample_rate: header.rate }
  }

  /** @throws SpeechError when it has ended before its sound has. */
  end(): void {
    const isOpen = this.#header !== undefined && this.#header.data_bytes === Infinity
    if (this.#header === undefined || (this.#left > 0 && !isOpen)) throw this.#wrong('broke the sound off')
  }

  #readHeader(): WavHeader | undefined {
    const begin = this.#held.subarray(0, 4).toString('latin1')
    if (!'RIFF'.startsWith(begin)) throw this.#wrong('answered something that is not a WAV file')
    const header = readWav(this.#held)
    if (header === undefined) {
      if (this.#held.length > HEADER_BYTES_MAX) throw this.#wrong('answered a WAV file without sound')
      return undefined
    }
    const { format, channels, bits, block, rate } = header
    const isFit = format === 1 && bits === 16 && (channels === 1 || channels === 2) && block === channels * 2
    if (!isFit || rate < 4_000 || rate > 96_000)
      throw this.#wrong('answered a WAV file that is not 16-bit PCM with one or two channels')
    this.#held = this.#held.subarray(header.data_start)
    this.#left = hasUnknownLength(header) ? Infinity : header.data_bytes
    return { ...header, data_bytes: this.#left }
  }

  #wrong(what: string): SpeechError {
    return new SpeechError('engine', `${this.#name} ${what}.`)
  }
}

/** The same sound louder or softer. */
export function withVolume(chunk: SpokenChunk, volume: number): SpokenChunk {
  if (volume === 1) return chunk
  return {
    ...chunk,
    samples: chunk.samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * volume)))),
  }
}

/** What one side gives as it comes and the other takes when it can; whoever gives it bounds how much that is. */
export class Flow<T> {
  #waiting: T[] = []
  #ended: { error?: unknown } | undefined
  #wake: () => void = () => {}

  push(one: T): void {
    this.#waiting.push(one)
    this.#wake()
  }

  end(error?: unknown): void {
    this.#ended ??= error === undefined ? {} : { error }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const ready = this.#waiting
      this.#waiting = []
      yield* ready
      if (this.#waiting.length > 0) continue
      if (this.#ended !== undefined) {
        if ('error' in this.#ended) throw this.#ended.error
        return
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
  }
}
