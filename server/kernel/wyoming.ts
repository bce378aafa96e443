/**
 * One message of Wyoming, the protocol by which Home Assistant and its satellites speak with speech services: a line of
 * JSON, then as many bytes of further JSON and of payload as the line says. Both sides of it are written here once.
 *
 * @see https://github.com/rhasspy/wyoming
 */
export interface WyomingEvent {
  type: string
  data: Readonly<Record<string, unknown>>
  /** PCM as a rule; empty when there is none. */
  payload: Uint8Array
}

/** The most that a message may have, in bytes. */
export interface FrameBounds {
  line_bytes_max: number
  data_bytes_max: number
  payload_bytes_max: number
}

export const FRAME_BOUNDS: FrameBounds = {
  line_bytes_max: 65_536,
  data_bytes_max: 1_048_576,
  payload_bytes_max: 1_048_576,
}

/** What came is no message. Nothing of what came is in the sentence. */
export class FrameError extends Error {}

/** Whose form of the protocol this is, which the other side only notes down. */
const VERSION = '1.7.0'
const TYPE_CHARACTERS_MAX = 64
const NEWLINE = 0x0a
const EMPTY = new Uint8Array(0)

/** Writes a message as bytes. */
export function encodeEvent({ type, data, payload }: WyomingEvent): Buffer {
  const json = Object.keys(data).length === 0 ? EMPTY : Buffer.from(JSON.stringify(data))
  const line = JSON.stringify({
    type,
    version: VERSION,
    ...(json.byteLength > 0 ? { data_length: json.byteLength } : {}),
    ...(payload.byteLength > 0 ? { payload_length: payload.byteLength } : {}),
  })
  return Buffer.concat([Buffer.from(`${line}\n`), json, payload])
}

/** A message without payload. */
export function eventOf(type: string, data: WyomingEvent['data'] = {}): WyomingEvent {
  return { type, data, payload: EMPTY }
}

/**
 * Reads messages out of bytes, wherever these are cut. It never holds more than one message that is not whole yet.
 *
 * @throws FrameError for what is no message, as soon as that is known, and where the bytes end within one.
 */
export async function* readEvents(
  source: AsyncIterable<Uint8Array>,
  bounds: FrameBounds = FRAME_BOUNDS,
): AsyncGenerator<WyomingEvent> {
  const held = new Held()
  let head: Head | undefined
  for await (const chunk of source) {
    held.add(chunk)
    for (;;) {
      head ??= readHead(held, bounds)
      if (head === undefined || held.size < head.data_length + head.payload_length) break
      const more = readData(held.take(head.data_length))
      const payload = held.take(head.payload_length)
      yield { type: head.type, data: { ...head.data, ...more }, payload }
      head = undefined
    }
  }
  if (head !== undefined || held.size > 0) throw new FrameError('the bytes end within a message')
}

interface Head {
  type: string
  data: Readonly<Record<string, unknown>>
  data_length: number
  payload_length: number
}

/** Bytes that wait, in one piece that grows by doubling: also bytes that come one by one are copied a few times at most. */
class Held {
  size = 0
  #bytes = Buffer.alloc(0)
  #start = 0
  /** Bytes of the beginning that are known to hold no end of a line. */
  #searched = 0

  add(chunk: Uint8Array): void {
    const need = this.size + chunk.byteLength
    if (this.#start + need > this.#bytes.byteLength) {
      const wider = Buffer.allocUnsafe(Math.max(need, 2 * this.size))
      this.#rest().copy(wider)
      this.#bytes = wider
      this.#start = 0
    }
    this.#bytes.set(chunk, this.#start + this.size)
    this.size = need
  }

  /** Bytes of the first line, with its end, if that is there. */
  line(): number | undefined {
    const at = this.#rest().indexOf(NEWLINE, this.#searched)
    this.#searched = this.size
    return at < 0 ? undefined : at + 1
  }

  take(bytes: number): Uint8Array {
    const taken = new Uint8Array(this.#rest().subarray(0, bytes))
    this.#start += bytes
    this.size -= bytes
    this.#searched = 0
    return taken
  }

  #rest(): Buffer {
    return this.#bytes.subarray(this.#start, this.#start + this.size)
  }
}

function readHead(held: Held, { line_bytes_max, data_bytes_max, payload_bytes_max }: FrameBounds) {
  const length = held.line()
  if ((length ?? held.size) > line_bytes_max)
    throw new FrameError(`a message begins with a line of more than ${line_bytes_max} bytes`)
  if (length === undefined) return undefined
  const fields = toObject(held.take(length), 'a message begins with a line that is no JSON object')
  const { type, data } = fields
  if (typeof type !== 'string' || type === '' || type.length > TYPE_CHARACTERS_MAX)
    throw new FrameError('a message has no type')
  if (data !== undefined && data !== null && !isObject(data))
    throw new FrameError('the data of a message is no JSON object')
  return {
    type,
    data: isObject(data) ? data : {},
    data_length: toLength(fields['data_length'], data_bytes_max, 'data'),
    payload_length: toLength(fields['payload_length'], payload_bytes_max, 'payload'),
  } satisfies Head
}

function readData(bytes: Uint8Array): Record<string, unknown> {
  return bytes.byteLength === 0 ? {} : toObject(bytes, 'the data of a message is no JSON object')
}

function toLength(value: unknown, most: number, what: string): number {
  if (value === undefined || value === null) return 0
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new FrameError(`the length of the ${what} of a message is no number of bytes`)
  if (value > most) throw new FrameError(`a message has a ${what} of more than ${most} bytes`)
  return value
}

/** Fatal: text that is no UTF-8 would come out as other text. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

function toObject(bytes: Uint8Array, otherwise: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    if (isObject(value)) return value
  } catch {
    // No JSON: the same as any other JSON than an object.
  }
  throw new FrameError(otherwise)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How sound is written in a message, as each with sound says anew. */
export interface SoundFormat {
  /** Samples a second. */
  rate: number
  /** Bytes a sample. */
  width: number
  channels: number
}

const RATE_MIN = 4_000
const RATE_MAX = 192_000

/** @throws FrameError for what is no 16-bit PCM of one or two channels. */
export function formatOf({ data }: Pick<WyomingEvent, 'data'>): SoundFormat {
  const { rate, width, channels } = data
  const isRate = typeof rate === 'number' && Number.isInteger(rate) && rate >= RATE_MIN && rate <= RATE_MAX
  if (!isRate || width !== 2 || (channels !== 1 && channels !== 2))
    throw new FrameError('the sound is not 16-bit PCM with one or two channels')
  return { rate, width, channels }
}

/**
 * The samples of a payload; two channels are mixed to one.
 *
 * @throws FrameError when there is a part of a sample.
 */
export function samplesOf(payload: Uint8Array, { channels }: Pick<SoundFormat, 'channels'>): Int16Array {
  if (payload.byteLength % (2 * channels) !== 0) throw new FrameError('the sound has a part of a sample')
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const count = payload.byteLength / (2 * channels)
  return Int16Array.from({ length: count }, (_, at) =>
    channels === 1
      ? view.getInt16(at * 2, true)
      : (view.getInt16(at * 4, true) + view.getInt16(at * 4 + 2, true)) >> 1,
  )
}

/** Samples as a payload has them. */
export function payloadOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2)
  const view = new DataView(bytes.buffer)
  for (const [at, sample] of samples.entries()) view.setInt16(at * 2, sample, true)
  return bytes
}

/** A message with sound. */
export function chunkOf(samples: Int16Array, rate: number): WyomingEvent {
  return { type: 'audio-chunk', data: { rate, width: 2, channels: 1 }, payload: payloadOf(samples) }
}
