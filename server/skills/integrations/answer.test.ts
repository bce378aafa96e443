import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayAnswered } from './answer.ts'

const say = (data: unknown) => sayAnswered('Heating', { status: 200, data, untrusted: true })

test('one thing is said by its name, else by its first fields, else by its number', () => {
  const rows: [unknown, string][] = [
    [{ room: 'kitchen', degrees: 21 }, 'Heating answered: room kitchen, degrees 21.'],
    [{ full_name: 'octocat/hello', stars: 3 }, 'Heating answered: octocat/hello.'],
    [{ id: 5, is_on: true, set_by: 'Ann' }, 'Heating answered: id 5, is on true, set by Ann.'],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, 'Heating answered: a 1, b 2, c 3, d 4.'],
    [{ nested: { deep: 1 } }, 'Heating answered.'],
    [{}, 'Heating answered.'],
    [true, 'Heating answered: true.'],
    [null, 'Heating answered.'],
    ['warm\nenough', 'Heating answered: warm enough.'],
    [[], 'Heating answered with nothing.'],
    [[{ name: 'kitchen' }, { name: 'bath' }], 'Heating answered with 2 entries: kitchen, bath.'],
  ]
  for (const [data, said] of rows) assert.equal(say(data), said)
})

test('fields that are too long or no text are left out of what is said', () => {
  assert.equal(
    say({ text: 'x'.repeat(300), hidden: '\u0000\u200b' }),
    `Heating answered: text ${'x'.repeat(80)}.`,
  )
})
