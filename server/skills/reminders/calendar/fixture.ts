import { ask, openInMemory } from '../../in-memory.ts'
import { reminders } from '../index.ts'
import { iso } from '../spoken.ts'
import { EVENTS } from './kept.ts'
import type { StoredEvent } from './kept.ts'
import { upcoming } from './stored.ts'

export const instant = (text: string): number => Temporal.Instant.from(text).epochMilliseconds

/** Lines of a calendar file as programs write them. */
export const file = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
export const event = (...lines: readonly string[]): string[] => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']

/** A calendar of its own, on a clock that the test moves. */
export function openCalendar(now: string, time_zone = 'Europe/Berlin') {
  const can = openInMemory(instant(now), time_zone)
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  return {
    can,
    tell,
    load: (ics: string) => tell('import_ics', { ics }),
    give: async () => String((await tell('export_ics')).data['ics']),
    /** Everything that takes place between two instants, as one line each. */
    async between(from: string, to: string): Promise<string[]> {
      const found = await upcoming(can, { from: instant(from), to: instant(to), limit: 10_000 })
      return found.map(({ title, start, end, all_day, location = '', busy }) =>
        [iso(start, time_zone), iso(end, time_zone), title, location, all_day, busy].join(' | '),
      )
    },
    /** What is kept of each event, by its identifier. */
    async kept(): Promise<Record<string, unknown>> {
      const stored = await can.records.list<StoredEvent>(EVENTS)
      return Object.fromEntries(
        stored.map(({ body: { uid, calendar } }) => [uid, calendar[2].filter(([name]) => name === 'vevent')]),
      )
    },
  }
}
