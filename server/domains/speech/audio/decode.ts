import { PADDING_S, SOUND_BOUNDS } from './bounds.ts'
import type { SoundBounds } from './bounds.ts'
import { bad, checkShape, tooLarge, tooLong } from './refusal.ts'
import { Resampler } from './resample.ts'
import { join } from './samples.ts'
import { sniff } from './sniff.ts'
import type { Sound } from './sniff.ts'
import { readWav, soundBytesIn } from './wav.ts'

/**
 * Bytes that a decoder gets at once. A few may stand for minutes of silence, and whatever comes out of them is there
 * before it can be counted; but a decoder that waits for the rest of a part copies all of it each time.
 */
const STEP_BYTES: Readonly<Record<Sound['decoder'], number>> = {
  opus: 4_096,
  oga: 4_096,
  flac: 4_096,
  mp3: 4_096,
  webm: 16_384,
  wav: 65_536,
}

interface Decoded {
  channelData: Float32Array[]
  sampleRate: number
  /** How much of the channels counts, where they may be longer. */
  samplesDecoded?: number
}

/** What the packages that decode have in common. */
interface Decoder {
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>
  flush?(): Decoded | Promise<Decoded>
  free?(): void
}

const DECODERS: Readonly<Record<Sound['decoder'], () => Promise<{ decoder(): Promise<Decoder> | Decoder }>>> =
  {
    wav: () => import('@audio/decode-wav'),
    opus: () => import('@audio/decode-opus'),
    oga: () => import('@audio/decode-vorbis'),
    webm: () => import('@audio/decode-webm'),
    mp3: () => import('@audio/decode-mp3'),
    flac: () => import('@audio/decode-flac'),
  }

/**
 * Bytes in a row out of which nothing may come. A decoder that has lost its way searches them again and again; a
 * picture of a cover may well be as long. WAV tells beforehand where its sound is.
 */
const VAIN_BYTES_MAX = 256 * 1024

/**
 * Makes one channel of 16 kHz out of a recording: WAV, Ogg with Opus, Vorbis or FLAC, WebM with Opus or Vorbis, MP3 or
 * FLAC.
 *
 * @throws SpeechError that names what is wrong with it.
 */
export async function decode(bytes: Uint8Array, bounds: SoundBounds = SOUND_BOUNDS): Promise<Int16Array> {
  if (bytes.length > bounds.bytes_max) throw tooLarge(bounds)
  const sound = sniff(bytes, bounds)
  const reading = await Reading.open(sound, bounds)
  try {
    const parts = await reading.push(sound.decoder === 'wav' ? plainWav(bytes) : bytes.subarray(sound.start))
    return join([parts, await reading.end()])
  } finally {
    reading.free()
  }
}

/** A recording that is decoded step by step, counted after each. */
export class Reading {
  readonly #sound: Sound
  readonly #bounds: SoundBounds
  readonly #decoder: Decoder
  #resampler: Resampler | undefined
  #rate = 0
  /** Samples as they came out of the decoder, in all and among them those that are numbers; and seconds of them. */
  #decoded = 0
  #numbers = 0
  #seconds = 0
  #vain_bytes = 0

  static async open(sound: Sound, bounds: SoundBounds): Promise<Reading> {
    const { decoder } = await DECODERS[sound.decoder]()
    return new Reading(sound, bounds, await decoder())
  }

  private constructor(sound: Sound, bounds: SoundBounds, decoder: Decoder) {
    this.#sound = sound
    this.#bounds = bounds
    this.#decoder = decoder
  }

  async push(bytes: Uint8Array): Promise<Int16Array> {
    const out: Int16Array[] = []
    const step = STEP_BYTES[this.#sound.decoder]
    for (let at = 0; at < bytes.length; at += step) {
      const part = bytes.subarray(at, at + step)
      const samples = this.#take(await this.#read(() => this.#decoder.decode(part)))
      this.#vain_bytes = samples.length > 0 ? 0 : this.#vain_bytes + part.length
      if (this.#vain_bytes > VAIN_BYTES_MAX && step < STEP_BYTES.wav)
        throw bad(`The ${this.#sound.name} file goes on without any sound.`)
      out.push(samples)
    }
    return join(out)
  }

  async end(): Promise<Int16Array> {
    const last = this.#take(await this.#read(() => this.#decoder.flush?.()))
    const rest = toPcm(this.#resampler?.end() ?? new Float32Array())
    const { name, claimed = 0 } = this.#sound
    if (this.#decoded === 0) throw bad(`The ${name} file holds no sound that can be read, or is cut off.`)
    if (this.#numbers === 0) throw bad(`The samples of the ${name} file are no numbers.`)
    if (this.#decoded < claimed)
      throw bad(`The ${name} file claims ${claimed} samples, and ${this.#decoded} are there.`)
    return join([last, rest])
  }

  free(): void {
    this.#decoder.free?.()
  }

  async #read(from: () => Decoded | Promise<Decoded> | undefined): Promise<Decoded> {
    try {
      return (await from()) ?? { channelData: [], sampleRate: 0 }
    } catch (cause) {
      throw bad(`The ${this.#sound.name} file is damaged or cut off, or not what it seems.`, cause)
    }
  }

  #take({ channelData: all, sampleRate, samplesDecoded }: Decoded): Int16Array {
    const channelData = samplesDecoded === undefined ? all : all.map((one) => one.subarray(0, samplesDecoded))
    const [first] = channelData
    if (first === undefined || first.length === 0) return new Int16Array()
    checkShape(channelData.length, sampleRate, this.#bounds)
    this.#decoded += first.length
    this.#seconds += first.length / sampleRate
    // In milliseconds, so that a sum of fractions is not taken for a little more.
    if (Math.floor(this.#seconds * 1_000) > (this.#bounds.seconds_max + PADDING_S) * 1_000)
      throw tooLong(this.#bounds)
    const rest = sampleRate === this.#rate ? new Float32Array() : this.#resampler?.end()
    if (this.#resampler === undefined || sampleRate !== this.#rate)
      this.#resampler = new Resampler(sampleRate)
    this.#rate = sampleRate
    const mixed = this.#mix(channelData, first.length)
    return join([toPcm(rest ?? new Float32Array()), toPcm(this.#resampler.push(mixed))])
  }

  /** One channel of several: their mean. What is no number is silence. */
  #mix(channels: readonly Float32Array[], length: number): Float32Array {
    const mixed = new Float32Array(length)
    for (let index = 0; index < length; index += 1) {
      let sum = 0
      for (const channel of channels) sum += Math.max(-1, Math.min(1, channel[index] ?? 0))
      if (Number.isNaN(sum)) continue
      this.#numbers += 1
      mixed[index] = sum / channels.length
    }
    return mixed
  }
}

/** A WAV file whose header is as its decoder expects it: the format, then the sound, and nothing else. */
function plainWav(bytes: Uint8Array): Uint8Array {
  const header = readWav(bytes)
  if (header === undefined) return bytes
  const { format_start, format_end, data_start } = header
  const data_bytes = soundBytesIn(bytes, header)
  // The length may have been unknown when the header was written.
  const length = Buffer.alloc(4)
  length.writeUInt32LE(data_bytes)
  return Buffer.concat([
    bytes.subarray(0, 12),
    bytes.subarray(format_start, format_end),
    bytes.subarray(data_start - 8, data_start - 4),
    length,
    bytes.subarray(data_start, data_start + data_bytes),
  ])
}

export function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))))
}
