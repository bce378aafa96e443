import { readFile } from 'node:fs/promises'
import { SpeechError } from '../kinds.ts'
import type { SpokenChunk } from '../kinds.ts'
import { flitePath } from './kinds.ts'
import type { FliteVoice, Manner } from './kinds.ts'
import { loadProgram } from './memory-wasi.ts'
import type { Program, Ran } from './memory-wasi.ts'
import { toCmuPhones } from './phones.ts'

/** The recordings behind the voices differ in level; so they are made about as loud as one another. */
const GAIN: Readonly<Record<FliteVoice, number>> = { slt: 0.6, rms: 1.1, awb: 1, kal16: 2.2, kal: 1 }
/** This voice takes no other pitch, so its sound is played faster or slower, and made longer or shorter before. */
const FIXED_PITCH: ReadonlySet<string> = new Set(['rms'])
/** A minute of speech at 16 kHz. A sentence has seconds; only one of letters and digits that are spelled comes near. */
const BYTES_MAX = 2 * 16_000 * 120
const WAV_HEADER_BYTES = 44
/** The quickest voice, as only the phones are wanted of it. */
const PHONES_VOICE: FliteVoice = 'kal16'

let loaded: Promise<Program> | undefined

/** The engine, once for all jobs of the process. */
async function load(): Promise<Program> {
  loaded ??= readFile(flitePath()).then((bytes) => loadProgram(bytes))
  try {
    return await loaded
  } catch (cause) {
    loaded = undefined
    throw new SpeechError('missing', 'The voice engine flite can not be loaded.', { cause })
  }
}

/**
 * Runs flite over a text, which reaches it as the content of a file in its own memory. No part of a text is ever an
 * argument, and the program sees no file but that one.
 */
async function run(text: string, voice: FliteVoice, more: readonly string[]): Promise<Ran> {
  const program = await load()
  try {
    const ran = await program.run({
      args: ['-voice', voice, ...more, '-f', '/text'],
      // Without a line break at its end the last word of some texts is lost.
      files: { text: new TextEncoder().encode(`${text}\n`) },
      bytes_max: BYTES_MAX,
    })
    if (ran.code !== 0) throw new Error(`flite ended with ${ran.code}.`)
    return ran
  } catch (cause) {
    throw new SpeechError('engine', 'The voice engine flite could not speak this sentence.', { cause })
  }
}

/** Speaks one readable sentence. */
export async function speakSentence(text: string, voice: FliteVoice, manner: Manner): Promise<SpokenChunk> {
  const fixed = FIXED_PITCH.has(voice)
  const stretch = (fixed ? manner.pitch : 1) / manner.speech_rate
  const pitch = fixed ? [] : ['--setf', `f0_shift=${manner.pitch.toFixed(4)}`]
  const ran = await run(text, voice, [
    '--setf',
    `duration_stretch=${stretch.toFixed(4)}`,
    ...pitch,
    '-o',
    '/sound',
  ])
  const wav = ran.written.get('sound')
  if (wav === undefined || wav.length < WAV_HEADER_BYTES)
    throw new SpeechError('engine', 'The voice engine flite made no sound.')
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength)
  const sample_rate = view.getUint32(24, true)
  const samples = Int16Array.from({ length: (wav.length - WAV_HEADER_BYTES) >> 1 }, (_, index) =>
    view.getInt16(WAV_HEADER_BYTES + index * 2, true),
  )
  const pitched = fixed && manner.pitch !== 1 ? quicken(samples, manner.pitch) : samples
  return { samples: amplify(pitched, GAIN[voice] * manner.volume), sample_rate }
}

/** What the engine would say for each of the words, in phones of CMUdict. The words are letters and apostrophes alone. */
export async function phonesOf(words: readonly string[]): Promise<string[]> {
  if (words.length === 0) return []
  const ran = await run(words.map((word) => `${word}.`).join('\n\n'), PHONES_VOICE, ['-ps', '-o', 'none'])
  const lines = ran.printed.split('\n').filter((line) => line.trim() !== '')
  if (words.length === 1) return [toCmuPhones(lines.join(' '))]
  if (lines.length === words.length) return lines.map(toCmuPhones)
  // Some word was more than one utterance to the engine, or none: it is found by halves.
  const half = words.length >> 1
  return [...(await phonesOf(words.slice(0, half))), ...(await phonesOf(words.slice(half)))]
}

/** The sound as it is when played so many times as fast, with linear interpolation. */
function quicken(samples: Int16Array, factor: number): Int16Array {
  return Int16Array.from({ length: Math.floor(samples.length / factor) }, (_, index) => {
    const at = index * factor
    const before = Math.floor(at)
    const [a = 0, b = a] = [samples[before], samples[before + 1]]
    return Math.round(a + (b - a) * (at - before))
  })
}

function amplify(samples: Int16Array, gain: number): Int16Array {
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))))
}
