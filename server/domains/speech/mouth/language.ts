/** Below, languages are told apart by luck: "hotel bar" is as English as it is German. */
const LETTERS_MIN = 16
/** Enough to be certain; more only takes longer. */
const READ_CHARACTERS_MAX = 2000

/**
 * The language of a text as a BCP 47 primary tag, or `fallback` where it is too short or too mixed to tell. The database
 * loads at first use.
 */
export async function languageOf(text: string, fallback: string): Promise<string> {
  const read = text.slice(0, READ_CHARACTERS_MAX)
  if ((read.match(/\p{L}/gu)?.length ?? 0) < LETTERS_MIN) return fallback
  const { eld } = await import('eld/small')
  const found = eld.detect(read)
  return found.language !== '' && found.isReliable() ? found.language : fallback
}
