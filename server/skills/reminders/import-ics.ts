import ICAL from 'ical.js'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { SPOKEN_MAX, sayCount, sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { openClocks } from './calendar/clocks.ts'
import type { Clocks } from './calendar/clocks.ts'
import { ALL_TIME, occurrences } from './calendar/event.ts'
import type { Occurrence } from './calendar/event.ts'
import { readFile } from './calendar/file.ts'
import type { FileEvent } from './calendar/file.ts'
import type { Budget } from './calendar/rule.ts'
import { EVENTS } from './calendar/kept.ts'
import type { StoredEvent } from './calendar/kept.ts'
import { NEVER_OVER, spokenEvent } from './calendar/stored.ts'
import { isOwnUid } from './export-ics.ts'
import { iso, zoned } from './spoken.ts'

/** How far ahead repetitions are worked out, how many of one event and of all, and in how many steps. */
const AHEAD = { years: 1 }
const OCCURRENCES_MAX = 60
const ALL_OCCURRENCES_MAX = 1000
const STEPS_MAX = 500_000

type Can = Pick<Capabilities, 'clock' | 'records'>

const ImportedEvent = shape({
  event_id: Type.String(),
  title: Type.String(),
  location: Type.Optional(Type.String()),
  start: Type.String(),
  end: Type.String(),
  all_day: Type.Boolean(),
  repeats: Type.Boolean(),
  occurrences: Type.Array(Type.String()),
})
type Imported = Static<typeof ImportedEvent>

export const import_ics = action({
  summary: 'Puts the events of a calendar file (iCalendar, .ics) into your calendar.',
  parameters: shape({ ics: Type.String({ minLength: 1, maxLength: 1_000_000 }) }),
  result: shape({ events: Type.Array(ImportedEvent) }),
  effect: 'write',
  slots: { ics: 'text' },
  questions: { ics: 'Paste the calendar file, please.' },
  phrases: [
    '(import|load|add) (this|the|my) calendar [file]: {ics}',
    '(import|load|add) (this|the|my|an) (ics|ical|icalendar) [file]: {ics}',
    '(import|load) (ics|ical|icalendar) {ics}',
    '(add|put|import) (this|these) (event|events|invite|appointments) (to|in|into) my calendar: {ics}',
    '(import|load|put|add) (this|these) (event|events|invite|appointments) [in]: {ics}',
    '(import|load|add) [a|my|this|the] calendar [file] from {ics}',
    '(import|load) [a|my|this|the] calendar [file]',
    '(import|load) [an|my|this|the] (ics|ical|icalendar) [file]',
    '(import|load) [some|my|these] (events|appointments)',
  ],
  examples: [
    'import this calendar file',
    'load the ics I am pasting into my calendar',
    'here is an invitation, put it in my diary: BEGIN:VCALENDAR BEGIN:VEVENT SUMMARY:Lunch END:VEVENT END:VCALENDAR',
    'add these events to my calendar BEGIN:VCALENDAR VERSION:2.0 BEGIN:VEVENT',
    'take over the appointments from this .ics',
    'read in my school timetable BEGIN:VCALENDAR',
    'bring in the team calendar from this file',
    'import ical',
    'I have got an ics export from work, load it please',
    'BEGIN:VCALENDAR BEGIN:VEVENT DTSTART SUMMARY END:VEVENT END:VCALENDAR please import',
    'put the events from this calendar file in',
    'can you import the fixture list as calendar events',
    'sync in this iCalendar text',
    'copy these calendar entries to my schedule',
    'get this invite into my calendar',
  ],
  perform: async (can: Can, { ics }) => {
    const { now, time_zone } = can.clock
    refusePlace(ics)
    const read = understood(() => readFile(ics)).filter(({ uid }) => !isOwnUid(uid))
    const known = new Map((await can.records.list<StoredEvent>(EVENTS)).map(({ id, body }) => [body.uid, id]))
    const reading = { clocks: openClocks(time_zone), budget: { steps: STEPS_MAX }, left: ALL_OCCURRENCES_MAX }
    const events: Imported[] = []
    let cancelled = 0
    for (const event of read) {
      const id = known.get(event.uid)
      if (event.cancelled) {
        cancelled += id !== undefined && (await can.records.remove(EVENTS, id)) ? 1 : 0
        continue
      }
      const times = understood(() => timesOf(event, can.clock, reading))
      if (times === undefined) continue
      const at = event.recurring ? NEVER_OVER : times.next.end
      const body: StoredEvent = { uid: event.uid, title: event.title, calendar: event.calendar }
      const stored = await can.records.put(EVENTS, { ...(id === undefined ? {} : { id }), at, body })
      events.push(imported(stored.id, times, event.recurring, time_zone))
    }
    const said = events.slice(0, SPOKEN_MAX + 1).map((event) => spokenEvent(event, now, time_zone))
    return { data: { events }, text: spoken(said, events.length, cancelled) }
  },
})

/** Where a file is kept is not what is in it. @throws ActionError that says how the file comes here. */
function refusePlace(ics: string): void {
  if (/[\n:]\s*BEGIN:|^\s*BEGIN:/iu.test(ics)) return
  const place = /^(?:(?:from|at|in)\s+)?(?<place>(?:file:|https?:|~|\.{0,2})?\/\S+|\S+\.ics)\s*$/iu.exec(ics)
  if (place === null) return
  const file = place.groups?.['place'] ?? ics
  const opened = file.startsWith('http') ? `curl -s ${file}` : `cat ${file}`
  throw new ActionError(
    `I cannot open ${file} myself. Give me what is in it: paste it after "import this calendar:", or say: paios ask "import this calendar: $(${opened})"`,
  )
}

/** The library throws errors of its own at malformed values, wherever they are first looked at. */
function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof ActionError) throw cause
    throw new ActionError('This calendar file is damaged.', { cause })
  }
}

interface Reading {
  clocks: Clocks
  budget: Budget
  /** Occurrences that may still be listed. */
  left: number
}

interface Times {
  next: Occurrence
  ahead: Occurrence[]
}

/**
 * The occurrences of a year ahead, and the next one; of an event that is over, its first. `undefined` when all of them
 * are excluded.
 */
function timesOf(event: FileEvent, { now, time_zone }: Can['clock'], reading: Reading): Times | undefined {
  const component = new ICAL.Component(event.calendar)
  const between = (from: number, to: number, limit: number) =>
    occurrences(component, reading.clocks, { from, to, limit }, reading.budget)
  const limit = Math.min(OCCURRENCES_MAX, Math.max(1, reading.left))
  const to = zoned(now, time_zone).add(AHEAD).epochMilliseconds
  // The one time of an event that does not repeat costs the same in any window.
  const all = event.recurring ? between(now, to, limit) : between(ALL_TIME.from, ALL_TIME.to, 1)
  const ahead = all.filter(({ start, end }) => (end > now || start >= now) && start < to)
  reading.left -= ahead.length
  const next = all[0] ?? between(now, ALL_TIME.to, 1)[0] ?? between(ALL_TIME.from, now, 1)[0]
  return next === undefined ? undefined : { next, ahead }
}

function imported(event_id: string, { next, ahead }: Times, repeats: boolean, time_zone: string): Imported {
  const { title, location, all_day } = next
  return {
    event_id,
    title,
    ...(location === undefined ? {} : { location }),
    start: iso(next.start, time_zone),
    end: iso(next.end, time_zone),
    all_day,
    repeats,
    occurrences: ahead.map(({ start }) => iso(start, time_zone)),
  }
}

function spoken(said: readonly string[], total: number, cancelled: number): string {
  const removed = cancelled === 0 ? '' : `Removed ${sayCount(cancelled, 'cancelled event')}.`
  if (total === 0) return removed === '' ? 'There is nothing new in this calendar.' : removed
  return `Imported ${sayCount(total, 'event')}: ${sayList(said, total)}. ${removed}`.trimEnd()
}
