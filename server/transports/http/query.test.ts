import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, boolean, double, maxSafeInteger, property, string } from 'fast-check'
import { readQuery, typed } from './query.ts'

const encode = (name: string, value: string) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`

test('every parameter comes out as it was encoded, in its order', () => {
  holds(
    property(
      array(string({ unit: 'grapheme' }), { minLength: 1 }),
      string({ unit: 'grapheme' }),
      (values, name) => {
        const query = readQuery(`/path?${values.map((value) => encode(name, value)).join('&')}`)
        assert.deepEqual([...(query ?? [])], [[name, values]])
      },
    ),
  )
  assert.deepEqual(
    [...(readQuery('/path?a&b=&&c=1=2') ?? [])],
    [
      ['a', ['']],
      ['b', ['']],
      ['c', ['1=2']],
    ],
  )
  assert.equal(readQuery('/path?a=%'), undefined)
  assert.equal(readQuery('/path?%c3%28=1'), undefined)
  assert.equal(readQuery('/path')?.size, 0)
})

test('a value is read back as JSON would write it, and only so', () => {
  holds(
    property(maxSafeInteger(), (value) =>
      assert.deepEqual(typed({ type: 'integer' }, [String(value)]), { value }),
    ),
  )
  holds(
    property(boolean(), (value) => assert.deepEqual(typed({ type: 'boolean' }, [String(value)]), { value })),
  )
  holds(
    property(double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      assert.deepEqual(typed({ type: 'number' }, [String(value)]), { value: value === 0 ? 0 : value }),
    ),
  )
  for (const text of ['1.0', '+1', ' 1', '1 ', '0x1', '1e3', '00', '-0', '', 'NaN', '9007199254740992']) {
    assert.ok('issue' in typed({ type: 'integer' }, [text]), text)
  }
  for (const text of ['1.0', '.5', 'Infinity', 'NaN', '1e999', ''])
    assert.ok('issue' in typed({ type: 'number' }, [text]), text)
  for (const text of ['TRUE', '1', 'yes', '']) assert.ok('issue' in typed({ type: 'boolean' }, [text]), text)
  assert.ok('issue' in typed({ type: 'object' }, ['{}']))
})
