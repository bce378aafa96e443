type Moment = Temporal.ZonedDateTime

/** A stretch of time that lies behind, with how it is said. Epoch milliseconds; `until` is exclusive. */
export interface Period {
  since: number
  until: number
  /** As in "Nothing ran today." */
  said: string
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const UNITS = { minute: 'minutes', hour: 'hours', day: 'days', week: 'weeks', month: 'months' } as const
const SMALL_NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const COUNT_MAX = 1_000

/** A time of the day as it is said: "9", "half past" is not. */
const CLOCK =
  "(?:\\d{1,2}(?:[:.]\\d\\d)? ?(?:am|pm|oclock|o[’']clock)?|[a-z]+ ?(?:am|pm|oclock|o[’']clock)?|noon|midday|midnight)"

/** The last such time before a moment; one without am or pm is the later of both. */
function lastAt(clock: string, before: Moment): Moment {
  const {
    hour = '',
    minute = '0',
    half,
  } = /^(?<hour>\d+|[a-z]+?)(?:[:.](?<minute>\d\d))? ?(?<half>am|pm)?(?:o[’']?clock)?$/.exec(clock)?.groups ??
  {}
  const named = { noon: 12, midday: 12, midnight: 0 }[hour]
  const said = named ?? (/^\d/.test(hour) ? Number(hour) : SMALL_NUMBERS.indexOf(hour))
  if (said < 0 || said > 24) throw new RangeError(`${clock} is no time.`)
  const hours =
    half === undefined && named === undefined && said <= 12
      ? [said % 12, (said % 12) + 12]
      : [half === undefined ? said % 24 : (said % 12) + (half === 'pm' ? 12 : 0)]
  const times = [0, 1].flatMap((back) =>
    hours.map((one) => day(before, back).withPlainTime({ hour: one, minute: Number(minute) })),
  )
  const past = times.filter((time) => Temporal.ZonedDateTime.compare(time, before) < 0)
  return past.reduce((a, b) => (Temporal.ZonedDateTime.compare(a, b) > 0 ? a : b))
}

type Reader = (found: RegExpExecArray, now: Moment) => { since: Moment; until?: Moment; said?: string }

const day = (now: Moment, back: number): Moment => now.subtract({ days: back }).startOfDay()
const at = (moment: Moment, hour: number): Moment => moment.withPlainTime({ hour })

/** What was said as a whole, in small letters. The night is from six in the evening to six in the morning. */
const READERS: readonly [RegExp, Reader][] = [
  [/^(?:so far )?today(?: so far)?$/, (_, now) => ({ since: day(now, 0), said: 'today' })],
  [/^(?:all day )?yesterday$/, (_, now) => ({ since: day(now, 1), until: day(now, 0) })],
  [/^the day before yesterday$/, (_, now) => ({ since: day(now, 2), until: day(now, 1) })],
  [
    /^(?:last night|during the night|(?:in|over) the night|overnight)$/,
    (_, now) => ({ since: at(day(now, 1), 18), until: at(day(now, 0), 6), said: 'last night' }),
  ],
  [
    /^(?<which>this|yesterday) (?<part>morning|afternoon|evening)$/,
    (found, now) => {
      const date = day(now, found.groups?.['which'] === 'this' ? 0 : 1)
      const [from, to] = { morning: [0, 12], afternoon: [12, 18], evening: [18, 24] }[
        found.groups?.['part'] as 'morning'
      ] as [number, number]
      return { since: at(date, from), until: to === 24 ? date.add({ days: 1 }) : at(date, to) }
    },
  ],
  [/^tonight$/, (_, now) => ({ since: at(day(now, 0), 18) })],
  [/^this week$/, (_, now) => ({ since: day(now, now.dayOfWeek - 1) })],
  [/^last week$/, (_, now) => ({ since: day(now, now.dayOfWeek + 6), until: day(now, now.dayOfWeek - 1) })],
  [/^this month$/, (_, now) => ({ since: day(now, now.day - 1) })],
  [
    /^last month$/,
    (_, now) => {
      const first = day(now, now.day - 1)
      return { since: first.subtract({ months: 1 }), until: first }
    },
  ],
  [
    new RegExp(`^(?:on |last |on last )?(?<name>${WEEKDAYS.join('|')})(?<night> night)?$`),
    (found, now) => {
      const { name = '', night } = found.groups ?? {}
      const back = (now.dayOfWeek - 1 - WEEKDAYS.indexOf(name) + 7) % 7 || 7
      const date = day(now, back)
      const said = `on ${capitalised(name)}${night ?? ''}`
      if (night === undefined) return { since: date, until: day(now, back - 1), said }
      return { since: at(date, 18), until: at(day(now, back - 1), 6), said }
    },
  ],
  [
    new RegExp(`^since (?<name>${WEEKDAYS.join('|')}|yesterday|this morning|last night|midnight)$`),
    (found, now) => {
      const { name = '' } = found.groups ?? {}
      const back = (now.dayOfWeek - 1 - WEEKDAYS.indexOf(name) + 7) % 7 || 7
      const said = `since ${WEEKDAYS.includes(name) ? capitalised(name) : name}`
      if (name === 'yesterday') return { since: day(now, 1), said }
      if (name === 'last night') return { since: at(day(now, 1), 18), said }
      return { since: WEEKDAYS.includes(name) ? day(now, back) : day(now, 0), said }
    },
  ],
  [
    new RegExp(`^since (?<clock>${CLOCK})$`),
    (found, now) => {
      const { clock = '' } = found.groups ?? {}
      return { since: lastAt(clock, now), said: `since ${clock}` }
    },
  ],
  [
    new RegExp(`^(?:between|from) (?<from>${CLOCK}) (?:and|to|until) (?<to>${CLOCK})$`),
    (found, now) => {
      const { from = '', to = '' } = found.groups ?? {}
      const until = lastAt(to, now)
      return { since: lastAt(from, until), until, said: `between ${from} and ${to}` }
    },
  ],
  [
    /^(?:(?:in|over|during|within) )?(?:the )?(?:last|past) (?:(?<count>\d{1,4}|[a-z]+) )?(?<unit>minute|hour|day|week|month)s?$/,
    (found, now) => {
      const { count, unit } = found.groups ?? {}
      const many = count === undefined ? 1 : Number(count) || SMALL_NUMBERS.indexOf(count)
      const unit_name = unit as keyof typeof UNITS
      const said = `in the last ${many === 1 ? unit_name : `${many} ${UNITS[unit_name]}`}`
      if (many < 1 || many > COUNT_MAX) throw new RangeError(`No period of ${count} ${unit}.`)
      return { since: now.subtract({ [UNITS[unit_name]]: many }), said }
    },
  ],
]

/** Whether a text is a stretch of time that lies behind. */
export function isPeriod(text: string): boolean {
  return readPeriod(text, 0, 'UTC') !== undefined
}

/** The stretch of time that a text is, up to now at most. */
export function readPeriod(text: string, now: number, time_zone: string): Period | undefined {
  const said = text
    .toLowerCase()
    .trim()
    .replaceAll(/\s+/gu, ' ')
    .replace(/^from (?=yesterday|last night)/u, '')
    .replace(/[\s.,!?]+$/u, '')
  if (said.length > 60) return undefined
  const present = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(time_zone)
  for (const [pattern, read] of READERS) {
    const found = pattern.exec(said)
    if (found === null) continue
    const period = reading(() => read(found, present))
    if (period === undefined) return undefined
    const since = Math.min(period.since.epochMilliseconds, now)
    const until = Math.min(period.until?.epochMilliseconds ?? now + 1, now + 1)
    return { since, until: Math.max(until, since), said: period.said ?? said }
  }
  return undefined
}

/** The first stretch of time inside a sentence, the longest from its first word on. */
export function findPeriod(sentence: string, now: number, time_zone: string): Period | undefined {
  const words = sentence.split(/\s+/u).slice(0, 40)
  for (const from of words.keys())
    for (let to = Math.min(words.length, from + 6); to > from; to -= 1) {
      const period = readPeriod(words.slice(from, to).join(' '), now, time_zone)
      if (period !== undefined) return period
    }
  return undefined
}

/** A time that is too far back for any calendar is none. */
function reading<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
