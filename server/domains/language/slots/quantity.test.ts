import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unit as mathUnit } from 'mathjs'
import { parseQuantity, readUnit } from './quantity.ts'

test('amounts are read with the unit that arithmetic knows', () => {
  const rows: [string, number, string][] = [
    ['5 miles', 5, 'mile'],
    ['twelve and a half kg', 12.5, 'kg'],
    ['100 fahrenheit', 100, 'degF'],
    ['100 degrees Celsius', 100, 'degC'],
    ['72°F', 72, 'degF'],
    ['-10 c', -10, 'degC'],
    ['5kg', 5, 'kg'],
    ['a mile', 1, 'mile'],
    ['half a mile', 0.5, 'mile'],
    ['three quarters of a cup', 0.75, 'cup'],
    ['60 miles per hour', 60, 'mi/h'],
    ['5 square feet', 5, 'sqft'],
    ['2,340 metres', 2340, 'm'],
    ['1 kWh', 1, 'kW h'],
    ['ten inches', 10, 'inch'],
    ['90 minutes', 90, 'minute'],
  ]
  for (const [text, value, unit] of rows) {
    assert.deepEqual(parseQuantity(text), { value, unit }, text)
    assert.ok(mathUnit(value, unit))
  }
})

test('what lacks a number or a known unit is no amount', () => {
  for (const text of ['', '5', 'miles', '$20', '20 dollars', 'five glasses', 'milk and five kg']) {
    assert.equal(parseQuantity(text), undefined, text)
  }
  assert.equal(readUnit('Pounds'), 'lb')
  assert.equal(readUnit('parrots'), undefined)
})
