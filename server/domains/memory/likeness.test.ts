import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alike, distance } from './likeness.ts'

test('a distance counts letters added, lost, changed and swapped, up to its bound', () => {
  const cases: [string, string, number][] = [
    ['boiler', 'boiler', 0],
    ['boiler', 'boilr', 1],
    ['boiler', 'boillers', 2],
    ['boiler', 'biolre', 2],
    ['abcd', 'badc', 2],
    ['kitten', 'sitting', 3],
    ['abc', 'xyz', 3],
    ['', '', 0],
    ['', 'abcdef', 3],
  ]
  for (const [a, b, expected] of cases) {
    assert.equal(distance(a, b, 2), expected, `${a} ${b}`)
    assert.equal(distance(b, a, 2), expected, `${b} ${a}`)
  }
})

const among =
  (...words: string[]) =>
  (start: string) =>
    words.filter((word) => word.startsWith(start))

test('longer words are preferred to likely typing errors, and the nearest comes first', () => {
  assert.deepEqual(alike('physio', among('physiotherapi', 'physix')), ['physiotherapi'])
  assert.deepEqual(alike('thermostal', among('thermistol', 'thermostat', 'tulip')), [
    'thermostat',
    'thermistol',
  ])
  assert.deepEqual(alike('boilr', among('boiler', 'builder', 'coiler')), ['boiler'])
})

test('a short word, and one with another first letter, is not guessed', () => {
  assert.deepEqual(alike('cat', among('cattle', 'car')), [])
  assert.deepEqual(alike('hoiler', among('boiler')), [])
  assert.deepEqual(alike('𝒳bcd', among('𝒳bce')), ['𝒳bce'])
  assert.equal(alike('word', among(...Array.from({ length: 20 }, (_, index) => `word${index}`))).length, 8)
})
