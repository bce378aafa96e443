const SCIENTIFIC_FROM = 1e21
const SCIENTIFIC_BELOW = 1e-6

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 6 })
const SMALL = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 })
const ROUNDED = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const ROUNDED_SMALL = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** A number in decimal digits as it is read aloud, such as "1,234.5"; `digits` may have more than a double holds. */
export function sayNumber(digits: string): string {
  const size = Math.abs(Number(digits))
  if (size !== 0 && (size >= SCIENTIFIC_FROM || size < SCIENTIFIC_BELOW)) return sayScientific(Number(digits))
  return (size < 1 ? SMALL : WHOLE).format(digits as Intl.StringNumericLiteral)
}

/** Whether `sayNumber` leaves digits out. */
export function isRounded(digits: string): boolean {
  return Number(sayNumber(digits).replaceAll(',', '')) !== Number(digits)
}

/** A measured amount, for which two decimals are enough for the ear. */
export function sayAmount(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= SCIENTIFIC_FROM || size < SCIENTIFIC_BELOW)) return sayScientific(value)
  return (size < 1 ? ROUNDED_SMALL : ROUNDED).format(value)
}

function sayScientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(5).split('e')
  return `${Number(mantissa)} times 10 to the power of ${Number(exponent)}`
}
