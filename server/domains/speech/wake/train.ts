import { SAMPLE_RATE, SpeechError } from '../kinds.ts'
import { STEP_MS, framesOf } from './features.ts'
import { fit, judge } from './head.ts'
import { RECORDINGS_MAX, RECORDINGS_MIN } from './kinds.ts'
import type { WakeModel } from './kinds.ts'
import { Comparer, measure } from './listen.ts'
import type { Moment, Template } from './listen.ts'
import { ROW_NUMBERS, rowsOf, trimmed } from './rows.ts'
import { isCopy } from './same.ts'

/** A phrase shorter than this is in too many words, and a longer one nobody says. */
const PHRASE_MS_MIN = 300
const PHRASE_MS_MAX = 3000
const RECORDING_SAMPLES_MAX = 10 * SAMPLE_RATE
/** Other speech that is looked at: more takes longer and changes little. */
const NEGATIVE_SAMPLES_MAX = 180 * SAMPLE_RATE
const NEGATIVE_SECONDS_MIN = 10
/** Recordings that are farther from one another than other speech mostly is are none of the same phrase. */
const ALIKE_MAX = 0.25
/** Nobody says it twice at the same speed. */
export const SPEEDS = [1, 0.92, 1.08]
/** Of other speech, the moments that come nearest a second are kept. */
const NEAREST_WITHIN_MS = 1000

/** What a phrase is learnt from, looked at once however often it is learnt. */
export interface Study {
  recordings: readonly Int16Array[]
  templates: readonly Template[]
  /** How near other speech comes to each of the templates, by the stretch of speech. */
  others: readonly (readonly Moment[])[]
}

/**
 * Looks at recordings of a wake phrase.
 *
 * @param recordings - 3 to 5, each the phrase alone, with or without silence around it; 16 kHz.
 * @param negatives - other speech, best of the same voice too; at least 10 s, of which 3 minutes are used.
 * @throws SpeechError `audio` when the recordings can't be learned from, in words for whoever made them.
 */
export function study(recordings: readonly Int16Array[], negatives: readonly Int16Array[]): Study {
  if (recordings.length < RECORDINGS_MIN || recordings.length > RECORDINGS_MAX)
    throw refused(`A wake phrase is learned from ${RECORDINGS_MIN} to ${RECORDINGS_MAX} recordings.`)
  const templates = recordings.map((recording, index) => templateOf(recording, index + 1))
  for (const [index, recording] of recordings.entries()) {
    const copied = recordings.slice(0, index).findIndex((one) => isCopy(one, recording))
    if (copied >= 0)
      throw refused(
        `Recording ${index + 1} is the same as recording ${copied + 1}; say the phrase for each one.`,
      )
    const moment = nearest(without(templates, index), recording)
    if (moment === undefined || distance(moment) > ALIKE_MAX)
      throw refused(`Recording ${index + 1} does not sound like the others; record the phrase again.`)
  }
  return { recordings, templates, others: othersOf(templates, negatives) }
}

/** Learns the phrase from recordings that were looked at, for the voice in them: others are heard less well. */
export function learn(word: string, { recordings, templates, others }: Study): WakeModel {
  const positives = recordings.flatMap((recording, index) => {
    const moments = SPEEDS.map((speed) => nearest(without(templates, index), atSpeed(recording, speed)))
    return moments.flatMap((moment) => (moment === undefined ? [] : [measure(moment)]))
  })
  const negatives = others.flatMap(nearestOf)
  const head = fit(positives, negatives)
  return {
    version: 1,
    word,
    templates: templates.map(({ rows }) =>
      Buffer.from(Int8Array.from(rows, (value) => Math.round(value * 127)).buffer).toString('base64'),
    ),
    head,
    threshold: between(
      Math.max(...negatives.map((measured) => judge(head, measured))),
      Math.min(...positives.map((measured) => judge(head, measured))),
    ),
  }
}

/** The same without one of the recordings, which can then be tried. */
export function heldOut({ recordings, templates, others }: Study, place: number): Study {
  return {
    recordings: without(recordings, place),
    templates: without(templates, place),
    others: others.map((moments) =>
      moments.map((moment) => ({ ...moment, near: without(moment.near, place) })),
    ),
  }
}

function without<T>(all: readonly T[], place: number): T[] {
  return all.filter((_, at) => at !== place)
}

/** The templates of a model. @throws SpeechError when it is none that this version wrote. */
export function templatesOf(model: WakeModel): Template[] {
  const templates = model.templates.map((text) => {
    const bytes = new Int8Array(Buffer.from(text, 'base64'))
    return { rows: Float32Array.from(bytes, (value) => value / 127), frames: bytes.length / ROW_NUMBERS }
  })
  const frames_max = PHRASE_MS_MAX / STEP_MS
  const sound =
    model.version === 1 &&
    templates.length >= 2 &&
    templates.length <= RECORDINGS_MAX &&
    templates.every(({ frames }) => Number.isInteger(frames) && frames > 0 && frames <= frames_max)
  if (!sound) throw new SpeechError('engine', 'The wake phrase must be recorded again.')
  return templates
}

function templateOf(recording: Int16Array, number: number): Template {
  if (recording.length > RECORDING_SAMPLES_MAX)
    throw refused(`Recording ${number} is longer than 10 seconds.`)
  const frames = trimmed(framesOf(recording))
  const length_ms = frames.length * STEP_MS
  if (length_ms < PHRASE_MS_MIN) throw refused(`Recording ${number} has too little speech in it.`)
  if (length_ms > PHRASE_MS_MAX)
    throw refused(`Recording ${number} has more than a phrase in it, or too much noise.`)
  return { rows: rowsOf(frames), frames: frames.length }
}

/** The moment of a recording that comes nearest, with silence behind it as in the stream. */
function nearest(templates: readonly Template[], recording: Int16Array): Moment | undefined {
  const padded = new Int16Array(recording.length + SAMPLE_RATE / 2)
  padded.set(recording, SAMPLE_RATE / 4)
  return [...new Comparer(templates).write(padded)].toSorted((a, b) => distance(a) - distance(b))[0]
}

function othersOf(templates: readonly Template[], negatives: readonly Int16Array[]): Moment[][] {
  let left = NEGATIVE_SAMPLES_MAX
  let samples = 0
  const found = negatives.map((whole) => {
    const part = whole.subarray(0, left)
    left -= part.length
    samples += part.length
    return [...new Comparer(templates).write(part)]
  })
  if (samples < NEGATIVE_SECONDS_MIN * SAMPLE_RATE || found.every((moments) => moments.length === 0))
    throw refused('There is too little other speech to tell the phrase from.')
  return found
}

/** What is measured of the moments of some speech that come nearest, about one a second. */
function nearestOf(moments: readonly Moment[]): number[][] {
  const found: Moment[] = []
  let last = -Infinity
  for (const moment of moments) {
    const before = found.at(-1)
    if (before === undefined || moment.at_ms - last > NEAREST_WITHIN_MS) {
      found.push(moment)
      last = moment.at_ms
    } else if (distance(moment) < distance(before)) found[found.length - 1] = moment
  }
  return found.map(measure)
}

function distance(moment: Moment): number {
  return measure(moment)[1] ?? 1
}

/** The sound as it is when played so many times as fast. */
export function atSpeed(samples: Int16Array, factor: number): Int16Array {
  if (factor === 1) return samples
  return Int16Array.from(
    { length: Math.floor(samples.length / factor) },
    (_, at) => samples[Math.round(at * factor)] ?? 0,
  )
}

/** Between the odds of what comes nearest in other speech and those of the phrase at its worst, nearer to the phrase. */
function between(low: number, high: number): number {
  return 1 / (1 + Math.exp(-(0.3 * odds(low) + 0.7 * odds(high))))
}

function odds(value: number): number {
  return Math.log((value + 1e-9) / (1 - value + 1e-9))
}

function refused(message: string): SpeechError {
  return new SpeechError('audio', message)
}
