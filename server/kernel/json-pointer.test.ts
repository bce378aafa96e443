import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { pointTo } from './json-pointer.ts'

test('a step is the key behind a slash, and what has a meaning in pointers is escaped in it', () => {
  const rows: [key: string, pointer: string][] = [
    ['name', '/name'],
    ['', '/'],
    ['0', '/0'],
    ['a/b', '/a~1b'],
    ['m~n', '/m~0n'],
    ['~1', '/~01'],
    ['/~/', '/~1~0~1'],
    ['//~~', '/~1~1~0~0'],
    [' k"l\\%^|', '/ k"l\\%^|'],
    ['größe \u{1f600}', '/größe \u{1f600}'],
  ]
  for (const [key, pointer] of rows) assert.equal(pointTo(key), pointer, key)
})

test('no two keys have one step, and every step is read back as its key', () => {
  const key = fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a', 'é') })
  fc.assert(
    fc.property(key, (written) => {
      const pointer = pointTo(written)
      assert.equal(pointer.lastIndexOf('/'), 0)
      // RFC 6901, section 4, reads them in this order.
      assert.equal(pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'), written)
    }),
  )
})
