import { oneDay } from './calendar.ts'
import { readClock } from './clock.ts'
import { readDays } from './days.ts'
import type { DayPart, Draft, FindDays, Reading, Shift } from './draft.ts'
import { NEVER } from './draft.ts'
import type { Length } from './duration.ts'
import { readLength } from './duration.ts'
import { matchAt, phrase } from './line.ts'

const NOW = phrase(
  'right now|now|immediately|straight away|right away|asap|as soon as possible|at the moment|the moment|' +
    'this (?:moment|minute|hour|time|instant)|moment',
)
const SPAN = phrase('(next|coming|following|upcoming|last|past|previous)')
const BARE_SPAN = phrase('(hour|minute)')
const AGO = phrase('ago|back|earlier')
const HENCE = phrase('from (?:now|today|this moment|this day)|hence|later|time')
const NEIGHBOUR = phrase('(day|morning|afternoon|evening|night) (before|after)(?: the)?')
const BESIDE = phrase('(from|after|before|prior to)(?: the)?')

/** Inside a sentence a bare length says how long, not when; after these words it says when. */
const AHEAD = ['in', 'within', 'after', 'at']

/** Reads a time counted from now or from another time: "in an hour", "two days before christmas". */
export function readRelative(text: string, at: number): Reading | undefined {
  const now = matchAt(NOW, text, at)
  if (now !== undefined) return nowReading(text, now.groups[0] ?? '', now.next)
  const neighbour = matchAt(NEIGHBOUR, text, at)
  if (neighbour !== undefined) return besideDay(text, neighbour.groups, neighbour.next)
  const span = matchAt(SPAN, text, at)
  const start = span?.next ?? at
  const counted = readLength(text, start)
  const bare = counted === undefined && span !== undefined ? matchAt(BARE_SPAN, text, start) : undefined
  const length = counted?.length ?? (bare && bareLength(bare.groups[1] ?? ''))
  const next = counted?.next ?? bare?.next
  if (length === undefined || next === undefined) return undefined
  if (span !== undefined) {
    const back = /^(?:last|past|previous)$/u.test(span.groups[1] ?? '')
    return { draft: shifted({ length, sign: back ? -1 : 1, spanned: true }), next }
  }
  const ago = matchAt(AGO, text, next)
  if (ago !== undefined) return { draft: shifted({ length, sign: -1 }), next: ago.next }
  const hence = matchAt(HENCE, text, next)
  if (hence !== undefined) return { draft: shifted({ length, sign: 1 }), next: hence.next }
  return besideTime(text, length, next) ?? { draft: shifted({ length, sign: 1 }), next, needs: AHEAD }
}

function nowReading(text: string, word: string, next: number): Reading {
  const draft: Draft = { shift: { length: { months: 0, days: 0, seconds: 0 }, sign: 1 } }
  if (word === 'moment' || word.startsWith('this ')) return { draft, next, needs: NEVER }
  return { draft, next, ...(word === 'now' && next <= text.length && { needs: NEVER }) }
}

function bareLength(name: string): Length {
  return { months: 0, days: 0, seconds: name === 'hour' ? 3600 : 60 }
}

/** "an hour before midnight", "two weeks from friday". */
function besideTime(text: string, length: Length, at: number): Reading | undefined {
  const beside = matchAt(BESIDE, text, at)
  if (beside === undefined) return undefined
  const days = readDays(text, beside.next)
  const clock = readClock(text, beside.next, ['at'])
  const base = (days?.next ?? 0) >= (clock?.next ?? 0) ? days : clock
  if (base === undefined) return undefined
  const word = beside.groups[1]
  const offset: Shift = { length, sign: word === 'from' || word === 'after' ? 1 : -1 }
  return { draft: { ...base.draft, offset }, next: base.next }
}

/** "the night before christmas". */
function besideDay(text: string, [, part, side]: readonly string[], at: number): Reading | undefined {
  const base = readDays(text, at)
  if (base === undefined) return undefined
  const offset: Shift = { length: { months: 0, days: 1, seconds: 0 }, sign: side === 'after' ? 1 : -1 }
  const named = part === 'day' ? {} : { part: part as DayPart }
  return { draft: { ...base.draft, ...named, offset }, next: base.next }
}

/** Hours count from this instant; days, weeks and months are days of the calendar. */
function shifted(shift: Shift): Draft {
  const { months, days, seconds } = shift.length
  if (seconds > 0 || months + days === 0) return { shift }
  const find: FindDays = (_from, today) => {
    if (shift.sign < 0) {
      const back = today.subtract({ months, days })
      return shift.spanned ? { from: back, to: today.add({ days: 1 }) } : oneDay(back)
    }
    const ahead = today.add({ months, days })
    return shift.spanned ? { from: today, to: ahead.add({ days: 1 }) } : oneDay(ahead)
  }
  return { days: find }
}
