import { PADDING_S } from './bounds.ts'
import type { SoundBounds } from './bounds.ts'
import { bad, checkShape, tooLong } from './refusal.ts'
import { nameAt, readWav, soundBytesIn } from './wav.ts'

/** A container together with the codec inside, by the name of what decodes it, and what its header says. */
export interface Sound {
  decoder: 'wav' | 'opus' | 'oga' | 'webm' | 'mp3' | 'flac'
  /** As its user calls it. */
  name: string
  /** What it is wrapped in, if that can be decoded by and by. */
  container?: 'ogg' | 'webm'
  /** Samples of all channels together, where the header claims a number. */
  claimed?: number
  /** Bytes before the first of it: a tag with a title. */
  start?: number
}

/** How far into a file its header can be told from its sound. */
export const HEADER_BYTES = 16_384

const EBML = '\x1aE\xdf\xa3'

/** What is often sent by mistake: how it begins, what stands at its eighth byte, and what it is. */
const OTHER: readonly (readonly [begin: string, eighth: string, what: string])[] = [
  ['PK\x03\x04', '', 'a ZIP archive'],
  ['PK\x05\x06', '', 'an empty ZIP archive'],
  ['\x1f\x8b', '', 'a gzip archive'],
  ['Rar!', '', 'a RAR archive'],
  ['7z\xbc\xaf', '', 'a 7-Zip archive'],
  ['%PDF', '', 'a PDF'],
  ['\x89PNG', '', 'a picture'],
  ['\xff\xd8\xff', '', 'a picture'],
  ['GIF8', '', 'a picture'],
  ['RIFF', 'WEBP', 'a picture'],
  ['RIFF', 'AVI ', 'an AVI film'],
  ['\x7fELF', '', 'a program'],
  ['MZ', '', 'a program'],
  ['#!AMR', '', 'AMR sound'],
  ['#!', '', 'a program'],
  ['FORM', 'AIF', 'AIFF sound'],
  ['caff', '', 'CAF sound'],
  ['MThd', '', 'MIDI'],
  ['0&\xb2u', '', 'WMA sound'],
  ['<', '', 'a text'],
  ['{', '', 'a text'],
  ['[', '', 'a text'],
]
const TAKEN = 'Send WAV, Ogg, WebM, MP3 or FLAC.'

/**
 * Tells what bytes are before anything is made of them. The first `HEADER_BYTES` are enough, but for WAV,
 * whose header is held against what follows it.
 *
 * @throws SpeechError for what is not supported or claims what can't be.
 */
export function sniff(bytes: Uint8Array, bounds: SoundBounds): Sound {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES)).toString(
    'latin1',
  )
  if (head.length === 0) throw bad('The recording is empty.')
  // A tag stands before the sound of MP3, and sometimes of other files.
  if (head.startsWith('ID3')) return afterTag(bytes, bounds)
  if (/^RIFF....WAVE/s.test(head)) return ofWav(bytes, bounds)
  if (head.startsWith('OggS')) return ofOgg(bytes, head, bounds)
  if (head.startsWith(EBML)) return ofWebm(bytes, head, bounds)
  if (head.startsWith('fLaC')) return ofFlac(bytes, bounds)
  if (head.slice(4, 8) === 'ftyp') throw bad(`That is M4A or a film, which can't be heard. ${TAKEN}`)
  const other = OTHER.find(([begin, eighth]) => head.startsWith(begin) && head.startsWith(eighth, 8))
  if (other !== undefined) throw bad(`That is ${other[2]}, which can't be heard. ${TAKEN}`)
  return ofFrames(bytes)
}

function afterTag(bytes: Uint8Array, bounds: SoundBounds): Sound {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10)
  const length = ((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127)
  const start = 10 + length + ((bytes[5] ?? 0) & 16 ? 10 : 0)
  const rest = bytes.subarray(start)
  if (rest.length === 0) throw bad('The recording holds a title and no sound.')
  return { ...(nameAt(rest, 0) === 'fLaC' ? ofFlac(rest, bounds) : ofFrames(rest)), start }
}

function ofWav(bytes: Uint8Array, bounds: SoundBounds): Sound {
  const header = readWav(bytes)
  if (header === undefined) throw bad('The WAV file has no header that can be read, or is cut off.')
  const { format, channels, rate, bits, block, data_start } = header
  const data_bytes = soundBytesIn(bytes, header)
  const formats: Record<number, readonly number[]> = { 1: [8, 16, 24, 32], 3: [32, 64], 6: [8], 7: [8] }
  if (!formats[format]?.includes(bits))
    throw bad(`A WAV file of format ${format} with ${bits} bits can't be read.`)
  checkShape(channels, rate, bounds)
  if (block !== (channels * bits) / 8)
    throw bad(`The WAV header says ${block} bytes a sample, and its sound has ${(channels * bits) / 8}.`)
  const there = bytes.length - data_start
  if (data_bytes > there)
    throw bad(`The WAV header claims ${data_bytes} bytes of sound, and ${there} are there.`)
  if (data_bytes < block) throw bad('The WAV file holds no sound.')
  return claims({ decoder: 'wav', name: 'WAV' }, Math.floor(data_bytes / block), rate, bounds)
}

function ofOgg(bytes: Uint8Array, head: string, bounds: SoundBounds): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = 27 + (bytes[26] ?? 0)
  const codec = head.slice(at, at + 8)
  if (codec === 'OpusHead' && bytes.length >= at + 19) {
    checkShape(bytes[at + 9] ?? 0, 48_000, bounds)
    return { decoder: 'opus', name: 'Ogg Opus', container: 'ogg' }
  }
  if (codec.startsWith('\x01vorbis') && bytes.length >= at + 30) {
    checkShape(bytes[at + 11] ?? 0, view.getUint32(at + 12, true), bounds)
    return { decoder: 'oga', name: 'Ogg Vorbis', container: 'ogg' }
  }
  if (codec.startsWith('\x7fFLAC'))
    return { ...ofFlac(bytes.subarray(at + 9), bounds), name: 'Ogg FLAC', container: 'ogg' }
  if (codec.startsWith('Speex')) throw bad(`That is Speex, which can't be heard. ${TAKEN}`)
  throw bad('The Ogg file holds neither Opus, Vorbis nor FLAC, or is cut off.')
}

function ofWebm(bytes: Uint8Array, head: string, bounds: SoundBounds): Sound {
  const at = head.search(/A_(?:OPUS|VORBIS)/)
  const [codec] = /A_[A-Z0-9/]{2,20}/.exec(head) ?? []
  if (codec === undefined) throw bad('The WebM file holds no sound, or is cut off.')
  if (at < 0) throw bad(`The WebM file holds ${codec.slice(2)}, which can't be heard; Opus and Vorbis can.`)
  // The codec's own header stands near its name.
  const opus = head.indexOf('OpusHead')
  const vorbis = head.indexOf('\x01vorbis')
  const channels = opus >= 0 ? bytes[opus + 9] : vorbis >= 0 ? bytes[vorbis + 11] : undefined
  if (channels === undefined) throw bad('The WebM file is cut off before its sound begins.')
  checkShape(channels, 48_000, bounds)
  return { decoder: 'webm', name: 'WebM', container: 'webm' }
}

function ofFlac(bytes: Uint8Array, bounds: SoundBounds): Sound {
  if (bytes.length < 42) throw bad('The FLAC file is cut off before any sound.')
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(18, 22)
  const rate = (a << 12) | (b << 4) | (c >> 4)
  checkShape(((c >> 1) & 7) + 1, rate, bounds)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const claimed = (d & 15) * 2 ** 32 + view.getUint32(22)
  const sound: Sound = { decoder: 'flac', name: 'FLAC' }
  return claimed === 0 ? sound : claims(sound, claimed, rate, bounds)
}

/** MP3 and bare AAC have no header: each begins with a frame. */
function ofFrames(bytes: Uint8Array): Sound {
  const [first = 0, second = 0, third = 0] = bytes
  const isSync = first === 0xff && (second & 0xe0) === 0xe0
  if (isSync && (second & 0xf6) === 0xf0) throw bad(`That is AAC, which can't be heard. ${TAKEN}`)
  const hasLayer = (second & 0x18) !== 0x08 && (second & 0x06) === 0x02
  if (isSync && hasLayer && third >> 4 !== 15 && third >> 4 !== 0 && ((third >> 2) & 3) !== 3)
    return { decoder: 'mp3', name: 'MP3' }
  throw bad(`That is no sound that is known here. ${TAKEN}`)
}

function claims(sound: Sound, claimed: number, rate: number, bounds: SoundBounds): Sound {
  if (claimed > (bounds.seconds_max + PADDING_S) * rate) throw tooLong(bounds)
  return { ...sound, claimed }
}
