import { SAMPLE_RATE } from '../kinds.ts'

/** What is looked at before and during the work, so that nothing that is sent takes more than so much of anything. */
export interface SoundBounds {
  bytes_max: number
  seconds_max: number
  channels_max: number
  rate_min: number
  rate_max: number
}

export const SOUND_BOUNDS: SoundBounds = {
  bytes_max: 10 * 1024 * 1024,
  seconds_max: 30,
  channels_max: 8,
  rate_min: 8_000,
  rate_max: 192_000,
}

/** A stream that waits for a wake word before anything in it is heard. */
export const WAITING_BOUNDS: SoundBounds = { ...SOUND_BOUNDS, bytes_max: 64 * 1024 * 1024, seconds_max: 660 }

/** Encoders pad: a recording that was stopped at the bound is a little longer by the time it comes back out. */
export const PADDING_S = 0.5

/** Samples of the longest utterance. */
export const SAMPLES_MAX = (SOUND_BOUNDS.seconds_max + PADDING_S) * SAMPLE_RATE
