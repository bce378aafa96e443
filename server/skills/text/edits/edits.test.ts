import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ActionError } from '../../skill.ts'
import { changesBetween } from './changes.ts'
import type { Change } from './changes.ts'
import { replaceAll } from './occurrences.ts'
import { fillTemplate, placeholdersOf, valuesIn } from './template.ts'

const joined = (changes: readonly Change[], without: Change['kind']) =>
  changes.flatMap(({ kind, text }) => (kind === without ? [] : [text])).join('')

const words = fc
  .array(fc.constantFrom('red', 'car', ' ', ' ', '\n', ',', 'ü', '👍', '$&'), { maxLength: 30 })
  .map((parts) => parts.join(''))

test('changes are named word by word, and line by line when there are lines', () => {
  assert.deepEqual(changesBetween('the red car', 'the blue car'), [
    { kind: 'same', text: 'the ' },
    { kind: 'removed', text: 'red' },
    { kind: 'added', text: 'blue' },
    { kind: 'same', text: ' car' },
  ])
  assert.deepEqual(
    changesBetween('a\nb\n', 'a\nc\n').map(({ text }) => text),
    ['a\n', 'b\n', 'c\n'],
  )
  assert.deepEqual(changesBetween('same', 'same'), [{ kind: 'same', text: 'same' }])
  assert.deepEqual(changesBetween('', ''), [])
})

test('what a diff keeps and removes is the first text, what it keeps and adds the second', () => {
  fc.assert(
    fc.property(words, words, (before, after) => {
      const changes = changesBetween(before, after)
      assert.equal(joined(changes, 'added'), before)
      assert.equal(joined(changes, 'removed'), after)
    }),
  )
})

test('long texts with nothing in common are compared as wholes', () => {
  const [before, after] = ['a', 'b'].map((letter) =>
    Array.from({ length: 20_000 }, (_, at) => `${letter}${at}`).join(' '),
  )
  assert.deepEqual(
    changesBetween(before ?? '', after ?? '').map(({ kind }) => kind),
    ['removed', 'added'],
  )
})

test('every occurrence is replaced, exactly as written', () => {
  const cases: readonly (readonly [string, string, string, string, number])[] = [
    ['the cat on the cat mat', 'cat', 'dog', 'the dog on the dog mat', 2],
    ['a.b.c', '.', '-', 'a-b-c', 2],
    ['cost', 'cost', '$& $1 $$', '$& $1 $$', 1],
    ['Cat cat', 'cat', '', 'Cat ', 1],
    ['aaa', 'aa', 'b', 'ba', 1],
    ['abc', 'x', 'y', 'abc', 0],
  ]
  for (const [text, find, replacement, result, replaced] of cases)
    assert.deepEqual(replaceAll(text, find, replacement), { text: result, replaced })
})

test('replacing with a text that is not there, and back, changes nothing', () => {
  const find = fc.constantFrom('red', 'car', ' ', '$&', ',')
  fc.assert(
    fc.property(words, find, (text, sought) => {
      const there = replaceAll(text, sought, '\u0001')
      assert.ok(!there.text.includes(sought) || there.replaced === 0)
      assert.deepEqual(replaceAll(there.text, '\u0001', sought), { text, replaced: there.replaced })
    }),
  )
})

test('a replacement that would grow beyond a million characters is refused before it is made', () => {
  assert.throws(() => replaceAll('a'.repeat(500_000), 'a', 'bbb'), ActionError)
  assert.equal(replaceAll('a'.repeat(500_000), 'a', 'bb').text.length, 1_000_000)
})

test('a template is filled once, and what a value contains stays as it is', () => {
  assert.equal(
    fillTemplate('Hi {{name}}, {{ name }} of {{city}}', { name: 'Ana', city: 7 }),
    'Hi Ana, Ana of 7',
  )
  assert.equal(fillTemplate('{{a}}{{b}}', { a: '{{b}}', b: '$&' }), '{{b}}$&')
  assert.equal(fillTemplate('{{Name}}', { name: true }), 'true')
  assert.equal(fillTemplate('no {single} braces {{}}', {}), 'no {single} braces {{}}')
  assert.deepEqual(placeholdersOf('{{a}} {{b}} {{ a }}'), ['a', 'b'])
})

test('placeholders without a value are named', () => {
  assert.throws(() => fillTemplate('{{a}} {{b}} {{c}}', { b: 1 }), {
    message: 'The template needs 2 more values: a and c.',
  })
  for (const name of ['constructor', '__proto__', 'toString'])
    assert.throws(() => fillTemplate(`{{${name}}}`, {}), ActionError, name)
  assert.throws(() => fillTemplate('{{a}}'.repeat(100), { a: 'x'.repeat(20_000) }), /1,000,000/)
})

test('values are understood as people dictate them', () => {
  const wanted = { name: 'Ana', day: 'Friday' }
  for (const said of [
    'name=Ana, day=Friday',
    'name: Ana; day: "Friday"',
    'name is Ana and day is Friday',
    'the name is Ana, the day is Friday',
    '{{name}} is Ana and {{day}} is Friday',
    'name: Ana\nday: Friday',
    '{"name": "Ana", "day": "Friday"}',
  ])
    assert.deepEqual(valuesIn(said, ['name', 'day']), wanted, said)
  assert.deepEqual(valuesIn('Bella', ['who']), { who: 'Bella' })
  assert.deepEqual(valuesIn('{"n": 3}', []), { n: 3 })
})

test('values that cannot be told apart are refused', () => {
  for (const said of ['Ana and Friday', '{"a": [1]}', '{"a"', ''])
    assert.throws(() => valuesIn(said, ['a', 'b']), ActionError, said)
})
