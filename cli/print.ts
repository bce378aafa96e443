import type { Environment, Io } from './io.ts'

/** What moves the cursor, changes colours or the direction of writing, or breaks lines: nothing that data may do. */
const UNSEEN = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

/** A text from elsewhere, fit for a terminal. Lines stay lines. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replaceAll(UNSEEN, (character) => (character === '\n' ? character : escaped(character)))
}

/** A text from elsewhere, on one line. */
export function oneLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ').trim())
}

/** A text from elsewhere on one line, in which a stroke stands where a line ended. */
export function strokedLine(text: string): string {
  return oneLine(text.trim().replaceAll(/\s*\n\s*/gu, ' / '))
}

/** JSON on one line, fit for a terminal: what is escaped here can only stand inside strings. */
export function toJson(data: unknown): string {
  return JSON.stringify(data).replaceAll(UNSEEN, escaped)
}

/** Less bright, on terminals that can and for people who want it. */
export function dim(text: string, { stdout, environment }: Pick<Io, 'stdout' | 'environment'>): string {
  return stdout.isTTY === true && wantsColour(environment) ? `\u001B[2m${text}\u001B[22m` : text
}

function wantsColour({ NO_COLOR, TERM }: Environment): boolean {
  return (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb'
}

/** Columns that stand below each other. The last one is not filled up. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, Array.from(cell).length)
    }
  }
  return rows.map((row) => toLine(row, widths)).join('\n')
}

function toLine(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - Array.from(cell).length))
  return cells.join('  ').trimEnd()
}

const STEPS = [
  ['day', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** How long ago a time was, as people say it. */
export function ago(time: string, now: number): string {
  const seconds = Math.round((now - Date.parse(time)) / 1000)
  const length = duration(seconds)
  return length === undefined ? 'just now' : `${length} ago`
}

/** A length in its largest unit, or nothing below a minute. */
export function duration(seconds: number): string | undefined {
  const step = STEPS.find(([, size]) => seconds >= size)
  if (step === undefined) return undefined
  const count = Math.floor(seconds / step[1])
  return `${count} ${step[0]}${step[0] === 'day' && count !== 1 ? 's' : ''}`
}
