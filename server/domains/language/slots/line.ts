import type { Lexeme, SecondIs } from '../numbers.ts'
import { lex } from '../numbers.ts'

/**
 * A sentence as the slot grammars read it: lower-case words and digits with one space between, no
 * commas, each quoted passage or address as one `"`. Patterns run over `text`; positions lead back to `source`.
 */
export interface Line {
  readonly source: string
  readonly text: string
  readonly words: readonly Lexeme[]
  /** Where each word begins in `text`. */
  readonly starts: readonly number[]
}

/** A grammar reads only so far into a text; a command that long is a document. */
const LINE_CHARS_MAX = 4_000

/** Quoted passages, and names and addresses: "@monday_club" is no day. */
const OPAQUE = /"[^"]{0,2000}"|“[^”]{0,2000}”|«[^»]{0,2000}»|(?<!\S)[^\s@_#]{0,200}(?:[@_#]|:\/\/)\S*/gu

export function lineOf(source: string, second: SecondIs = 'ordinal'): Line {
  const read = source.slice(0, LINE_CHARS_MAX)
  const masked = read.replaceAll(OPAQUE, (quoted) => `"${' '.repeat(quoted.length - 1)}`)
  const words = lex(masked, second).filter(({ key }) => key !== ',')
  const starts: number[] = []
  let text = ''
  for (const { key } of words) {
    if (text !== '') text += ' '
    starts.push(text.length)
    text += key
  }
  return { source, text, words, starts }
}

/** A pattern that must end where a word ends, for use at one position of a line. */
export function phrase(pattern: string): RegExp {
  return new RegExp(`(?:${pattern})(?= |$)`, 'uy')
}

/** What the pattern finds exactly at this position, and where the next word begins. */
export function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): { groups: string[]; next: number } | undefined {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null || match[0] === '') return undefined
  return { groups: [...match].map((group) => group ?? ''), next: at + match[0].length + 1 }
}

/** The part of the source that words `from` (inclusive) to `to` (exclusive position) came from. */
export function sourceSpan(line: Line, from: number, to: number): { start: number; end: number } {
  const first = line.words[line.starts.indexOf(from)]
  const after = line.starts.findIndex((start) => start >= to)
  const last = line.words.at(after === -1 ? -1 : after - 1)
  return { start: first?.start ?? 0, end: last?.end ?? 0 }
}

/** The source without these spans, its seams closed and its dangling punctuation trimmed. */
export function without(source: string, spans: readonly { start: number; end: number }[]): string {
  let kept = ''
  let from = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    kept = `${kept}${source.slice(from, start)}`.trimEnd()
    from = end
    const seam = /^[\s,;]*/u.exec(source.slice(from))?.[0] ?? ''
    if (seam !== '' || kept === '') {
      from += seam.length
      kept = kept === '' ? '' : `${kept.replace(/[,;:]+$/u, '')} `
    }
  }
  return `${kept}${source.slice(from)}`.trim().replace(/^[,;:.!?]+\s*|\s*[,;:]+$/gu, '')
}
