import type { EgressResponse } from '../../egress/index.ts'
import { SpeechError } from '../kinds.ts'
import type { Transcript } from '../kinds.ts'
import { tagOfName } from './languages.ts'

/** Of engines that do not say how sure they are. */
export const UNSAID_CONFIDENCE = 0.7
const CHARACTERS_MAX = 10_000

/** Whisper's own rule for a segment in which nobody spoke, whatever it has made up for it. */
const NO_SPEECH = 0.6
const NO_SENSE = -1

/**
 * Checks that an engine did what it was asked for.
 *
 * @throws SpeechError that says what it answered instead, without a word of the answer.
 */
export function checkAnswered(name: string, { status, cut }: EgressResponse): void {
  if (status >= 200 && status < 300) {
    if (cut === true) throw new SpeechError('engine', `${name} broke its answer off, or it was too long.`)
    return
  }
  if (status === 429) throw new SpeechError('busy', `${name} has too much to do at the moment (429).`)
  throw new SpeechError('engine', `${name} ${whyNot(status)} (${status}).`)
}

function whyNot(status: number): string {
  if (status >= 300 && status < 400)
    return 'sends on to another address, which is not followed: its url should be that one'
  if (status === 401 || status === 403) return 'does not accept its credential, or was sent none'
  if (status === 404 || status === 405) return 'has nothing at this address: its url or its model is wrong'
  if (status === 413) return 'takes no recording of this length'
  return status >= 500 ? 'failed' : 'refused the request'
}

/**
 * What was said, out of the JSON of Whisper and of those who answer like it.
 *
 * @throws SpeechError `silence` when nobody spoke.
 */
export function toTranscript(name: string, body: Uint8Array): Transcript {
  const answer = toFields(name, body)
  const { text, language, segments, logprobs } = answer
  if (typeof text !== 'string' || text.length > CHARACTERS_MAX)
    throw new SpeechError('engine', `${name} answered no transcript.`)
  const parts = Array.isArray(segments) ? segments.flatMap(toSegment) : []
  const spoken = parts.filter(({ no_speech, sense }) => no_speech <= NO_SPEECH || sense >= NO_SENSE)
  const whole =
    parts.length === 0 || spoken.length === parts.length ? text : spoken.map((one) => one.text).join(' ')
  // The parts may say more than the text that they are said to be parts of.
  if (whole.length > CHARACTERS_MAX) throw new SpeechError('engine', `${name} answered no transcript.`)
  const said = clean(whole)
  if (said === '') throw new SpeechError('silence', `${name} heard nobody speak.`)
  const tag = typeof language === 'string' ? tagOfName(language) : undefined
  const senses = spoken.length > 0 ? spoken.map(({ sense }) => sense) : toLogprobs(logprobs)
  return { text: said, confidence: confidenceOf(senses), ...(tag === undefined ? {} : { language: tag }) }
}

/**
 * A text in one line, without the descriptions of noise that Whisper puts into brackets: `[BLANK_AUDIO]`, `(music)`. A bracket
 * is looked for up to the next one that opens, no further: otherwise many that never close take a time that grows with
 * their square.
 */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\[[^\][]*\]|\([^()]*\)|\*[^*]*\*/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

interface Segment {
  text: string
  /** Mean logarithm of the probabilities of its words. */
  sense: number
  /** Probability that nobody spoke. */
  no_speech: number
}

function toSegment(value: unknown): Segment[] {
  if (!isObject(value)) return []
  const { text, avg_logprob, no_speech_prob } = value
  if (typeof text !== 'string' || typeof avg_logprob !== 'number') return []
  return [{ text, sense: avg_logprob, no_speech: typeof no_speech_prob === 'number' ? no_speech_prob : 0 }]
}

function toLogprobs(value: unknown): number[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one: unknown) => {
    const logprob = isObject(one) ? one['logprob'] : undefined
    return typeof logprob === 'number' ? [logprob] : []
  })
}

function confidenceOf(senses: readonly number[]): number {
  if (senses.length === 0) return UNSAID_CONFIDENCE
  const mean = senses.reduce((sum, sense) => sum + Math.min(0, sense), 0) / senses.length
  return Math.round(Math.exp(mean) * 1_000) / 1_000
}

function toFields(name: string, body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString())
    if (isObject(value)) return value
  } catch {
    // The same as JSON that is no object.
  }
  throw new SpeechError('engine', `${name} answered something that is not the JSON of a transcript.`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
