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

/** The user's own text of these words, with brackets that belong to it and without quotes around it. */
export function captured({ text, tokens }: Utterance, first: number, end: number): Capture {
  const floor = tokens[first - 1]?.end ?? 0
  const ceiling = tokens[end]?.start ?? text.length
  let from = tokens[first]?.start ?? 0
  let to = tokens[end - 1]?.end ?? from
  while (from > floor && (text[from - 1] ?? '') in PAIRS) from -= 1
  while (to < ceiling && /[)\]}"'`”’“»]/u.test(text[to] ?? '')) to += 1
  while (to - from > 1 && isUnpaired(text.slice(from, to), 0)) from += 1
  while (to - from > 1 && isUnpaired(text.slice(from, to), to - from - 1)) to -= 1
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
