import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadUnits } from './measure.ts'
import { UNIT_CODES, unitOf } from './units.ts'
import { ZONE_NAMES, zoneOf } from './zones.ts'

test('the mathematics library knows every unit of the table', () => {
  const math = loadUnits()
  for (const code of UNIT_CODES) assert.doesNotThrow(() => math.unit(math.bignumber(1), code), code)
})

test('a unit is found by its code, its plural, either spelling, and in any case', () => {
  const names: readonly (readonly [string, string])[] = [
    ['km', 'km'],
    ['Kilometres', 'km'],
    ['kilometer', 'km'],
    ['MW', 'MW'],
    ['Mb', 'Mb'],
    ['mb', 'MB'],
    ['sq ft', 'foot^2'],
    ['m2', 'm^2'],
    ['cubic inches', 'inch^3'],
    ['kilometers per hour', 'kph'],
    ['miles an hour', 'mile/hour'],
    ['a cup', 'uscup'],
  ]
  for (const [name, code] of names) assert.equal(unitOf(name)?.code, code, name)
})

test('words that are no units are none', () => {
  for (const name of ['', 'it', 'them', 'kilobananas', 'per', 'square', 'metres per', 'a', 'us', '__proto__'])
    assert.equal(unitOf(name), undefined, name)
})

test('every place has a zone that exists, whatever the case', () => {
  assert.ok(ZONE_NAMES.length > 550)
  for (const name of ZONE_NAMES) {
    const zone = zoneOf(name.toUpperCase(), 'UTC')
    assert.ok(
      zone !== undefined && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone.id),
      name,
    )
  }
})

test('a zone is found by city, country, abbreviation, IANA name and offset', () => {
  const names: readonly (readonly [string, string])[] = [
    ['munich', 'Europe/Berlin'],
    ['Japan', 'Asia/Tokyo'],
    ['pst', 'America/Los_Angeles'],
    ['Eastern time', 'America/New_York'],
    ['Pacific Standard Time', 'America/Los_Angeles'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['Washington D.C.', 'America/New_York'],
    ['GMT+5:30', '+05:30'],
    ['utc-3', '-03:00'],
    ['here', 'Europe/Oslo'],
  ]
  for (const [name, id] of names) assert.equal(zoneOf(name, 'Europe/Oslo')?.id, id, name)
})

test('places without a zone of their own are not guessed', () => {
  for (const name of ['', 'time', 'the moon', 'utc+25', 'america', 'kilometres', 'constructor'])
    assert.equal(zoneOf(name, 'UTC'), undefined, name)
})
