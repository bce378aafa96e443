/** Enough to be certain; more only takes longer. */
const READ_CHARACTERS_MAX = 5000

/** What is left of the confidence when the detector itself has doubts. */
const UNRELIABLE = 0.5

export interface Detected {
  /** ISO 639-1 code. */
  language: string
  /** 0 to 1. */
  confidence: number
}

/** The language of a text, or `undefined` when it has too few letters to tell. The database loads at first use. */
export async function languageOf(text: string): Promise<Detected | undefined> {
  const { eld } = await import('eld/small')
  const result = eld.detect(text.slice(0, READ_CHARACTERS_MAX))
  const [first, second] = Object.values(result.getScores()).map(oddsOf)
  if (result.language === '' || first === undefined) return undefined
  const share = first / (first + (second ?? 0))
  const confidence = result.isReliable() ? share : share * UNRELIABLE
  return { language: result.language, confidence: Number(confidence.toFixed(3)) }
}

/** The detector's scores run against 1; the odds behind them can be compared with each other. */
function oddsOf(score: number): number {
  return score / (1 - score)
}

/** The name of a language in English. */
export function languageName(code: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code
}
