import { toInteger, toNumber, toText } from '../coerce.ts'
import { Stop } from '../place.ts'
import type { Value } from '../value.ts'
import type { Helper, Method } from './call.ts'

export const NUMBER_METHODS: ReadonlyMap<string, Method<number>> = new Map<string, Method<number>>([
  ['toFixed', written((number, digits) => number.toFixed(digits), [0, 100])],
  ['toPrecision', written((number, digits) => number.toPrecision(digits), [1, 100])],
  ['toString', written((number, base) => number.toString(base), [2, 36])],
])

export const BOOLEAN_METHODS: ReadonlyMap<string, Method<boolean>> = new Map<string, Method<boolean>>([
  ['toString', (value) => String(value)],
])

export const NUMBER_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ...(['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'] as const).map(
    (name) => [`Math.${name}`, Math[name]] as const,
  ),
  ...(['EPSILON', 'MAX_SAFE_INTEGER', 'MIN_SAFE_INTEGER', 'MAX_VALUE', 'MIN_VALUE'] as const).map(
    (name) => [`Number.${name}`, Number[name]] as const,
  ),
])

/** Those of `Math` that depend on nothing but their arguments. */
const MATHS = [
  ...([
    'abs',
    'acos',
    'acosh',
    'asin',
    'asinh',
    'atan',
    'atan2',
    'atanh',
    'cbrt',
    'ceil',
    'cos',
    'cosh',
  ] as const),
  ...(['exp', 'expm1', 'floor', 'fround', 'hypot', 'log', 'log10', 'log1p', 'log2', 'max', 'min'] as const),
  ...(['pow', 'round', 'sign', 'sin', 'sinh', 'sqrt', 'tan', 'tanh', 'trunc'] as const),
] as const

export const NUMBER_FUNCTIONS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ...MATHS.map((name): [string, Helper] => [`Math.${name}`, onNumbers(Math[name])]),
  ['Number', ({ values, budget }) => (values.length === 0 ? 0 : toNumber(values[0], budget))],
  ['Number.isFinite', ({ values: [value] }) => Number.isFinite(value)],
  ['Number.isInteger', ({ values: [value] }) => Number.isInteger(value)],
  ['Number.isNaN', ({ values: [value] }) => Number.isNaN(value)],
  ['Number.isSafeInteger', ({ values: [value] }) => Number.isSafeInteger(value)],
  ['isFinite', ({ values: [value], budget }) => Number.isFinite(toNumber(value, budget))],
  ['isNaN', ({ values: [value], budget }) => Number.isNaN(toNumber(value, budget))],
  ...bothWays('parseFloat', ({ values: [value], budget }) => Number.parseFloat(toText(value, budget))),
  ...bothWays('parseInt', ({ values: [value, base], budget }) =>
    Number.parseInt(toText(value, budget), base === undefined ? undefined : toNumber(base, budget)),
  ),
])

function onNumbers(work: (...numbers: number[]) => number): Helper {
  return ({ values, budget }) => {
    budget.scan(values.length * 64)
    return work(...values.map((value: Value) => toNumber(value, budget)))
  }
}

function bothWays(name: string, helper: Helper): [string, Helper][] {
  return [
    [name, helper],
    [`Number.${name}`, helper],
  ]
}

function written(
  write: (number: number, digits: number | undefined) => string,
  [least, most]: readonly [number, number],
): Method<number> {
  return (number, { values: [value], budget }) => {
    const digits = value === undefined ? undefined : toInteger(value, budget)
    if (digits !== undefined && (digits < least || digits > most))
      throw new Stop(`This takes a number from ${least} to ${most}, and not ${digits}.`)
    return write(number, digits)
  }
}
