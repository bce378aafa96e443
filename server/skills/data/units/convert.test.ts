import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ActionError } from '../../skill.ts'
import { convertValue } from './convert.ts'

/** A winter day: Berlin is one hour from UTC and six from New York. */
const WINTER = { now: Date.parse('2026-01-15T12:00:00Z'), time_zone: 'Europe/Vienna' }
/** The three weeks in which only America has put its clocks forward. */
const MARCH = { now: Date.parse('2026-03-16T12:00:00Z'), time_zone: 'Europe/Vienna' }

type Case = readonly [value: number | string, from: string, to: string, result: number | string]

const UNITS: readonly Case[] = [
  [5, 'miles', 'kilometres', 8.04672],
  [5, 'mi', 'km', 8.04672],
  [42.195, 'km', 'miles', 26.2187574565],
  [12, 'inches', 'cm', 30.48],
  [6, 'feet', 'meters', 1.8288],
  [1, 'yard', 'feet', 3],
  [1, 'nautical mile', 'metres', 1852],
  [1, 'mile', 'feet', 5280],
  ['three and a half', 'kilometers', 'm', 3500],
  ['half', 'a mile', 'yards', 880],
  [3, 'pounds', 'ounces', 48],
  [10, 'stone', 'kg', 63.5029318],
  [750, 'grams', 'lbs', 1.65346696639],
  [1, 'tonne', 'kilos', 1000],
  [1, 'ton', 'pounds', 2000],
  [350, 'fahrenheit', 'celsius', 176.666666667],
  [-40, 'degrees celsius', 'F', -40],
  [0, 'kelvin', '°C', -273.15],
  [100, 'centigrade', 'degrees Fahrenheit', 212],
  [2.5, 'cups', 'ml', 591.47059125],
  [1, 'cup', 'tablespoons', 16],
  [1, 'gallon', 'quarts', 4],
  [8, 'uk pints', 'imperial gallons', 1],
  [8, 'ounces', 'ml', 236.5882365],
  [4, 'litres', 'millilitres', 4000],
  [100, 'kph', 'mph', 62.1371192237],
  [10, 'metres per second', 'km/h', 36],
  [60, 'miles per hour', 'knots', 52.138574514],
  [40, 'acres', 'hectares', 16.1874256896],
  [100, 'square feet', 'square metres', 9.290304],
  [1, 'cubic metre', 'litres', 1000],
  [90, 'minutes', 'hours', 1.5],
  [3, 'weeks', 'days', 21],
  [2, 'fortnights', 'weeks', 4],
  [30, 'mpg', 'l/100km', 7.84048611111],
  [500, 'kcal', 'kJ', 2092],
  [2, 'kilowatt hours', 'megajoule', 7.2],
  [30, 'psi', 'bar', 2.06842718783],
  [5, 'GB', 'MB', 5000],
  [1, 'GiB', 'MiB', 1024],
  [100, 'mbps', 'MB/s', 12.5],
  [90, 'degrees', 'radians', 1.57079632679],
  [1, 'horsepower', 'watts', 745.699871582],
]
const WRITTEN: readonly Case[] = [
  [255, 'decimal', 'hex', 'ff'],
  ['0xFF', 'hexadecimal', 'decimal', 255],
  ['1011', 'binary', 'decimal', 11],
  ['-8', 'base 10', 'binary', '-1000'],
  ['zz', 'base 36', 'decimal', 1295],
  [3661, 'seconds', 'h:m:s', '1:01:01'],
  [100, 'hours', 'h:m:s', '100:00:00'],
  ['1:30:00', 'h:m:s', 'minutes', 90],
  ['2:05', 'minutes and seconds', 'seconds', 125],
  ['2:05', 'hours and minutes', 'minutes', 125],
]

test('amounts come out in the other unit, by any of its names', () => {
  for (const [value, from, to, result] of [...UNITS, ...WRITTEN])
    assert.equal(convertValue({ value, from, to }, WINTER).value, result, `${value} ${from} to ${to}`)
})

test('a time of day is the one on the clocks of the other place', () => {
  const times: readonly (readonly [string, string, string, string])[] = [
    ['15:00', 'Berlin', 'New York', '2026-01-15T09:00:00-05:00'],
    ['3pm', 'London', 'Tokyo', '2026-01-16T00:00:00+09:00'],
    ['9am', 'New York', 'Berlin time', '2026-01-15T15:00:00+01:00'],
    ['noon', 'PST', 'EST', '2026-01-15T15:00:00-05:00'],
    ['half past three', 'london', 'my time', '2026-01-15T04:30:00+01:00'],
    ['quarter to 8 pm', 'Sydney', 'Mumbai', '2026-01-15T14:15:00+05:30'],
    ['10:00', 'UTC+2', 'utc', '2026-01-15T08:00:00+00:00'],
    ['now', 'UTC', 'Asia/Tokyo', '2026-01-15T21:00:00+09:00'],
    ['2026-07-01 15:00', 'Berlin', 'Kathmandu', '2026-07-01T18:45:00+05:45'],
    ['2026-07-01T15:00:00Z', 'Berlin', 'San Francisco', '2026-07-01T08:00:00-07:00'],
  ]
  for (const [value, from, to, result] of times)
    assert.equal(convertValue({ value, from, to }, WINTER).value, result, `${value} ${from} to ${to}`)
})

test('the difference between two cities follows the date of the question', () => {
  const asked = { value: '15:00', from: 'Berlin', to: 'New York' }
  assert.equal(convertValue(asked, WINTER).text, '15:00 in Berlin is 09:00 in New York.')
  assert.equal(convertValue(asked, MARCH).text, '15:00 in Berlin is 10:00 in New York.')
})

test('the answer is a sentence with rounded amounts and the right plural', () => {
  const said: readonly (readonly [number | string, string, string, string])[] = [
    [5, 'miles', 'km', '5 miles is 8.05 kilometres.'],
    [1, 'mile', 'km', '1 mile is 1.61 kilometres.'],
    [1000, 'g', 'kg', '1,000 grams is 1 kilogram.'],
    [1, 'mm', 'inches', '1 millimetre is 0.0394 inches.'],
    [350, 'f', 'c', '350 degrees Fahrenheit is 176.67 degrees Celsius.'],
    [3661, 'seconds', 'h:m:s', '3661 seconds is 1 hour, 1 minute and 1 second.'],
    [255, 'decimal', 'hex', '255 in decimal is ff in hexadecimal.'],
    ['11 pm', 'New York', 'Tokyo', '11 pm in New York is 1 pm in Tokyo the next day.'],
    ['1:00', 'Tokyo', 'London', '01:00 in Tokyo is 16:00 in London the day before.'],
  ]
  for (const [value, from, to, text] of said)
    assert.equal(convertValue({ value, from, to }, WINTER).text, text)
})

test('what cannot be converted is refused by name', () => {
  const refused: readonly (readonly [number | string, string, string, RegExp])[] = [
    [5, 'miles', 'kilograms', /Miles cannot be converted to kilograms/],
    [5, 'smoots', 'metres', /"smoots"/],
    [5, 'metres', 'smoots', /"smoots"/],
    [5, 'km', 'Tokyo', /cannot be converted/],
    [5, '__proto__', 'constructor', /"__proto__"/],
    [5, 'km; import', 'm', /"km; import"/],
    ['a lot', 'km', 'm', /calculate/],
    ['25:00', 'Berlin', 'Tokyo', /"25:00"/],
    ['13 pm', 'Berlin', 'Tokyo', /"13 pm"/],
    ['2026-02-30 10:00', 'Berlin', 'Tokyo', /2026-02-30/],
    ['12', 'binary', 'decimal', /binary/],
    ['1'.repeat(257), 'decimal', 'hex', /256 digits/],
    ['1:2:3:4', 'h:m:s', 'minutes', /1:30:00/],
    [1e12, 'seconds', 'h:m:s', /too long/],
    [5, 'miles', 'h:m:s', /cannot be converted/],
    [0, 'mpg', 'l/100km', /cannot be converted/],
  ]
  for (const [value, from, to, message] of refused)
    assert.throws(
      () => convertValue({ value, from, to }, WINTER),
      (error) => error instanceof ActionError && message.test(error.message),
      `${value} ${from} to ${to}`,
    )
})

test('there and back again gives the same amount', () => {
  const pairs = fc.constantFrom(
    ['km', 'miles'],
    ['celsius', 'fahrenheit'],
    ['kg', 'stone'],
    ['cups', 'litres'],
  )
  const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((thousandths) => thousandths / 1000)
  fc.assert(
    fc.property(pairs, amount, ([from = '', to = ''], value) => {
      const there = convertValue({ value, from, to }, WINTER)
      const back = convertValue({ value: there.value, from: to, to: from }, WINTER)
      assert.ok(Math.abs(Number(back.value) - value) < 1e-6)
    }),
  )
})

test('a whole number keeps its value through any two bases', () => {
  const radix = fc.integer({ min: 2, max: 36 })
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), radix, radix, (number, first, second) => {
      const written = number.toString(first)
      const asked = { value: written, from: `base ${first}`, to: `base ${second}` }
      assert.equal(String(convertValue(asked, WINTER).value), number.toString(second))
    }),
  )
})
