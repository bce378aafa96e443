import type { BigNumber, MathLibrary } from '../mathjs.ts'
import { loadMath } from '../mathjs.ts'
import { DEFINITIONS, unitOf } from './units.ts'
import type { Unit } from './units.ts'

/** Digits of a converted amount; the factors themselves are known to about as many. */
const SIGNIFICANT_DIGITS = 12

/** What a name may mean as well, if its first meaning does not fit the other unit: "8 ounces in millilitres". */
const SECOND_MEANINGS: Readonly<Record<string, string>> = {
  ounce: 'fluid ounce',
  minute: 'arcminute',
  second: 'arcsecond',
  km: 'kilometre per hour',
  mile: 'mile per hour',
  m: 'minute',
  degC: 'cups',
  kB: 'kilobit',
}

let defined: MathLibrary | undefined

/** The mathematics library with the units that it lacks. */
export function loadUnits(): MathLibrary {
  if (defined === undefined) {
    const math = loadMath()
    for (const [name, definition] of Object.entries(DEFINITIONS)) math.createUnit(name, definition)
    defined = math
  }
  return defined
}

/** An amount in another unit, with the units as they were understood. */
export interface Measured {
  value: number
  from: Unit
  to: Unit
}

/** Converts an amount; `undefined` when the units measure different things, such as miles and kilograms. */
export function measure(value: number, from: Unit, to: Unit): Measured | undefined {
  const math = loadUnits()
  for (const source of meanings(from))
    for (const target of meanings(to)) {
      const result = convert(math, value, source, target)
      if (result !== undefined) return { value: result, from: source, to: target }
    }
  return undefined
}

function meanings(unit: Unit): Unit[] {
  const second = unitOf(SECOND_MEANINGS[unit.code] ?? '')
  return second === undefined ? [unit] : [unit, second]
}

function convert(math: MathLibrary, value: number, from: Unit, to: Unit): number | undefined {
  const amount = math.unit(math.bignumber(String(value)), from.code)
  const target = math.unit(math.bignumber(1), to.code)
  if (amount.equalBase(target)) return rounded(math, amount.toNumeric(to.code))
  // Miles per gallon and litres per 100 kilometres measure the same from two sides.
  const inverse = math.unit(math.bignumber(1), `1/(${from.code})`)
  if (value === 0 || !inverse.equalBase(target)) return undefined
  return rounded(math, math.divide(inverse.toNumeric(to.code), math.bignumber(String(value))))
}

function rounded(math: MathLibrary, value: unknown): number {
  return Number(math.bignumber(value as BigNumber).toSignificantDigits(SIGNIFICANT_DIGITS)) + 0
}
