import type { Capabilities, Stored } from '../capabilities.ts'
import { matching } from '../match.ts'
import { ActionError } from '../skill.ts'
import { REMINDERS, asCandidate } from './record.ts'
import type { Reminder } from './record.ts'
import { nextOf } from './repeat.ts'

/** How long a reminder that has rung is kept, and how many old ones each new one clears away. */
const RUNG_KEPT_MS = 30 * 86_400_000
const CLEARED_AT_ONCE = 20

type Can = Pick<Capabilities, 'clock' | 'records' | 'alarms'>

/** Stores a reminder with its alarm, and clears away the oldest that have rung. */
export async function keep(can: Can, due: number, body: Reminder): Promise<Stored<Reminder>> {
  const to = can.clock.now - RUNG_KEPT_MS
  const old = await can.records.list<Reminder>(REMINDERS, { group: 'rung', to, limit: CLEARED_AT_ONCE })
  for (const { id } of old) await can.records.remove(REMINDERS, id)
  const stored = await can.records.put(REMINDERS, { group: 'waiting', at: due, body })
  await can.alarms.set(stored.id, due)
  return stored
}

/** Reminders and timers that have yet to ring, soonest first. */
export async function waiting(can: Pick<Capabilities, 'records'>): Promise<Stored<Reminder>[]> {
  const found = await can.records.list<Reminder>(REMINDERS, { group: 'waiting' })
  return found.toSorted((a, b) => a.at - b.at)
}

/** Those that ring in a stretch of time, each at its first time in it: what repeats waits for the next one alone. */
export function ringing(
  records: readonly Stored<Reminder>[],
  { from, to }: { from: number; to: number },
): Stored<Reminder>[] {
  return records
    .map((record) => ({ ...record, at: ringsAt(record, from) }))
    .filter(({ at }) => at >= from && at < to)
    .toSorted((a, b) => a.at - b.at)
}

function ringsAt({ at, body }: Stored<Reminder>, from: number): number {
  const { repeat } = body
  return at >= from || repeat === undefined ? at : (nextOf({ ...body, repeat }, from - 1) ?? at)
}

export const NONE_RUNS = 'No timer is running.'

export async function timers(can: Pick<Capabilities, 'records'>): Promise<Stored<Reminder>[]> {
  return (await waiting(can)).filter(({ body }) => body.kind === 'timer')
}

/** The timers that run, and of these the ones that a label means, if one was said. @throws ActionError when there is none. */
export async function running(
  can: Pick<Capabilities, 'records' | 'clock'>,
  label?: string,
): Promise<Stored<Reminder>[]> {
  const all = await timers(can)
  if (all.length === 0) throw new ActionError(NONE_RUNS)
  return named(all, label, can.clock.time_zone)
}

/** Those that a label means, if one was said. @throws ActionError when there is none. */
export function named(
  all: Stored<Reminder>[],
  label: string | undefined,
  time_zone: string,
): Stored<Reminder>[] {
  const found = label === undefined ? all : meant(label, all, time_zone)
  if (found.length === 0) throw new ActionError(`There is no timer like "${label}".`)
  return found
}

/** The stored reminder with this id, in whatever state. */
export async function byId(can: Pick<Capabilities, 'records'>, id: string): Promise<Stored<Reminder>> {
  const found = await can.records.get<Reminder>(REMINDERS, id)
  if (found === undefined) throw new ActionError(`There is no reminder ${id}.`)
  return found
}

const PLACES = ['first', 'second', 'third', 'fourth', 'fifth']
/** "the second one", "the last" */
const PLACE = new RegExp(
  `^(?:the )?(?<place>${PLACES.join('|')}|last|other)(?: one| of (?:them|these))?$`,
  'iu',
)
const ALL = /^(?:both|all)(?: of (?:them|these))?$|^them all$/iu

/** Waiting reminders that a text means: by what they say, their kind or their time, or by their place, soonest first. */
export function meant(
  said: string,
  records: readonly Stored<Reminder>[],
  time_zone: string,
): Stored<Reminder>[] {
  const text = said.trim()
  if (ALL.test(text)) return [...records]
  const place = PLACE.exec(text)?.groups?.['place']?.toLowerCase()
  if (place === 'other' && records.length !== 2) return []
  if (place !== undefined) return records.slice(...rangeOf(place))
  return matching(
    text.replace(/ ones?$/iu, ''),
    records.map((record) => asCandidate(record, time_zone)),
  )
}

/** From where to where in a list; the other one is the second of two. */
function rangeOf(place: string): [from: number, to?: number] {
  if (place === 'last') return [-1]
  const at = place === 'other' ? 1 : PLACES.indexOf(place)
  return [at, at + 1]
}
