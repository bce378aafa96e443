import { speakSentence } from '../mouth/flite.ts'
import type { FliteVoice } from '../mouth/kinds.ts'
import { SAMPLE_RATE } from '../kinds.ts'
import type { Hints, Transcript } from '../kinds.ts'
import { missing } from './library.ts'
import { openEars } from './child.ts'
import type { EarsOptions, EarsTold } from './child.ts'

/** Why tests that hear can't run here; `false` where they can. */
export const lacking: string | false = ((found) =>
  found === undefined ? false : `${found.problem} ${found.remedy}`)(missing())

/** 80 ms. */
const CHUNK = (SAMPLE_RATE * 80) / 1000

export function hintsOf(phrases: readonly string[], more: Partial<Hints> = {}): Hints {
  const signature = JSON.stringify([phrases, more])
  return { signature, language: 'en', phrases, names: {}, pronunciations: {}, ...more }
}

/** A sentence of a made voice, with the soft noise of a room around it. */
export async function say(text: string, voice: FliteVoice = 'rms', after_ms = 300): Promise<Int16Array> {
  const { samples, sample_rate } = await speakSentence(text, voice, { speech_rate: 1, pitch: 1, volume: 0.5 })
  if (sample_rate !== SAMPLE_RATE) throw new Error(`The voice ${voice} has ${sample_rate} samples a second.`)
  const lead = SAMPLE_RATE * 0.3
  const all = room(lead + samples.length + (SAMPLE_RATE * after_ms) / 1000)
  for (const [at, sample] of samples.entries()) all[lead + at] = (all[lead + at] ?? 0) + sample
  return all
}

/** The soft noise of a room. */
export function room(length: number, level = 8): Int16Array {
  let state = 1
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return ((state >> 16) % (2 * level + 1)) - level
  })
}

/** Hears sound as it would come over a line. */
export async function hear(
  samples: Int16Array,
  hints: Hints,
  {
    folder,
    noise_suppression = false,
    mode = 'live',
    finds_end = mode === 'live',
  }: Partial<EarsOptions> & { folder: string },
): Promise<Transcript & { told: EarsTold[] }> {
  const told: EarsTold[] = []
  const options = { language: 'en-US', hints, noise_suppression, mode, finds_end, folder }
  const job = await openEars(options, (message) => told.push(message as EarsTold))
  try {
    for (let at = 0; at < samples.length; at += CHUNK)
      await job.handle({ write: samples.slice(at, at + CHUNK) })
    return { ...((await job.handle({ end: true })) as Transcript), told }
  } finally {
    job.close()
  }
}
