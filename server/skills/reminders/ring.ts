import type { Stored } from '../capabilities.ts'
import { capitalised, secondPerson, sentence } from '../say.ts'
import type { Reminder } from './record.ts'
import { nextOf } from './repeat.ts'

/** What an alarm that rings says, when it rings next, and what its record becomes. */
interface Ringing {
  text: string
  /** Epoch milliseconds; absent when it does not ring again. */
  next_due?: number
  record: { id: string; group: string; at: number; body: Reminder }
}

/**
 * Decides what happens when the alarm of a reminder rings. One that repeats waits for its first occurrence after now,
 * so that those missed while nothing ran are not made up for; any other, and one whose last day is over, has rung for good.
 *
 * @param now - epoch milliseconds.
 */
export function ring({ id, body }: Stored<Reminder>, now: number): Ringing {
  const text = spoken(body)
  const { repeat } = body
  const next_due = repeat === undefined ? undefined : nextOf({ ...body, repeat }, now)
  if (next_due === undefined) {
    return { text, record: { id, group: 'rung', at: now, body: { ...body, status: 'rung', rang_at: now } } }
  }
  const record = { id, group: 'waiting', at: next_due, body: { ...body, rang_at: now } }
  return { text, next_due, record }
}

function spoken({ kind, text }: Reminder): string {
  if (kind === 'timer') return `Your ${text} is up.`
  return sentence(`Reminder: ${capitalised(secondPerson(text))}`)
}
