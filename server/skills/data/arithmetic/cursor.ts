import { ActionError } from '../../skill.ts'

/** How deep parentheses, functions and powers may nest. */
const DEPTH_MAX = 50

/** A place in the tokens of an expression while it is read. */
export interface Cursor {
  readonly tokens: readonly string[]
  at: number
  depth: number
  /** Whether something is calculated, rather than only a number named. */
  calculates: boolean
  /** How many trigonometric functions are open; degrees make sense only in them. */
  angles: number
}

export function openCursor(tokens: readonly string[]): Cursor {
  return { tokens, at: 0, depth: 0, calculates: false, angles: 0 }
}

export function peek(cursor: Cursor, ahead = 0): string {
  return cursor.tokens[cursor.at + ahead] ?? ''
}

/** Steps over the token if it comes next. */
export function skip(cursor: Cursor, token: string): boolean {
  if (peek(cursor) !== token || token === '') return false
  cursor.at += 1
  return true
}

export function expect(cursor: Cursor, tokens: readonly string[]): void {
  if (tokens.some((token) => skip(cursor, token))) return
  throw lost(cursor)
}

/** What is said about an expression that makes no sense at the cursor. */
export function lost(cursor: Cursor): ActionError {
  const token = peek(cursor)
  return new ActionError(
    token === '' ? 'The expression ends too early.' : `I cannot calculate with "${token}" there.`,
  )
}

/** Reads something one level deeper. */
export function within<T>(cursor: Cursor, read: () => T): T {
  cursor.depth += 1
  if (cursor.depth > DEPTH_MAX) throw new ActionError(`An expression nests at most ${DEPTH_MAX} levels deep.`)
  const result = read()
  cursor.depth -= 1
  return result
}
