import { toForm } from '../../kernel/unicode.ts'

/** What a question says of the time; each part that is there must fit. */
export interface DateWish {
  months: ReadonlySet<number>
  weekdays: ReadonlySet<number>
  years: ReadonlySet<number>
  /** Days of the months that are there. */
  days: ReadonlySet<number>
}

const LANGUAGES = ['en', 'de', 'es']
/** Month names that are more often other words than not, unless a word before them says that a time follows. */
const AMBIGUOUS = new Set(['may', 'march', 'mar', 'mai', 'sat', 'sun', 'do', 'mi', 'so'])
const BEFORE_TIME = new Set(
  'in on of last this next during since until early late mid im am seit en el de'.split(' '),
)

let names: { months: Map<string, number>; weekdays: Map<string, number> } | undefined

/** The names of months and weekdays, long ones only, as they are written in the languages of the product. */
function readNames(): { months: Map<string, number>; weekdays: Map<string, number> } {
  if (names !== undefined) return names
  const [months, weekdays] = [new Map<string, number>(), new Map<string, number>()]
  for (const language of LANGUAGES) {
    const month = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
    const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
    for (let index = 0; index < 12; index += 1) {
      months.set(bare(month.format(Date.UTC(2024, index, 1))), index + 1)
      // The first of January 2024 was a Monday; SQLite and JavaScript call Sunday 0.
      if (index < 7) weekdays.set(bare(weekday.format(Date.UTC(2024, 0, index + 1))), (index + 1) % 7)
    }
  }
  names = { months, weekdays }
  return names
}

function bare(word: string): string {
  return toForm(word, 'NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** Finds the months, weekdays and years in the plain words of a question, or nothing. */
export function readDates(words: readonly string[]): DateWish | undefined {
  const known = readNames()
  const [months, weekdays] = [new Set<number>(), new Set<number>()]
  const [years, days] = [new Set<number>(), new Set<number>()]
  for (const [index, word] of words.entries()) {
    const isNumbered = [words[index - 1], words[index + 1]].some((near) => dayOf(near) !== undefined)
    const isTime = !AMBIGUOUS.has(word) || isNumbered || BEFORE_TIME.has(words[index - 1] ?? '')
    const month = known.months.get(word)
    const weekday = known.weekdays.get(word)
    if (isTime && month !== undefined) {
      months.add(month)
      const day = [words[index - 1], words[index + 1]].map(dayOf).find((number) => number !== undefined)
      if (day !== undefined) days.add(day)
    }
    if (isTime && weekday !== undefined) weekdays.add(weekday)
    if (/^(?:19|20)\d\d$/.test(word)) years.add(Number(word))
  }
  return months.size + weekdays.size + years.size === 0 ? undefined : { months, weekdays, years, days }
}

/** The day of a month that a word may be: `6`, `6th`. */
function dayOf(word = ''): number | undefined {
  const day = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word)?.[1]
  return day !== undefined && Number(day) >= 1 && Number(day) <= 31 ? Number(day) : undefined
}

/** Whether a moment (ISO-8601, UTC) is one that the question means. */
export function fits({ months, weekdays, years, days }: DateWish, at: string): boolean {
  const date = new Date(at)
  return (
    has(months, date.getUTCMonth() + 1) &&
    has(days, date.getUTCDate()) &&
    has(weekdays, date.getUTCDay()) &&
    has(years, date.getUTCFullYear())
  )
}

function has(wanted: ReadonlySet<number>, value: number): boolean {
  return wanted.size === 0 || wanted.has(value)
}
