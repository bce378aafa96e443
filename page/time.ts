import { el } from './dom.ts'

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const REFRESH_MS = 15_000

/** A point in time as people say it, and exactly when it is pointed at. */
export function timeOf(at: string): HTMLTimeElement {
  return el(
    'time',
    { datetime: at, title: absolute.format(new Date(at)) },
    sayTime(Date.parse(at) - Date.now()),
  )
}

/** Says how far away a time is; negative is past. */
export function sayTime(distance_ms: number): string {
  const seconds = Math.round(distance_ms / 1000)
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  }
  return seconds > 0 ? 'in less than a minute' : 'just now'
}

/** Keeps what is shown true while the page stands open. */
export function keepTimes(): void {
  setInterval(() => {
    for (const element of document.querySelectorAll('time'))
      element.textContent = sayTime(Date.parse(element.dateTime) - Date.now())
  }, REFRESH_MS)
}
