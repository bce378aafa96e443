export type Half = 'am' | 'pm' | undefined

/**
 * A time of the day as the readers know it: with two digits where it is certain which half of the day is meant.
 * `minutes` may go beyond the hour in both directions: five to eight is 8 and -5.
 */
export function clock(hour: number, minutes: number, half?: Half): string | undefined {
  if (hour > 24 || Math.abs(minutes) > 59 || (hour === 24 && minutes > 0)) return undefined
  if (half !== undefined && (hour > 12 || hour === 0))
    return half === 'am' && hour > 12 ? undefined : of24(hour, minutes)
  if (half !== undefined) return of24((hour % 12) + (half === 'pm' ? 12 : 0), minutes)
  if (hour > 12 || hour === 0) return of24(hour, minutes)
  const total = (hour * 60 + minutes + 720) % 720
  return `${Math.floor(total / 60) || 12}:${two(total % 60)}`
}

function of24(hour: number, minutes: number): string {
  const total = (hour * 60 + minutes + 1440) % 1440
  return total === 0 ? 'midnight' : `${two(Math.floor(total / 60))}:${two(total % 60)}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
