import { createRequire } from 'node:module'
import type { Expression, Options } from 'acorn'
import { NESTING_MAX, Nesting } from './nesting.ts'
import { Refused } from './refused.ts'

/** Characters of one expression. */
const SOURCE_MAX = 8192

interface Parser {
  parseExpressionAt(input: string, position: number, options: Options): Expression
}

interface Parsed {
  /** Its positions count from where it was looked for. */
  readonly expression: Expression
  /** Where it ends in the text. */
  readonly end: number
}

let parser: Parser | undefined

/** The JavaScript expression that begins here, and how far it goes; whether it is allowed is another question. */
export function parseAt(text: string, start: number): Parsed {
  // Reading the parser takes longer than most requests, and many runs of the server never need it.
  parser ??= createRequire(import.meta.url)('acorn') as Parser
  const part = text.slice(start, start + SOURCE_MAX)
  const nesting = new Nesting()
  let length = 0
  try {
    const expression = parser.parseExpressionAt(part, 0, {
      ecmaVersion: 'latest',
      // In modules `<!--` begins no comment.
      sourceType: 'module',
      onToken: (token) => {
        nesting.take(token)
        length = token.end
      },
      onComment: (_block, _text, at) => {
        throw new Refused('A comment is not allowed in an expression.', at)
      },
    })
    // What was cut off might have gone on.
    if (length === SOURCE_MAX && text.length > start + SOURCE_MAX) throw tooLong(0)
    return { expression, end: start + length }
  } catch (error) {
    const cut = text.length > start + SOURCE_MAX
    throw moved(cut && error instanceof SyntaxError ? tooLong(0) : error, start)
  }
}

function tooLong(position: number): Refused {
  return new Refused(
    `An expression may have at most ${SOURCE_MAX.toLocaleString('en')} characters, and this one does not end there.`,
    position,
  )
}

/** The same refusal at its place in the whole text. */
function moved(error: unknown, start: number): unknown {
  if (error instanceof Refused) return new Refused(error.message, error.position + start, { cause: error })
  if (error instanceof RangeError)
    return new Refused(`This is nested more than ${NESTING_MAX} levels deep.`, start, { cause: error })
  if (!(error instanceof SyntaxError)) return error
  const at = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
  const said = error.message.replace(/ \(\d+:\d+\)$/, '')
  return new Refused(`This is not a JavaScript expression: ${said}.`, start + at, { cause: error })
}
