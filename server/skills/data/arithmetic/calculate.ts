import { isRounded, sayNumber } from '../say.ts'
import { loadMath } from '../mathjs.ts'
import { evaluate } from './evaluate.ts'
import { VERBS } from './functions.ts'
import { parseArithmetic } from './parse.ts'
import { withoutPadding } from './tokens.ts'

/** Longer expressions, and those with signs that cannot be read aloud, are not repeated in the answer. */
const ECHO_CHARACTERS_MAX = 60
/** Enough for every whole number that is said in full. */
const DIGITS_MAX = 25

/** Openings that take no article: "half of 90", "two thirds of 90", "the sum of 1 and 2". */
const SHARE = /^(?:a |an |the |half |[a-z]+ [a-z]+s )/

const NOUNS = new Set(['difference', 'remainder'])

export interface Calculated {
  value: number
  text: string
}

/**
 * Calculates an expression as it is written or spoken.
 *
 * @throws ActionError when it is no arithmetic, has no real answer, or is too large.
 */
export function calculateExpression(expression: string): Calculated {
  const { tree } = parseArithmetic(expression)
  const result = evaluate(loadMath(), tree)
  const digits = result.toSignificantDigits(DIGITS_MAX).toFixed()
  // Adding zero turns a negative zero into the plain one.
  return { value: Number(result.toString()) + 0, text: sayResult(expression, digits) }
}

function sayResult(expression: string, digits: string): string {
  const said = withoutPadding(expression)
  const unit = /percent(?:age)? of .+ is |(?:is (?:what|how many)|as a) percent/.test(said) ? ' percent' : ''
  const subject = unit === '' ? nounOf(said) : 'The answer'
  return `${subject} ${isRounded(digits) ? 'is about' : 'is'} ${sayNumber(digits)}${unit}.`
}

/** The expression as the subject of a sentence, if it reads as one. */
function nounOf(said: string): string {
  const first = said.split(' ', 1)[0] ?? ''
  const isVerb = /^(?:add|sum|tot|total) up /.test(said) || (Object.hasOwn(VERBS, first) && !NOUNS.has(first))
  if (!/^[\w .,%'+-]+$/.test(said) || said.length > ECHO_CHARACTERS_MAX || isVerb) return 'The answer'
  const article = /^[a-z]+(?: [a-z]+)? (?:of|between) /.test(said) && !SHARE.test(said) ? 'The ' : ''
  return article === '' ? `${first.slice(0, 1).toUpperCase()}${said.slice(1)}` : `${article}${said}`
}
