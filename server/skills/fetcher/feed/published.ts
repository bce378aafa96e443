const RFC_822 =
  /^(?:[a-z]{3},?\s+)?\d{1,2}\s+[a-z]{3}\s+(?:\d{2}|\d{4})\s+\d{1,2}:\d\d(?::\d\d)?\s+(?:GMT|UTC?|Z|[ECMP][SD]T|[+-]\d{4})$/i

/**
 * When an entry was published, as ISO-8601 in UTC where it is told as RSS does ("Sun, 22 Nov 2026 10:00:00 GMT"), so that
 * it can be compared; else as it is told.
 */
export function published(said: string): string {
  const text = said.trim()
  const at = RFC_822.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? text : new Date(at).toISOString()
}
