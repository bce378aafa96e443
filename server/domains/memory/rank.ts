import type { DateWish } from './dates.ts'
import { fits } from './dates.ts'
import type { Place, Posting } from './postings.ts'

/** A word of a question with where it is; `weight` 1 for the word itself, less for one that is only like it. */
export interface Found {
  posting: Posting
  weight: number
}

/** How soon a second use of a word counts little, and how much a long entry is held back (the usual values of BM25). */
const SATURATION = 1.2
const LENGTH_SHARE = 0.4
/** What of its neighbours' matches an entry gets, and how near they must be in time. */
const NEIGHBOUR_SHARE = 0.5
const NEIGHBOUR_MS = 1_800_000
/** Matches this good, measured by the best, bring what stands beside them. */
const BESIDE_LEAST = 0.5
/** An entry this many times as long as the usual one is held back no further. */
const LONG_MAX = 5
/** What a date that fits adds. */
const DATE_SHARE = 0.25

/** How much a word tells that is in `count` of `entries`. */
export function telling(entries: number, count: number): number {
  return Math.log(1 + (Math.max(entries, count) - count + 0.5) / (count + 0.5))
}

/** What each word of a question gives to each entry, by number, as if all entries were equally long. */
export function wordScores(found: readonly (readonly Found[])[], entries: number): Map<number, number>[] {
  return found.map((word) => {
    const scores = new Map<number, number>()
    for (const { posting, weight } of word) {
      const worth = weight * telling(entries, posting.size)
      for (const [number, times] of posting) {
        const score = (worth * times * (SATURATION + 1)) / (times + SATURATION)
        if (score > (scores.get(number) ?? 0)) scores.set(number, score)
      }
    }
    return scores
  })
}

/** The sum of all words for each entry. */
export function roughScores(words: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  const scores = new Map<number, number>()
  for (const word of words) {
    for (const [number, score] of word) scores.set(number, (scores.get(number) ?? 0) + score)
  }
  return scores
}

/**
 * Ranks the best entries by all that is known of them, the newer of equals first. A word that an entry lacks counts a
 * little when an entry beside it has it: what was said in one breath belongs together.
 */
export function refine(
  places: readonly Place[],
  words: readonly ReadonlyMap<number, number>[],
  { average, dates }: { average: number; dates: DateWish | undefined },
): { number: number; score: number }[] {
  return places
    .map((place) => {
      const share = place.words / Math.max(average, 1)
      const length = 1 - LENGTH_SHARE + LENGTH_SHARE * Math.min(share, LONG_MAX)
      const sides = [near(place, place.before, place.before_at), near(place, place.after, place.after_at)]
      let score = 0
      for (const word of words) {
        const best = Math.max(...sides.map((number) => word.get(number) ?? 0))
        score += Math.max((word.get(place.number) ?? 0) / length, NEIGHBOUR_SHARE * best)
      }
      const dated = dates !== undefined && fits(dates, place.created_at) ? 1 + DATE_SHARE : 1
      return { number: place.number, score: score * dated }
    })
    .toSorted((a, b) => b.score - a.score || b.number - a.number)
}

/**
 * The entries that were said in one breath with a good match and have none of the words themselves: an answer seldom
 * repeats its question.
 */
export function beside(places: readonly Place[], rough: ReadonlyMap<number, number>): number[] {
  const best = Math.max(0, ...places.map(({ number }) => rough.get(number) ?? 0))
  const found = new Set<number>()
  for (const place of places) {
    if ((rough.get(place.number) ?? 0) < best * BESIDE_LEAST) continue
    found.add(near(place, place.before, place.before_at)).add(near(place, place.after, place.after_at))
  }
  return [...found].filter((number) => number >= 0 && !rough.has(number))
}

/** The entry beside another if it is near in time; else no entry's number. */
function near(place: Place, other: number | null, at: string | null): number {
  if (other === null || at === null) return -1
  return Math.abs(Date.parse(at) - Date.parse(place.created_at)) > NEIGHBOUR_MS ? -1 : other
}
