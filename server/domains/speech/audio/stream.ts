import { SAMPLE_RATE } from '../kinds.ts'
import { PADDING_S, SOUND_BOUNDS } from './bounds.ts'
import type { SoundBounds } from './bounds.ts'
import { decode, Reading } from './decode.ts'
import { bad, tooLarge, tooLong } from './refusal.ts'
import { HEADER_BYTES, sniff } from './sniff.ts'
import type { Sound } from './sniff.ts'

/** What a stream is said to be: `pcm16` is bare samples, little-endian, one channel, 16 kHz; all else tells by itself. */
export type StreamFormat = 'webm' | 'ogg' | 'pcm16'

/** A recording that is decoded while it is made. */
export interface StreamingDecoder {
  /** Takes the next bytes, cut anywhere, and gives what can be heard by now. One call after the other. */
  push(bytes: Uint8Array): Promise<Int16Array>
  end(): Promise<Int16Array>
  /** Frees what it holds, after `end` or without it. */
  free(): void
}

/**
 * Decodes WebM, Ogg and bare samples as they come; a recording of another kind comes out whole at its end.
 * The bounds hold for all of it together.
 */
export function openDecoder(format?: StreamFormat, bounds: SoundBounds = SOUND_BOUNDS): StreamingDecoder {
  return format === 'pcm16' ? new BareSamples(bounds) : new Recording(format, bounds)
}

/** How the containers begin that can be decoded by and by. */
const STREAMED = ['OggS', '\x1aE\xdf\xa3']

class Recording implements StreamingDecoder {
  readonly #format: StreamFormat | undefined
  readonly #bounds: SoundBounds
  /** What came before its kind was known, or all of it where that must be there whole. */
  #held: Uint8Array[] = []
  #bytes = 0
  #reading: Reading | undefined

  constructor(format: StreamFormat | undefined, bounds: SoundBounds) {
    this.#format = format
    this.#bounds = bounds
  }

  async push(bytes: Uint8Array): Promise<Int16Array> {
    this.#bytes += bytes.length
    if (this.#bytes > this.#bounds.bytes_max) throw tooLarge(this.#bounds)
    if (this.#reading !== undefined) return this.#reading.push(bytes)
    this.#held.push(Uint8Array.from(bytes))
    const sound = this.#tell()
    if (sound === undefined) return new Int16Array()
    this.#check(sound)
    this.#reading = await Reading.open(sound, this.#bounds)
    return this.#reading.push(Buffer.concat(this.#held.splice(0)))
  }

  async end(): Promise<Int16Array> {
    if (this.#reading !== undefined) return this.#reading.end()
    const bytes = Buffer.concat(this.#held.splice(0))
    this.#check(sniff(bytes, this.#bounds))
    return decode(bytes, this.#bounds)
  }

  free(): void {
    this.#held = []
    this.#reading?.free()
  }

  /** What it is, once enough is there to tell and if it can be decoded by and by. */
  #tell(): Sound | undefined {
    // The kind is told from the first bytes alone, so that a long one is not looked at again and again.
    const kind = Buffer.concat(this.#held.slice(0, 4)).toString('latin1', 0, 4)
    if (this.#bytes >= 4 && !STREAMED.includes(kind)) return undefined
    const head = Buffer.concat(this.#held)
    this.#held = [head]
    try {
      return sniff(head, this.#bounds)
    } catch (error) {
      if (head.length < HEADER_BYTES) return undefined
      throw error
    }
  }

  #check({ container, name }: Sound): void {
    if (this.#format !== undefined && container !== this.#format)
      throw bad(`The stream was said to be ${this.#format === 'webm' ? 'WebM' : 'Ogg'}, and is ${name}.`)
  }
}

class BareSamples implements StreamingDecoder {
  readonly #bounds: SoundBounds
  #samples = 0
  /** The first byte of a sample whose second is still to come. */
  #odd = new Uint8Array()

  constructor(bounds: SoundBounds) {
    this.#bounds = bounds
  }

  push(bytes: Uint8Array): Promise<Int16Array> {
    const all = Buffer.concat([this.#odd, bytes])
    const samples = Int16Array.from({ length: Math.floor(all.length / 2) }, (_, at) =>
      all.readInt16LE(at * 2),
    )
    this.#odd = Uint8Array.from(all.subarray(samples.length * 2))
    this.#samples += samples.length
    return this.#samples > (this.#bounds.seconds_max + PADDING_S) * SAMPLE_RATE
      ? Promise.reject(tooLong(this.#bounds))
      : Promise.resolve(samples)
  }

  end(): Promise<Int16Array> {
    return this.#samples === 0
      ? Promise.reject(bad('The recording is empty.'))
      : Promise.resolve(new Int16Array())
  }

  free(): void {}
}
