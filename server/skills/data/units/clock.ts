/** What somebody says when naming a time: of any day, of one date, or at one instant. */
export interface Moment {
  time: Temporal.PlainTime
  date?: Temporal.PlainDate
  /** Set when the text itself says where, as in "2026-03-10T15:00:00Z". */
  instant?: Temporal.Instant
  /** Said with am or pm, and answered likewise. */
  is_half_day: boolean
}

const CHARACTERS_MAX = 40
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const NAMED: Readonly<Record<string, string>> = { noon: '12:00', midday: '12:00', midnight: '0:00' }
const HALF = /\s*(?:(a\.?m\.?|in the morning)|(p\.?m\.?|in the (?:afternoon|evening)|at night|tonight))$/
const CLOCK = /^(\d{1,2})(?:[:.h](\d{2})(?::(\d{2}))?)?(?:\s?o'?clock)?$/
const RELATIVE = /^(?:a )?(half|quarter|\d{1,2})(?: minutes)? (past|after|to|before) (\d{1,2})$/

/** Reads "15:00", "3 pm", "half past three", "noon" or "2026-03-10 15:00"; `undefined` when it is no time. */
export function momentOf(text: string): Moment | undefined {
  const said = text.trim().toLowerCase()
  if (said.length > CHARACTERS_MAX) return undefined
  try {
    return isoMoment(said.toUpperCase()) ?? spokenMoment(said)
  } catch (cause) {
    // Temporal refuses the 30th of February and 25 o'clock by throwing.
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

function isoMoment(said: string): Moment | undefined {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(said)) return undefined
  const plain = Temporal.PlainDateTime.from(said.replace(/(?:Z|[+-]\d\d:?\d\d)(?:\[.*)?$/, ''))
  const parts = { time: plain.toPlainTime(), date: plain.toPlainDate(), is_half_day: false }
  const hasOffset = /(?:Z|:\d\d(?:\.\d+)?[+-]\d\d:?\d\d)(?:\[.*)?$/.test(said)
  return hasOffset ? { ...parts, instant: Temporal.Instant.from(said) } : parts
}

function spokenMoment(said: string): Moment | undefined {
  const [, day, rest] = /^(\d{4}-\d\d-\d\d)(?: at)? (.+)$/.exec(said) ?? []
  const half = HALF.exec(rest ?? said)
  const clock = clockOf((rest ?? said).replace(HALF, '').replace(/^at /, ''))
  if (clock === undefined) return undefined
  const time = half === null ? clock : inHalf(clock, half[2] !== undefined)
  if (time === undefined) return undefined
  const date = day === undefined ? {} : { date: Temporal.PlainDate.from(day) }
  return { time: Temporal.PlainTime.from(time, { overflow: 'reject' }), is_half_day: half !== null, ...date }
}

interface Clock {
  hour: number
  minute: number
  second: number
}

/** An hour of the twelve as one of the day. */
function inHalf(clock: Clock, isAfternoon: boolean): Clock | undefined {
  if (clock.hour < 1 || clock.hour > 12) return undefined
  return { ...clock, hour: (clock.hour % 12) + (isAfternoon ? 12 : 0) }
}

function clockOf(said: string): Clock | undefined {
  const named = Object.hasOwn(NAMED, said) ? NAMED[said] : undefined
  const digits = (named ?? said).replace(/[a-z]+/g, (word) => {
    const value = NUMBERS.indexOf(word)
    return value < 0 ? word : String(value)
  })
  const clock = CLOCK.exec(digits)
  if (clock !== null)
    return { hour: Number(clock[1]), minute: Number(clock[2] ?? 0), second: Number(clock[3] ?? 0) }
  const [, share = '', side, hour] = RELATIVE.exec(digits) ?? []
  if (hour === undefined) return undefined
  const minutes = share === 'half' ? 30 : share === 'quarter' ? 15 : Number(share)
  if (side === 'past' || side === 'after') return { hour: Number(hour), minute: minutes, second: 0 }
  return { hour: (Number(hour) + 23) % 24, minute: 60 - minutes, second: 0 }
}

/** "15:30", or "3:30 pm" when the question was put that way. */
export function sayTime(time: Temporal.PlainTime, isHalfDay: boolean): string {
  const minute = String(time.minute).padStart(2, '0')
  if (!isHalfDay) return `${String(time.hour).padStart(2, '0')}:${minute}`
  const hour = time.hour % 12 === 0 ? 12 : time.hour % 12
  return `${hour}${minute === '00' ? '' : `:${minute}`} ${time.hour < 12 ? 'am' : 'pm'}`
}
