import type { Token, Utterance } from '../normalise.ts'
import { tokenise } from '../normalise.ts'

/** What is said around an order and carries none, each as the words are compared. */
export interface Manners {
  readonly before: readonly (readonly string[])[]
  readonly after: readonly (readonly string[])[]
  /** Words that mean nothing wherever they stand, or only at this place. */
  readonly filler: (keys: readonly string[], at: number) => boolean
}

const ROUNDS_MAX = 8

/** Reads "kannst du | bitte" as what is said around an order. */
export function mannersOf(
  before: string,
  after: string,
  keyOf: (word: string) => string,
  filler: Manners['filler'],
): Manners {
  const read = (list: string) =>
    list
      .split('|')
      .map((phrase) => tokenise(phrase).map(({ key }) => keyOf(key)))
      .filter((keys) => keys.length > 0)
      .toSorted((a, b) => b.length - a.length)
  return { before: read(before), after: read(after), filler }
}

/**
 * The words of an utterance as a language compares them, without what is said around the order; and with it, where that
 * may be the order itself: "ich brauche", "necesito".
 */
export function hearAs(
  utterance: Utterance,
  keyOf: (word: string) => string,
  manners: Manners,
): readonly Utterance[] {
  const { text } = utterance
  const keyed = utterance.tokens.map((token) => ({ ...token, key: keyOf(token.key) }))
  const keys = keyed.map(({ key }) => key)
  const all = keyed.filter((_, at) => !manners.filler(keys, at))
  if (all.length === 0) return [{ text, tokens: keyed }]
  const from = leading(all, manners.before)
  const to = trailing(all, manners.after)
  if (from >= to || (from === 0 && to === all.length)) return [{ text, tokens: all }]
  return [
    { text, tokens: all.slice(from, to) },
    { text, tokens: all },
  ]
}

function leading(tokens: readonly Token[], paddings: Manners['before']): number {
  let from = 0
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const padding = paddings.find((keys) => keys.every((key, offset) => tokens[from + offset]?.key === key))
    if (padding === undefined) break
    from += padding.length
  }
  return from
}

function trailing(tokens: readonly Token[], paddings: Manners['after']): number {
  let to = tokens.length
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const padding = paddings.find((keys) =>
      keys.every((key, offset) => tokens[to - keys.length + offset]?.key === key),
    )
    if (padding === undefined) break
    to -= padding.length
  }
  return to
}

/** The first word of each line stands for the others: "pon ponga ponme". */
export function lemmas(lines: string, fold: (word: string) => string): ReadonlyMap<string, string> {
  return new Map(
    lines
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [first = '', ...others] = line.trim().split(/\s+/u).map(fold)
        return [first, ...others].map((word) => [word, first] as const)
      }),
  )
}
