import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gradual } from './level.ts'

const LIMITS = { warning: 80, critical: 95, margin: 5 }

/** The levels after values that are five seconds apart, by their first letters. */
function levels(values: readonly number[], gradual = new Gradual(), limits = LIMITS): string {
  return values.map((value, index) => gradual.update(value, limits, index * 5_000)[0]).join('')
}

test('it takes three samples in a row to get worse, and a moment is nothing', () => {
  assert.equal(levels([80, 80, 80]), 'ffw')
  assert.equal(levels([79.9, 79.9, 79.9, 79.9]), 'ffff')
  assert.equal(levels([100, 100, 50, 100, 100]), 'fffff')
  assert.equal(levels([95, 95, 95]), 'ffc')
})

test('it is as bad as all three were: what is critical only at the end is a warning first', () => {
  assert.equal(levels([85, 99, 99]), 'ffw')
  assert.equal(levels([85, 99, 99, 99, 99]), 'ffwwc')
  assert.equal(levels([99, 85, 99, 85, 99, 85]), 'ffwwww')
})

test('it gets better only below the threshold by the margin, three samples in a row', () => {
  assert.equal(levels([80, 80, 80, 75, 75, 75]), 'ffwwww')
  assert.equal(levels([80, 80, 80, 74.9, 74.9, 74.9]), 'ffwwwf')
  assert.equal(levels([80, 80, 80, 74, 76, 74, 74, 74]), 'ffwwwwwf')
})

test('from critical it gets better by as much as it is: to a warning, or all the way', () => {
  assert.equal(levels([95, 95, 95, 89, 89, 89]), 'ffcccw')
  assert.equal(levels([95, 95, 95, 90, 90, 90]), 'ffcccc')
  assert.equal(levels([95, 95, 95, 10, 10, 10]), 'ffcccf')
})

test('a value that is of some time already counts at once, and thresholds in the wrong order do no harm', () => {
  assert.equal(levels([80, 95, 80], new Gradual(0)), 'wcc')
  assert.equal(levels([95, 95], new Gradual(0), { warning: 99, critical: 90, margin: 5 }), 'cc')
})

test('samples that come more often make nothing happen sooner', () => {
  const gradual = new Gradual()
  for (let now = 0; now < 10_000; now += 100) assert.equal(gradual.update(99, LIMITS, now), 'fine')
  assert.equal(gradual.update(99, LIMITS, 10_000), 'critical')
})
