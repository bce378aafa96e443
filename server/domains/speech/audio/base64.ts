import { SOUND_BOUNDS } from './bounds.ts'
import type { SoundBounds } from './bounds.ts'
import { tooLarge } from './refusal.ts'

const PREFIX = /^data:[^,]{0,200};base64,/i

/**
 * Reads bytes out of base64, with or without a `data:` prefix.
 *
 * @returns nothing when the text is not base64: of another alphabet, padded wrongly, or with bits left over.
 * @throws SpeechError when it holds more than may be sent.
 */
export function fromBase64(text: string, bounds: SoundBounds = SOUND_BOUNDS): Uint8Array | undefined {
  const digits = text.slice(PREFIX.exec(text)?.[0].length ?? 0)
  if (Math.floor((digits.length * 3) / 4) - 2 > bounds.bytes_max) throw tooLarge(bounds)
  try {
    const bytes = Uint8Array.fromBase64(digits, { lastChunkHandling: 'strict' })
    if (bytes.length > bounds.bytes_max) throw tooLarge(bounds)
    return bytes
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
