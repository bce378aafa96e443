import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUndoneBy } from './effect.ts'

/** `r1<c` is the rollback r1 of the change c; oldest first. */
const rollbacks = (text: string) =>
  text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [id = '', rolls_back = ''] = one.split('<')
      return { id, rolls_back }
    })
    .toReversed()

test('a change is undone while any rollback of it stands, however often it was done again', () => {
  const cases: [string, boolean][] = [
    ['', false],
    ['r1<c', true],
    ['r1<c r2<r1', false],
    ['r1<c r2<r1 r3<r2', true],
    ['r1<c r2<r1 r3<c', true],
    ['r1<c r2<r1 r3<c r4<r3', false],
    // What did it again was taken back itself, and the newest rollback of the change is not the one that stands.
    ['r1<c r2<r1 r3<c r4<r3 r5<r2', true],
    ['r1<c r2<r1 r3<c r4<r3 r5<r2 r6<r5', false],
    ['r1<c r2<r1 r3<r1', false],
    ['r1<c r2<r1 r3<r1 r4<r2', false],
    ['r1<c r2<r1 r3<r1 r4<r2 r5<r3', true],
    ['r1<other', false],
  ]
  for (const [text, expected] of cases) assert.equal(isUndoneBy('c', rollbacks(text)), expected, text)
})
