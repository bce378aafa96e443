import { toWav } from '../audio/wav.ts'
import { SpeechError } from '../kinds.ts'
import type { SpokenChunk } from '../kinds.ts'

const SECOND_MS = 1_000

/**
 * Bytes of a sound: a row of digits takes very much longer to say than to write. A text of 5,000 characters at half the
 * pace is about as long. Answers are kept as sound (`voice/sounds.ts`), where the largest must have room.
 */
const SOUND_BYTES_MAX = 25_165_824
const SAMPLES_MAX = SOUND_BYTES_MAX / Int16Array.BYTES_PER_ELEMENT

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
    if (length > SAMPLES_MAX)
      throw new SpeechError(
        'audio',
        `That would be more than ${Math.floor(SAMPLES_MAX / rate / 60)} minutes of sound.`,
      )
    parts.push(samples)
  }
  if (rate === undefined) throw new SpeechError('audio', 'There is nothing in this text that can be said.')
  return { wav: toWav(parts, rate), duration: Math.round((length / rate) * SECOND_MS) }
}
