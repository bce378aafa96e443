import type { Capabilities } from '../capabilities.ts'
import { matching } from '../match.ts'
import type { Candidate } from '../match.ts'
import { spokenEvent, upcoming } from './calendar/stored.ts'
import type { EventOccurrence } from './calendar/stored.ts'
import { zoned } from './spoken.ts'

type Can = Pick<Capabilities, 'clock' | 'records'>

/** Each event that is meant by a text within a year, at its next time: by its title, its kind or when it is. */
export async function appointmentsMeant(can: Can, said: string): Promise<EventOccurrence[]> {
  const { now, time_zone } = can.clock
  const to = zoned(now, time_zone).add({ years: 1 }).epochMilliseconds
  const events = await upcoming(can, { from: now, to, limit: 1 })
  return matching(
    said.replace(/^(?:the )?one (?=(?:on|at|with|in)\b)/iu, ''),
    events.map((event): Candidate<EventOccurrence> => ({
      value: event,
      text: event.title,
      also: `appointment meeting event ${spokenEvent(event, now, time_zone)}`,
    })),
  )
}
