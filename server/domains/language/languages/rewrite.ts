import { toForm } from '../../../kernel/unicode.ts'
/** A pattern of a line, and what it is called in English; `undefined` where the words mean nothing after all. */
export interface Rule {
  readonly pattern: RegExp
  readonly say: (groups: readonly string[]) => string | undefined
}

/** A slot with more words than this is no value that has a grammar. */
const WORDS_MAX = 40

/** Declares a rule. A string is what is said, with `$1` for the first group. */
export function rule(
  pattern: string,
  say: string | ((groups: readonly string[]) => string | undefined),
): Rule {
  return {
    pattern: new RegExp(`(?:${pattern})(?= |$)`, 'uy'),
    say:
      typeof say === 'string'
        ? (groups) => say.replaceAll(/\$(\d)/gu, (_sign, number: string) => groups[Number(number)] ?? '')
        : say,
  }
}

/** Rules that say one word for another, from lines such as "monday = montag montags". */
export function dictionary(lines: string): ReadonlyMap<string, string> {
  return new Map(
    lines
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [english = '', words = ''] = line.split('=')
        return words
          .trim()
          .split('|')
          .map((word) => [word.trim(), english.trim()] as const)
      }),
  )
}

/** The words of a dictionary as a pattern, longer ones first. */
export function alternatives(words: ReadonlyMap<string, string>): string {
  return [...words.keys()].toSorted((a, b) => b.length - a.length).join('|')
}

/** Says a line in English, all of it or not at all; of the rules that fit the one that reaches farthest counts. */
export function rewrite(line: string, rules: readonly Rule[]): string | undefined {
  const said: string[] = []
  for (let at = 0; at < line.length;) {
    const found = longest(line, at, rules)
    if (found === undefined || said.length >= WORDS_MAX) return undefined
    if (found.said !== '') said.push(found.said)
    at = found.next
  }
  return said.length === 0 ? undefined : said.join(' ')
}

function longest(
  line: string,
  at: number,
  rules: readonly Rule[],
): { said: string; next: number } | undefined {
  let best: { said: string; next: number } | undefined
  for (const { pattern, say } of rules) {
    pattern.lastIndex = at
    const match = pattern.exec(line)
    if (match === null || match[0] === '') continue
    const next = at + match[0].length + 1
    if (next <= (best?.next ?? at)) continue
    const said = say([...match].map((group) => group ?? ''))
    if (said !== undefined) best = { said, next }
  }
  return best
}

/** Letters without their marks, in small letters; letters of other alphabets stay as they are. */
export function plain(text: string): string {
  return toForm(toForm(text, 'NFKC').toLowerCase(), 'NFD')
    .replaceAll(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
}

/** The words, numbers and signs of a text, one space between; numbers as English writes them. */
export function wordsIn(text: string): string[] {
  const apart = text.replaceAll(/(?<=\p{L})-(?=\p{L})/gu, ' ')
  const found =
    apart.match(/\d+(?:[.,:]\d+)*(?:\.(?=\s|$))?|[\p{L}\p{M}]+|[^\s\p{L}\p{M}\d,;.!?¿¡"„“”«»]/gu) ?? []
  return found.map((word) => (/^\d/u.test(word) ? numberAs(word) : word))
}

/** "2.340,50" is 2340.50, "3.5." stays a date, and "3." is the third. */
function numberAs(word: string): string {
  if (/^\d{1,3}(?:\.\d{3})+(?:,\d+)?\.?$/u.test(word))
    return word.replace(/\.$/u, '').replaceAll('.', '').replace(',', '.')
  if (/^\d+,\d+\.?$/u.test(word)) return word.replace(/\.$/u, '').replace(',', '.')
  return /^\d{1,2}\.$/u.test(word) ? `${word.slice(0, -1)}th` : word
}
