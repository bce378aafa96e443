import type { Operation } from './tree.ts'

/** How tightly operators bind their neighbours: the higher, the tighter. */
export const SUM = 10
export const PRODUCT = 20
export const SIGN = 25
export const POWER = 30

/** What a function takes: how many arguments, and whether spoken ones may be a list ("sum of 3, 4 and 5"). */
export interface FunctionForm {
  name: Operation
  least: number
  most: number
}

const ONE = { least: 1, most: 1 }
const LIST = { least: 1, most: 250 }

/** Functions by the names that people write or say. `log` is the decimal one, as on every pocket calculator. */
export const FUNCTIONS: Readonly<Record<string, FunctionForm>> = {
  sqrt: { name: 'sqrt', ...ONE },
  root: { name: 'sqrt', ...ONE },
  cbrt: { name: 'cbrt', ...ONE },
  nthroot: { name: 'root', least: 2, most: 2 },
  abs: { name: 'abs', ...ONE },
  absolute: { name: 'abs', ...ONE },
  sign: { name: 'sign', ...ONE },
  round: { name: 'round', least: 1, most: 2 },
  floor: { name: 'floor', ...ONE },
  ceil: { name: 'ceil', ...ONE },
  ceiling: { name: 'ceil', ...ONE },
  exp: { name: 'exp', ...ONE },
  ln: { name: 'ln', ...ONE },
  log: { name: 'log10', least: 1, most: 2 },
  log10: { name: 'log10', ...ONE },
  sin: { name: 'sin', ...ONE },
  sine: { name: 'sin', ...ONE },
  cos: { name: 'cos', ...ONE },
  cosine: { name: 'cos', ...ONE },
  tan: { name: 'tan', ...ONE },
  tangent: { name: 'tan', ...ONE },
  asin: { name: 'asin', ...ONE },
  acos: { name: 'acos', ...ONE },
  atan: { name: 'atan', ...ONE },
  factorial: { name: 'factorial', ...ONE },
  pow: { name: 'power', least: 2, most: 2 },
  mod: { name: 'mod', least: 2, most: 2 },
  hypot: { name: 'hypot', least: 2, most: 2 },
  choose: { name: 'choose', least: 2, most: 2 },
  combinations: { name: 'choose', least: 2, most: 2 },
  permutations: { name: 'permutations', least: 2, most: 2 },
  sum: { name: 'sum', ...LIST },
  total: { name: 'sum', ...LIST },
  product: { name: 'product', ...LIST },
  average: { name: 'mean', ...LIST },
  mean: { name: 'mean', ...LIST },
  median: { name: 'median', ...LIST },
  min: { name: 'min', ...LIST },
  minimum: { name: 'min', ...LIST },
  smallest: { name: 'min', ...LIST },
  lowest: { name: 'min', ...LIST },
  max: { name: 'max', ...LIST },
  maximum: { name: 'max', ...LIST },
  largest: { name: 'max', ...LIST },
  biggest: { name: 'max', ...LIST },
  highest: { name: 'max', ...LIST },
  gcd: { name: 'gcd', ...LIST },
  lcm: { name: 'lcm', ...LIST },
}

/** "divide 144 by 9": the words that may stand between the two numbers of a verb, and what it means. */
export interface VerbForm {
  joins: readonly string[]
  name: Operation
  /** "subtract 5 from 20" names its numbers in the other order. */
  swapped?: true
  /** The sign of the result does not matter, as in a difference. */
  absolute?: true
  /** How tightly the first number is read, where a joining word would otherwise be taken for an operator. */
  binds?: number
}

export const VERBS: Readonly<Record<string, VerbForm>> = {
  add: { joins: ['and', 'to', '+', ','], name: 'sum' },
  subtract: { joins: ['from'], name: 'subtract', swapped: true },
  deduct: { joins: ['from'], name: 'subtract', swapped: true },
  take: { joins: ['from', 'off'], name: 'subtract', swapped: true, binds: PRODUCT + 1 },
  multiply: { joins: ['by', 'and', 'with'], name: 'multiply' },
  divide: { joins: ['by', 'between', 'among', 'into'], name: 'divide' },
  split: { joins: ['between', 'among', 'by', 'into', 'across'], name: 'divide' },
  share: { joins: ['between', 'among', 'by'], name: 'divide' },
  increase: { joins: ['by'], name: 'add' },
  decrease: { joins: ['by'], name: 'subtract' },
  reduce: { joins: ['by'], name: 'subtract' },
  raise: { joins: ['to', '^', 'by'], name: 'power', binds: POWER + 1 },
  difference: { joins: ['and'], name: 'subtract', absolute: true },
  remainder: { joins: ['/', 'by'], name: 'mod', binds: PRODUCT + 1 },
}
