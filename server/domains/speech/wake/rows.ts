import { FRAME_NUMBERS } from './features.ts'
import type { Frame } from './features.ts'

/** Numbers of a row: those of the frame, and how they change. */
export const ROW_NUMBERS = FRAME_NUMBERS * 2

/** What is so much softer than the loudest frame (about 17 dB) is no speech, and has no say in what the voice is like. */
const SOFT = 4
/** Softer than this is no speech: about -55 dB of full scale. */
export const LOUDNESS_MIN = 2 * Math.log(60)
/** Change counts as much as state: it is larger by itself by about the inverse. */
const CHANGE_WEIGHT = 1.5

/**
 * Frames as rows that can be compared with those of another room and microphone: without their mean, which is what the
 * room adds, with their change over time, and of length 1.
 *
 * @param from - the first frame that counts for the mean.
 */
export function rowsOf(frames: readonly Frame[], from = 0): Float32Array {
  const mean = meanOf(frames.slice(from))
  const rows = new Float32Array(frames.length * ROW_NUMBERS)
  for (const [index, { numbers }] of frames.entries()) {
    const before = frames[Math.max(0, index - 2)]?.numbers ?? numbers
    const after = frames[Math.min(frames.length - 1, index + 2)]?.numbers ?? numbers
    const row = rows.subarray(index * ROW_NUMBERS, (index + 1) * ROW_NUMBERS)
    for (const [at, number] of numbers.entries()) {
      row[at] = number - (mean[at] ?? 0)
      row[FRAME_NUMBERS + at] = CHANGE_WEIGHT * ((after[at] ?? 0) - (before[at] ?? 0))
    }
    const length = Math.hypot(...row) || 1
    for (const [at, value] of row.entries()) row[at] = value / length
  }
  return rows
}

function meanOf(frames: readonly Frame[]): Float64Array {
  const loudest = frames.reduce((most, { loudness }) => Math.max(most, loudness), 0)
  const speech = frames.filter(({ loudness }) => loudness > loudest - SOFT)
  const mean = new Float64Array(FRAME_NUMBERS)
  for (const { numbers } of speech)
    for (const [at, number] of numbers.entries()) mean[at] = (mean[at] ?? 0) + number / speech.length
  return mean
}

/** The part from the first to the last frame of speech. */
export function trimmed(frames: readonly Frame[]): Frame[] {
  const isLoud = louder(frames)
  const first = frames.findIndex(isLoud)
  return first < 0 ? [] : frames.slice(first, frames.length - silentFrames(frames))
}

/** How many of the last frames are no speech. */
export function silentFrames(frames: readonly Frame[]): number {
  return frames.length - 1 - frames.findLastIndex(louder(frames))
}

function louder(frames: readonly Frame[]): (frame: Frame) => boolean {
  const loudest = frames.reduce((most, { loudness }) => Math.max(most, loudness), 0)
  return ({ loudness }) => loudness > Math.max(LOUDNESS_MIN, loudest - SOFT)
}
