import { TONGUES } from './known.ts'
import { plain } from './rewrite.ts'
import type { Tongue } from './tongue.ts'

/** Small words that are in most sentences, by language. What two languages share counts for both. */
const SMALL: Readonly<Record<'en' | Tongue['code'], ReadonlySet<string>>> = {
  en: words(`the a an is are was were be been of to and or in on my me you your i we it its that this these those what when how
    who why which where please can could would will do does did for with from at by as not no so all any have has had am
    about up out if then there here tell show give set put add make get let turn`),
  de: words(`der die das den dem des ein eine einen einem einer ich du er sie es wir ihr mir mich dir dich uns sich ist sind
    war bin bist und oder aber nicht kein keine keinen mit von vom zu zum zur auf für fur fuer in im am um an bei nach aus bis
    wie was wann wo wer warum wieso welche welcher welches mein meine meinen meiner meinem bitte kannst könnte hast habe hat
    noch mal alle alles über uber ueber wenn dass ob schon so heute morgen gestern jetzt gibt wird`),
  es: words(`el la los las un una unos unas de del que y o a al en mi mis me te se lo le es son esta está están estan era por
    para con sin qué que cuál cual cuándo cuando cómo como dónde donde quién quien puedes podrías hay he ha has no si sí ya muy
    todo todos todas eso esto esa este esa hoy mañana manana ayer ahora tengo tu su más mas`),
}
/** Fewer small words do not show a language. */
const SMALL_MIN = 2
const WORDS_MAX = 60
/** Characters for each word that are looked at. */
const WORD_CHARACTERS = 20

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u).map(plain))
}

/** What a sentence begins with shows its language; after that it may hold a text in any. */
const OPENING_WORDS = 8

/** The languages that a sentence may be in: none besides English when it clearly begins in that. */
export function possibleTongues(text: string): readonly Tongue[] {
  const said = wordsOf(text, OPENING_WORDS)
  const english = countIn('en', said)
  const others = TONGUES.map(({ code }) => countIn(code, said))
  return english >= SMALL_MIN && others.every((small) => 2 * small < english) ? [] : TONGUES
}

function wordsOf(text: string, most: number): string[] {
  const read = text.slice(0, most * WORD_CHARACTERS)
  return (read.match(/[\p{L}\p{M}]+/gu) ?? []).slice(0, most).map(plain)
}

function countIn(code: keyof typeof SMALL, said: readonly string[]): number {
  return said.filter((word) => SMALL[code].has(word)).length
}

/**
 * The language that a sentence shows by its small words, when that is not English: only where there are clearly more of
 * it than of any other. A language that it is said to be in counts where nothing in it is English.
 */
export function spokenTongue(text: string, given: Tongue | undefined): Tongue | undefined {
  const said = wordsOf(text, WORDS_MAX)
  const english = countIn('en', said)
  if (given !== undefined && english === 0) return given
  const [first, second] = TONGUES.map((tongue) => ({ tongue, small: countIn(tongue.code, said) })).toSorted(
    (a, b) => b.small - a.small,
  )
  if (first === undefined || first.small < SMALL_MIN) return undefined
  const others = Math.max(english, second?.small ?? 0)
  return first.small >= 2 * others ? first.tongue : undefined
}
