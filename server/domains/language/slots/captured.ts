import type { Utterance } from '../normalise.ts'

/** What a slot took: `text` is the user's own spelling, from `start` to `end` of the utterance's text. */
export interface Capture {
  readonly text: string
  readonly start: number
  readonly end: number
}

const PAIRS: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
  '„': '“',
  '«': '»',
}

/** Brackets and quotes on either side of the words that are looked at; each look reads the whole text. */
const MARKS_MAX = 16

/** The user's own text of these words, with brackets that belong to it and without quotes around it. */
export function captured({ text, tokens }: Utterance, first: number, end: number): Capture {
  const from_token = tokens[first]?.start ?? 0
  const to_token = tokens[end - 1]?.end ?? from_token
  const floor = Math.max(tokens[first - 1]?.end ?? 0, from_token - MARKS_MAX)
  const ceiling = Math.min(tokens[end]?.start ?? text.length, to_token + MARKS_MAX)
  let from = from_token
  let to = to_token
  while (from > floor && (text[from - 1] ?? '') in PAIRS) from -= 1
  while (to < ceiling && /[)\]}"'`”’“»]/u.test(text[to] ?? '')) to += 1
  for (let mark = 0; mark < 2 * MARKS_MAX && to - from > 1 && isUnpaired(text.slice(from, to), 0); mark += 1)
    from += 1
  for (
    let mark = 0;
    mark < 2 * MARKS_MAX && to - from > 1 && isUnpaired(text.slice(from, to), to - from - 1);
    mark += 1
  )
    to -= 1
  if (isQuoted(text.slice(from, to))) [from, to] = [from + 1, to - 1]
  return { text: text.slice(from, to), start: from, end: to }
}

/** A bracket or quote whose partner lies outside the text. */
function isUnpaired(text: string, index: number): boolean {
  const char = text[index] ?? ''
  const close = PAIRS[char]
  if (close !== undefined && text.indexOf(close, index + 1) !== -1) return false
  const opens = Object.keys(PAIRS).filter((open) => PAIRS[open] === char)
  if (close === undefined && opens.length === 0) return false
  return !opens.some((open) => text.slice(0, index).includes(open))
}

function isQuoted(text: string): boolean {
  const open = text[0] ?? ''
  if (!/["'`“‘„«]/u.test(open) || text.length < 3 || PAIRS[open] !== text.at(-1)) return false
  const inner = text.slice(1, -1)
  return !inner.includes(open) && !inner.includes(text.at(-1) ?? '')
}
