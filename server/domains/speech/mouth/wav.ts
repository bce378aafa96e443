import { toWav } from '../audio/wav.ts'
import { SpeechError } from '../kinds.ts'
import type { SpokenChunk } from '../kinds.ts'

const SECOND_MS = 1_000

/** Seconds of a sound: a row of digits takes very much longer to say than to write. */
const SOUND_S_MAX = 900

/**
 * Puts what is spoken into one file. `duration` in ms.
 *
 * @throws SpeechError when nothing comes, or too much, or it changes its rate.
 */
export async function joinWav(
  chunks: AsyncIterable<SpokenChunk>,
): Promise<{ wav: Uint8Array; duration: number }> {
  const parts: Int16Array[] = []
  let rate: number | undefined
  let length = 0
  for await (const { samples, sample_rate } of chunks) {
    if (rate !== undefined && rate !== sample_rate)
      throw new SpeechError('engine', 'The voice has changed in the middle of the text.')
    rate = sample_rate
    length += samples.length
    if (length > SOUND_S_MAX * rate)
      throw new SpeechError('audio', `That would be more than ${SOUND_S_MAX / 60} minutes of sound.`)
    parts.push(samples)
  }
  if (rate === undefined) throw new SpeechError('audio', 'There is nothing in this text that can be said.')
  return { wav: toWav(parts, rate), duration: Math.round((length / rate) * SECOND_MS) }
}
