import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedLines } from './lines.ts'

test('lines that came and went are told, however often and wherever they stand', () => {
  assert.deepEqual(changedLines('a\nb\nb\nc', 'c\r\n  b\nd\na'), { added: ['d'], removed: ['b'] })
  assert.deepEqual(changedLines('', 'x'), { added: ['x'], removed: [] })
  assert.deepEqual(changedLines('x\n\n', '\nx'), { added: [], removed: [] })
  assert.deepEqual(changedLines('constructor', '__proto__'), {
    added: ['__proto__'],
    removed: ['constructor'],
  })
})

test('of many or long lines the beginning is told', () => {
  const { added } = changedLines(
    '',
    `${'x'.repeat(1_000)}\n${Array.from({ length: 50 }, (_, at) => at).join('\n')}`,
  )
  assert.equal(added.length, 20)
  assert.equal(added[0]?.length, 300)
})
