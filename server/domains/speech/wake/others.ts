import { SAMPLE_RATE } from '../kinds.ts'
import { speakSentence } from '../mouth/flite.ts'
import type { FliteVoice } from '../mouth/kinds.ts'

const VOICES = ['slt', 'rms', 'awb'] as const satisfies readonly FliteVoice[]
const PLAIN = { speech_rate: 1, pitch: 1, volume: 0.8 }
const QUIET = SAMPLE_RATE / 4

/** What people say that wakes nobody. What a phrase is learnt from, and what it is tried on, are different sentences. */
const SENTENCES = {
  learn: [
    'The house at the end of the road was sold last week.',
    'Hey, how was your day at the office?',
    'Please remind me to water the plants tomorrow morning.',
    'There are seven new messages, and two of them are important.',
    'Okay, so who is going to pick up the children from school?',
    'I would like a table for four people at half past eight.',
  ],
  trial: [
    'Nobody knows when the next train to the city will leave.',
    'Hello, is there any coffee left in the kitchen?',
    'My computer was slow again, so I went for a walk instead.',
    'They said on the radio that it is going to rain all weekend.',
    'Look at that, somebody has left the garden gate open.',
    'He turned the music down because the baby was asleep.',
  ],
} as const

const spoken = new Map<string, Int16Array>()

/** Other speech of several voices, without sentences that the phrase is in. */
export async function otherSpeech(phrase: string, use: keyof typeof SENTENCES): Promise<Int16Array[]> {
  const words = plain(phrase)
  const sentences = SENTENCES[use].filter((text) => !plain(text).includes(words))
  const all: Int16Array[] = []
  for (const voice of VOICES) for (const text of sentences) all.push(await said(text, voice))
  return all
}

/** Every voice says a sentence the same way each time. */
async function said(text: string, voice: FliteVoice): Promise<Int16Array> {
  const key = `${voice} ${text}`
  const known = spoken.get(key)
  if (known !== undefined) return known
  const { samples } = await speakSentence(text, voice, PLAIN)
  const padded = new Int16Array(samples.length + 2 * QUIET)
  padded.set(samples, QUIET)
  spoken.set(key, padded)
  return padded
}

function plain(text: string): string {
  return ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
}
