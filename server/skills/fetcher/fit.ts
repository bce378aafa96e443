/**
 * Bytes of what an action hands on, as JSON. A result that is larger than 1 MiB is refused after the exchange was made,
 * and then a thing that was sent would be said to have failed; the rest is for the sentence beside it.
 */
export const JSON_BYTES_MAX = 1_000_000

/** Steps in which a text is measured: the last part of it by single characters. */
const STEPS = [65_536, 1_024, 1]
const QUOTES_BYTES = 2

/** Bytes of something as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** The beginning of a text that takes at most so many bytes between the quotes of JSON, with no character cut in two. */
export function beginningOf(text: string, bytes_max: number): string {
  let kept = 0
  let bytes = 0
  for (const step of STEPS) {
    while (kept < text.length) {
      const isHalf = (text.codePointAt(kept + step - 1) ?? 0) > 0xffff
      const end = kept + step + (isHalf ? 1 : 0)
      const more = jsonBytes(text.slice(kept, end)) - QUOTES_BYTES
      if (bytes + more > bytes_max) break
      kept = end
      bytes += more
    }
  }
  return text.slice(0, kept)
}
