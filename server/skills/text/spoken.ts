/** A longer result is for the eye; reading it aloud would take minutes. */
const SPOKEN_CHARACTERS_MAX = 400

/** A sentence about a result, followed by the result itself when it is short. */
export function withResult(about: string, result: string): string {
  const short = result.trim()
  return short === '' || short.length > SPOKEN_CHARACTERS_MAX ? `${about}.` : `${about}: ${short}`
}
