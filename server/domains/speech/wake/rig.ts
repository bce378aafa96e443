import { join } from '../audio/samples.ts'
import { SAMPLE_RATE } from '../kinds.ts'
import { speakSentence } from '../mouth/flite.ts'
import type { FliteVoice, Manner } from '../mouth/kinds.ts'
import type { Wake, Woken } from './kinds.ts'

/** Somebody says it, with a quarter of a second of silence around, at 16 kHz. */
export async function said(
  text: string,
  voice: FliteVoice,
  manner: Partial<Manner> = {},
): Promise<Int16Array> {
  const { samples } = await speakSentence(text, voice, { speech_rate: 1, pitch: 1, volume: 0.8, ...manner })
  const quiet = SAMPLE_RATE / 4
  const padded = new Int16Array(samples.length + 2 * quiet)
  padded.set(samples, quiet)
  return padded
}

/** What it told of a stream that comes in pieces. */
export function heard(wake: Wake, samples: Int16Array, piece = 1280): Woken[] {
  const woken: Woken[] = []
  for (let at = 0; at < samples.length; at += piece) {
    const told = wake.write(samples.subarray(at, at + piece))
    if (told !== undefined) woken.push(told)
  }
  return woken
}

export function joined(...parts: readonly Int16Array[]): Int16Array {
  return join(parts)
}

/** Speech without wake words in it. */
export const OTHER_SPEECH = [
  'The house at the end of the road was sold last week.',
  'Hey, how was your day at the office?',
  'Please remind me to water the plants tomorrow morning.',
  'There are seven new messages, and two of them are important.',
  'Nobody knows when the next train to the city will leave.',
  'I would like a table for four people at half past eight.',
]
