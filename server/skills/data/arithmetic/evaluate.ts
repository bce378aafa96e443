import type { BigNumber, MathLibrary } from '../mathjs.ts'
import { ActionError } from '../../skill.ts'
import type { Operation, Tree } from './tree.ts'

/** Results beyond this cannot be given as a number. */
const MAGNITUDE_MAX = 1e308
/** Beyond these arguments an operation takes long, or its result has no correct digit left. */
const FACTORIAL_MAX = 170
const COMBINED_MAX = 1000
const EXACT_MAX = 1e15
/** Digits of a transcendental result that are certain. */
const CERTAIN_DIGITS = 60
/** Digits before rounding to whole numbers, so that the floor of a third times three is 1. */
const ROUNDING_DIGITS = 50
/** Decimals that trigonometry keeps: the sine of pi is 0, not the error of pi. */
const ANGLE_DECIMALS = 50

type Evaluate = (math: MathLibrary, ...of: BigNumber[]) => unknown

/**
 * The value of a parsed expression.
 *
 * @throws ActionError when there is no real answer, or none below 1e308.
 */
export function evaluate(math: MathLibrary, tree: Tree): BigNumber {
  if (tree.kind === 'number') return bounded(math.bignumber(tree.digits))
  const of = tree.of.map((part) => evaluate(math, part))
  return bounded(OPERATIONS[tree.name](math, ...of))
}

const OPERATIONS: Readonly<Record<Operation, Evaluate>> = {
  add: (math, a, b) => math.add(a, b),
  subtract: (math, a, b) => math.subtract(a, b),
  multiply: (math, a, b) => math.multiply(a, b),
  divide,
  fraction: divide,
  percent: (math, a) => math.divide(a, math.bignumber(100)),
  power: (math, a, b) => certain(math.pow(a, b)),
  mod: (math, a, b) => math.mod(a, divisor(b)),
  negate: (math, a) => math.unaryMinus(a),
  factorial: (math, a) => math.factorial(whole(a, 0, FACTORIAL_MAX, 'A factorial')),
  abs: (math, a) => math.abs(a),
  sign: (math, a) => math.sign(a),
  round: (math, a, places) => math.round(shortened(a), whole(places ?? math.bignumber(0), 0, 15, 'Rounding')),
  floor: (math, a) => math.floor(shortened(a)),
  ceil: (math, a) => math.ceil(shortened(a)),
  sqrt: (math, a) => certain(math.sqrt(a)),
  cbrt: (math, a) => certain(math.cbrt(a)),
  root: (math, a, n) => certain(math.nthRoot(a, whole(n, 1, 1000, 'The degree of a root'))),
  exp: (math, a) => certain(math.exp(a)),
  ln: (math, a) => certain(math.log(a)),
  log10: (math, a) => certain(math.log10(a)),
  log: (math, a, base) => certain(math.log(a, base)),
  radians: (math, a) => math.multiply(a, math.divide(pi(math), math.bignumber(180))),
  sin: (math, a) => settled(math.sin(angle(a))),
  cos: (math, a) => settled(math.cos(angle(a))),
  tan: (math, a) => divide(math, settled(math.sin(angle(a))), settled(math.cos(angle(a)))),
  asin: (math, a) => certain(math.asin(a)),
  acos: (math, a) => certain(math.acos(a)),
  atan: (math, a) => certain(math.atan(a)),
  sum: (math, ...of) => math.sum(of),
  product: (math, ...of) => math.prod(of),
  mean: (math, ...of) => math.mean(of),
  median: (math, ...of) => math.median(of),
  min: (math, ...of) => math.min(of),
  max: (math, ...of) => math.max(of),
  gcd: (math, ...of) => of.map(divisible).reduce((a, b) => math.gcd(a, b)),
  lcm: (math, ...of) => of.map(divisible).reduce((a, b) => math.lcm(a, divisible(b))),
  choose: (math, n, k) => math.combinations(combined(n), combined(k)),
  permutations: (math, n, k) => math.permutations(combined(n), combined(k)),
  hypot: (math, a, b) => certain(math.sqrt(a.times(a).plus(b.times(b)))),
  pi,
  tau: (math) => math.multiply(pi(math), math.bignumber(2)),
  e: (math) => math.exp(math.bignumber(1)),
}

function divide(math: MathLibrary, a: BigNumber, b: BigNumber): unknown {
  return math.divide(a, divisor(b))
}

function divisor(value: BigNumber): BigNumber {
  if (value.isZero()) throw new ActionError('Dividing by zero has no answer.')
  return value
}

function pi(math: MathLibrary): BigNumber {
  return math.bignumber(math.pi)
}

function whole(value: BigNumber, least: number, most: number, what: string): BigNumber {
  if (value.isInteger() && value.gte(least) && value.lte(most)) return value
  throw new ActionError(`${what} needs a whole number from ${least} to ${most}.`)
}

function combined(value: BigNumber): BigNumber {
  return whole(value, 0, COMBINED_MAX, 'Choosing')
}

function divisible(value: BigNumber): BigNumber {
  return whole(value, -EXACT_MAX, EXACT_MAX, 'A common divisor or multiple')
}

function angle(value: BigNumber): BigNumber {
  if (value.abs().gt(EXACT_MAX)) throw new ActionError('That angle is too large.')
  return value
}

function isReal(value: unknown): value is BigNumber {
  return typeof value === 'object' && value !== null && 'isFinite' in value && 'toSignificantDigits' in value
}

function certain(value: unknown): unknown {
  return isReal(value) ? value.toSignificantDigits(CERTAIN_DIGITS) : value
}

function settled(value: BigNumber): BigNumber {
  return value.toDecimalPlaces(ANGLE_DECIMALS)
}

function shortened(value: BigNumber): BigNumber {
  return value.toSignificantDigits(ROUNDING_DIGITS)
}

function bounded(value: unknown): BigNumber {
  if (!isReal(value) || value.isNaN()) throw new ActionError('That has no real number as an answer.')
  if (!value.isFinite() || value.abs().gt(MAGNITUDE_MAX))
    throw new ActionError('The result is too large to be given as a number.')
  return value
}
