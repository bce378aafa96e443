import { sayCount, sayList } from '../../say.ts'
import { ActionError } from '../../skill.ts'

const NAMES =
  /^(?:h:m:s|hh?:mm?(?::ss?)?|hms|hours,? minutes,? (?:and )?seconds|hours and minutes|minutes and seconds|clock time)$/
const SECONDS_MAX = 1e9

/** Whether the words name a duration written as hours, minutes and seconds. */
export function isDuration(words: string): boolean {
  return NAMES.test(words.trim().toLowerCase())
}

/** Seconds of "1:30:00" or "2:05"; two parts are hours and minutes only when the words say so. */
export function secondsOf(value: string, words: string): number {
  const parts = value.trim().split(':')
  if (parts.length > 3 || parts.some((part) => !/^\d{1,6}(?:\.\d{1,6})?$/.test(part)))
    throw new ActionError(`"${value.trim()}" is not a duration such as 1:30:00.`)
  const numbers = parts.map(Number)
  const isHours = numbers.length === 2 && words.trim().toLowerCase().startsWith('h')
  const seconds = numbers.reduce((total, part) => total * 60 + part, 0)
  return isHours ? seconds * 60 : seconds
}

/** 3661 as "1:01:01". */
export function durationOf(seconds: number): string {
  if (Math.abs(seconds) > SECONDS_MAX)
    throw new ActionError('That duration is too long for hours and minutes.')
  const whole = Math.round(Math.abs(seconds))
  const [minute, second] = [Math.floor(whole / 60) % 60, whole % 60].map((part) =>
    String(part).padStart(2, '0'),
  )
  return `${seconds < 0 && whole > 0 ? '-' : ''}${Math.floor(whole / 3600)}:${minute}:${second}`
}

/** "1:01:01" as "1 hour, 1 minute and 1 second"; there may be more than a day of hours. */
export function sayDuration(written: string): string {
  const [hours = 0, minutes = 0, seconds = 0] = written.replace('-', '').split(':').map(Number)
  const counted: readonly (readonly [number, string])[] = [
    [hours, 'hour'],
    [minutes, 'minute'],
    [seconds, 'second'],
  ]
  const parts = counted.filter(([count]) => count > 0).map(([count, noun]) => sayCount(count, noun))
  return `${written.startsWith('-') ? 'minus ' : ''}${parts.length === 0 ? '0 seconds' : sayList(parts)}`
}
