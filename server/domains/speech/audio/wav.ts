/** What a WAV header says of what follows it. */
export interface WavHeader {
  format: number
  channels: number
  rate: number
  bits: number
  /** Bytes of one sample of all channels. */
  block: number
  /** Where the chunk with all that lies, and where the sound begins. */
  format_start: number
  format_end: number
  data_start: number
  data_bytes: number
}

/** Chunks before the sound; a file that has more of them is none that anything writes. */
const CHUNKS_MAX = 64

const UNKNOWN_BYTES = 0x7f_ff_00_00

/** Whether it was written before the length was known, as into a pipe: the sound is all that comes. */
export function hasUnknownLength({ data_bytes }: WavHeader): boolean {
  return data_bytes === 0 || data_bytes >= UNKNOWN_BYTES
}

/** Reads a header whose sound begins within the bytes; none when there is no such thing in them. */
export function readWav(bytes: Uint8Array): WavHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let header: WavHeader | undefined
  let at = 12
  for (let chunk = 0; chunk < CHUNKS_MAX && at + 8 <= bytes.length; chunk += 1) {
    const [name, size] = [nameAt(bytes, at), view.getUint32(at + 4, true)]
    if (name === 'fmt ' && size >= 16 && at + 8 + size <= bytes.length) {
      const format = view.getUint16(at + 8, true)
      header = {
        // An extensible header names the format itself behind the usual fields.
        format: format === 0xff_fe && size >= 40 ? view.getUint16(at + 32, true) : format,
        channels: view.getUint16(at + 10, true),
        rate: view.getUint32(at + 12, true),
        block: view.getUint16(at + 20, true),
        bits: view.getUint16(at + 22, true),
        format_start: at,
        format_end: at + 8 + size,
        data_start: 0,
        data_bytes: 0,
      }
    }
    if (name === 'data') return header && { ...header, data_start: at + 8, data_bytes: size }
    // Chunks begin at even places.
    at += 8 + size + (size % 2)
  }
  return undefined
}

/** The bytes of the sound in a whole file, as far as its header knows them. */
export function soundBytesIn(bytes: Uint8Array, header: WavHeader): number {
  return hasUnknownLength(header) ? bytes.length - header.data_start : header.data_bytes
}

/** Four letters that name a chunk or a box. */
export function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

const HEADER_BYTES = 44

/** A WAV file of one channel, of samples or of parts one after the other. */
export function toWav(samples: Int16Array | readonly Int16Array[], rate: number): Uint8Array {
  const parts = samples instanceof Int16Array ? [samples] : samples
  const sound_bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const bytes = new Uint8Array(HEADER_BYTES + sound_bytes)
  const view = new DataView(bytes.buffer)
  const name = (at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at)
  name(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  name(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  name(36, 'data')
  view.setUint32(40, sound_bytes, true)
  // Copied as they lie in memory, little-endian on every machine that runs this: one by one, minutes of sound block the server.
  let at = HEADER_BYTES
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}
