import { ActionError } from '../../skill.ts'
import { calculateExpression } from '../arithmetic/calculate.ts'
import { capitalised } from '../../say.ts'
import { sayAmount, sayNumber } from '../say.ts'
import { baseOf, rebase } from './bases.ts'
import type { Base } from './bases.ts'
import { momentOf, sayTime } from './clock.ts'
import { durationOf, isDuration, sayDuration, secondsOf } from './duration.ts'
import { measure } from './measure.ts'
import { unitOf } from './units.ts'
import type { Unit } from './units.ts'
import { zoneOf } from './zones.ts'
import type { Zone } from './zones.ts'

export interface Conversion {
  value: number | string
  from: string
  to: string
}

/** Where and when the question is asked: a time of day has no meaning in another zone without its date. */
export interface Circumstances {
  /** Epoch milliseconds. */
  now: number
  time_zone: string
}

export interface Converted {
  value: number | string
  unit: string
  text: string
}

/**
 * Converts units, temperatures, times between zones, number bases and durations.
 *
 * @throws ActionError when a unit or place is unknown, or the two do not belong together.
 */
export function convertValue(asked: Conversion, circumstances: Circumstances): Converted {
  const { value, from, to } = asked
  const bases = [baseOf(from), baseOf(to)] as const
  if (bases[0] !== undefined && bases[1] !== undefined) return inBase(String(value), bases[0], bases[1])
  if (isDuration(from) || isDuration(to)) return asDuration(asked)
  const units = [unitOf(from), unitOf(to)] as const
  if (units[0] !== undefined && units[1] !== undefined) return inUnit(amountOf(value), units[0], units[1])
  const zones = [zoneOf(from, circumstances.time_zone), zoneOf(to, circumstances.time_zone)] as const
  if (zones[0] !== undefined && zones[1] !== undefined)
    return inZone(String(value), zones[0], zones[1], circumstances)
  const unknown = units[0] === undefined && zones[0] === undefined ? from : to
  const isKnown = unitOf(unknown) !== undefined || zoneOf(unknown, 'UTC') !== undefined
  throw new ActionError(
    isKnown ? `${from} cannot be converted to ${to}.` : `I do not know the unit or place "${unknown}".`,
  )
}

function amountOf(value: number | string): number {
  if (typeof value === 'number') return value
  return /^an?$/i.test(value.trim()) ? 1 : calculateExpression(value).value
}

function inUnit(value: number, from: Unit, to: Unit): Converted {
  const measured = measure(value, from, to)
  if (measured === undefined)
    throw new ActionError(`${capitalised(from.many)} cannot be converted to ${to.many}.`)
  const [source, target] = [name(value, measured.from), name(measured.value, measured.to)]
  return {
    value: measured.value,
    unit: measured.to.many,
    text: `${sayNumber(String(value))} ${source} is ${sayAmount(measured.value)} ${target}.`,
  }
}

function name(value: number, unit: Unit): string {
  return value === 1 ? unit.one : unit.many
}

function inBase(value: string, from: Base, to: Base): Converted {
  const digits = rebase(value, from, to)
  const number = to.radix === 10 ? Number(digits) : Number.NaN
  return {
    value: Number.isSafeInteger(number) ? number : digits,
    unit: to.name,
    text: `${value.trim()} in ${from.name} is ${digits} in ${to.name}.`,
  }
}

function asDuration({ value, from, to }: Conversion): Converted {
  const [source, target] = [unitOf(from), unitOf(to)]
  const second = unitOf('second')
  if (isDuration(from) && target !== undefined && second !== undefined) {
    const converted = inUnit(secondsOf(String(value), from), second, target)
    return { ...converted, text: `${value} is ${sayAmount(Number(converted.value))} ${converted.unit}.` }
  }
  const amount =
    source === undefined || second === undefined ? undefined : measure(amountOf(value), source, second)
  if (amount === undefined || !isDuration(to)) throw new ActionError(`${from} cannot be converted to ${to}.`)
  const written = durationOf(amount.value)
  const said = name(amountOf(value), amount.from)
  return { value: written, unit: 'h:m:s', text: `${value} ${said} is ${sayDuration(written)}.` }
}

function inZone(value: string, from: Zone, to: Zone, { now }: Circumstances): Converted {
  const here = Temporal.Instant.fromEpochMilliseconds(now)
  const moment = value.trim().toLowerCase() === 'now' ? nowIn(here, from) : momentOf(value)
  if (moment === undefined) throw new ActionError(`"${value}" is not a time such as 15:00 or 3 pm.`)
  const day = moment.date ?? here.toZonedDateTimeISO(from.id).toPlainDate()
  const source =
    moment.instant?.toZonedDateTimeISO(from.id) ??
    day.toZonedDateTime({ timeZone: from.id, plainTime: moment.time })
  const target = source.withTimeZone(to.id)
  const days = source.toPlainDate().until(target.toPlainDate()).days
  const shift = days === 0 ? '' : days > 0 ? ' the next day' : ' the day before'
  const [asked, answer] = [source, target].map((at) => sayTime(at.toPlainTime(), moment.is_half_day))
  return {
    value: target.toString({ timeZoneName: 'never', smallestUnit: 'second' }),
    unit: to.id,
    text: `${asked} in ${from.name} is ${answer} in ${to.name}${shift}.`,
  }
}

function nowIn(now: Temporal.Instant, zone: Zone) {
  return {
    time: now.toZonedDateTimeISO(zone.id).toPlainTime(),
    is_half_day: false,
    date: undefined,
    instant: now,
  }
}
