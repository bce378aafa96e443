import { readFileSync } from 'node:fs'
import type { VoiceProcessed } from '../../../../contract/voice.ts'
import { SKILLS } from '../../../install.ts'
import type { Action } from '../../../skills/skill.ts'
import { system } from '../../../skills/system/index.ts'
import { normalise } from '../../language/normalise.ts'
import { randomFrom } from '../../language/statistics/random.ts'
import { toWav } from '../../speech/audio/wav.ts'
import { difference } from '../../speech/ears/difference.ts'
import { SAMPLE_RATE } from '../../speech/kinds.ts'
import { speakSentence } from '../../speech/mouth/flite.ts'
import type { FliteVoice } from '../../speech/mouth/kinds.ts'

/** Voices that say the commands: American, American and Scottish. */
export const SPEAKERS = ['rms', 'slt', 'awb'] as const satisfies readonly FliteVoice[]
/** Decibels of speech above the noise; Infinity is none. */
export const LEVELS_DB = [Infinity, 20, 15, 10] as const

const PLAIN = { speech_rate: 1, pitch: 1, volume: 0.5 }
/** Silence before and behind speech, as whoever presses a button leaves it. */
const MARGIN = SAMPLE_RATE * 0.3
/** Softer than this share of the loudest sample is no speech. */
const SOFT = 0.02

/** What other people say in the background. None of it can be said to the system. */
const TALK: readonly (readonly [FliteVoice, string])[] = [
  ['slt', 'She said that the whole family was coming over for dinner, so we had to find more chairs.'],
  ['rms', 'The match was rained off in the second half, and nobody knew whether it would be played again.'],
  ['awb', 'My brother drove all the way up to the coast, only to find that the ferry had left.'],
  ['kal16', 'They have painted the old station blue, which most of the neighbours rather like.'],
  ['slt', 'If you ask me, the bakery on the corner was better before they moved the oven.'],
  ['rms', 'Her grandfather used to build boats, and one of them is still in the harbour.'],
]

/** Somebody says it, with silence around. */
export async function spoken(text: string, voice: FliteVoice): Promise<Int16Array> {
  const { samples } = await speakSentence(text, voice, PLAIN)
  const all = new Int16Array(samples.length + 2 * MARGIN)
  all.set(samples, MARGIN)
  return all
}

/** Another stretch of it for each seed. */
export type Noise = (length: number, seed: number) => Float64Array

/** Noise as of wind, traffic and machines: each octave has the same power. The filter is that of Paul Kellet. */
export function pinkNoise(length: number, seed: number): Float64Array {
  const random = randomFrom(seed)
  let [low, middle, high] = [0, 0, 0]
  return Float64Array.from({ length }, () => {
    const white = random() * 2 - 1
    low = 0.997_65 * low + white * 0.099_046
    middle = 0.963 * middle + white * 0.296_516_4
    high = 0.57 * high + white * 1.052_691_3
    return low + middle + high + white * 0.1848
  })
}

/** Noise of a room full of people: white noise and babble in equal parts. */
export async function openRoom(): Promise<Noise> {
  const talkers = await Promise.all(
    TALK.map(async ([voice, text]) => Float64Array.from((await speakSentence(text, voice, PLAIN)).samples)),
  )
  const equal = talkers.map((talker) => scaled(talker, 1 / levelOf(talker)))
  return (length, seed) => {
    const random = randomFrom(seed)
    const from = equal.map((talker) => Math.floor(random() * talker.length))
    const babble = Float64Array.from({ length }, (_, at) =>
      equal.reduce((sum, talker, index) => sum + (talker[(at + (from[index] ?? 0)) % talker.length] ?? 0), 0),
    )
    const white = Float64Array.from({ length }, () => random() * 2 - 1)
    const [soft, hiss] = [1 / levelOf(babble), 1 / levelOf(white)]
    return babble.map((sample, at) => sample * soft + (white[at] ?? 0) * hiss)
  }
}

/** Speech with noise so many decibels below it; speech is what lies between its first and its last sound. */
export function inNoise(speech: Int16Array, noise: Float64Array, level_db: number): Int16Array {
  if (level_db === Infinity) return speech
  const loudest = speech.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const isLoud = (sample: number): boolean => Math.abs(sample) > loudest * SOFT
  const said = speech.subarray(speech.findIndex(isLoud), speech.findLastIndex(isLoud) + 1)
  const factor = levelOf(Float64Array.from(said)) / 10 ** (level_db / 20) / levelOf(noise)
  return Int16Array.from(speech, (sample, at) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample + (noise[at] ?? 0) * factor))),
  )
}

/** A recording as a client sends it. */
export function recording(samples: Int16Array): string {
  return Buffer.from(toWav(samples, SAMPLE_RATE)).toString('base64')
}

/** Where a sentence went: the agent that would act and its action, or nobody. */
export function gistOf({ command_understood, agent_routing, intent }: VoiceProcessed): string {
  return command_understood ? `${agent_routing.target_agent ?? 0} ${intent.action}` : 'nobody'
}

/** Words of what was said, and how many of them were heard otherwise. Case and punctuation make no other one. */
export function wordErrors(said: string, heard: string): { words: number; wrong: number } {
  const [meant, got] = [said, heard].map((text) => normalise(text, []).tokens.map(({ key }) => key))
  return { words: meant?.length ?? 0, wrong: difference(meant ?? [], got ?? []) }
}

/** Commands that judge and are never tuned on; see test/corpora. */
export function commands(): string[] {
  const lines = readFileSync(new URL('../../../../test/corpora/commands.jsonl', import.meta.url), 'utf8')
  return lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
}

/** What the built-in agents give as examples of what they can be told. */
export function ownCommands(): string[] {
  const examples = [system, ...SKILLS].flatMap(({ actions }) =>
    Object.values(actions).flatMap((action: Action) => action.examples),
  )
  return examples.filter((text) => /^[a-z' ]{1,80}$/iu.test(text))
}

/** So many of them, evenly chosen by their places. */
export function evenly<T>(all: readonly T[], count: number): T[] {
  return all.filter(
    (_, at) => Math.floor((at * count) / all.length) !== Math.floor(((at - 1) * count) / all.length),
  )
}

function levelOf(samples: Float64Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

function scaled(samples: Float64Array, factor: number): Float64Array {
  return samples.map((sample) => sample * factor)
}
