import { SpeechError } from '../kinds.ts'
import type { SoundBounds } from './bounds.ts'

/** What was sent is no sound that can be read. */
export function bad(message: string, cause?: unknown): SpeechError {
  return new SpeechError('audio', message, cause === undefined ? undefined : { cause })
}

export function tooLarge({ bytes_max }: SoundBounds): SpeechError {
  return bad(`The recording is larger than ${Math.round(bytes_max / 1024 / 1024)} MB.`)
}

export function tooLong({ seconds_max }: SoundBounds): SpeechError {
  return bad(`The recording is longer than ${seconds_max} seconds.`)
}

/** @throws SpeechError when there are too many channels, or too few or many samples a second. */
export function checkShape(channels: number, rate: number, bounds: SoundBounds): void {
  if (channels < 1 || channels > bounds.channels_max)
    throw bad(`The recording has ${channels} channels; 1 to ${bounds.channels_max} can be heard.`)
  if (rate < bounds.rate_min || rate > bounds.rate_max)
    throw bad(
      `The recording has ${rate} samples a second; ${bounds.rate_min} to ${bounds.rate_max} can be heard.`,
    )
}
