import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, jsonValue, pre, property } from 'fast-check'
import { JsonError, parseJson } from './json.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const keyed = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(',')}}`
const read = (text: string) => parseJson(Buffer.from(text))

function timed(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** The shortest of some tries: how long something takes, whatever else the machine is doing. */
function best(work: () => void): number {
  return Math.min(...Array.from({ length: 5 }, () => timed(work)))
}

function refuses(text: string | Uint8Array, message: RegExp, offset?: number): void {
  assert.throws(
    () => parseJson(typeof text === 'string' ? Buffer.from(text) : text),
    (error: unknown) => {
      assert.ok(error instanceof JsonError, String(error))
      assert.match(error.message, message)
      if (offset !== undefined) assert.equal(error.offset, offset)
      return true
    },
  )
}

test('every value that JSON can write is read back equal', () => {
  holds(
    property(jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value)
      pre(!/"__proto__"/.test(text))
      pre(!/\d{16,}/.test(text))
      assert.deepEqual(read(text), JSON.parse(text))
      assert.deepEqual(read(JSON.stringify(value, null, 2)), JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

test('whatever is read without complaint is what the platform reads, and the rest is refused with a place', () => {
  const fragments = constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'u',
    'd83d',
    '0',
    '-',
    '.',
    'e',
    '1',
    'true',
    ' ',
    '"a"',
  )
  holds(
    property(array(fragments, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      let value: unknown
      try {
        value = read(text)
      } catch (error) {
        assert.ok(error instanceof JsonError)
        assert.match(error.message, /^line \d+, column \d+: /)
        return
      }
      assert.deepEqual(value, JSON.parse(text))
    }),
    { numRuns: 2_000 },
  )
})

test('what the platform would refuse is refused with its place', () => {
  refuses('', /line 1, column 1: the document ends too early/, 0)
  refuses('{"a":}', /column 6: "}" is not expected/, 5)
  refuses('{\n "a": 1,\n}', /line 3, column 1/, 11)
  refuses('[1 2]', /"2" is not expected/)
  refuses('[1,]', /"]" is not expected/)
  refuses('{"a" 1}', /"1" is not expected/)
  refuses('{a:1}', /"a" is not expected/)
  refuses('"a', /ends too early/)
  refuses('"a\nb"', /"\\n" is not expected/)
  refuses(String.raw`"\x41"`, /no such escape/)
  refuses('{} {}', /"{" is not expected/)
  refuses('01', /"1" is not expected/)
  refuses('NaN', /"N" is not expected/)
  refuses('-Infinity', /"I" is not expected/)
})

test('a key that is there twice is refused however it is written, at any depth', () => {
  refuses('{"a":1,"a":1}', /the key "a" is there twice/, 7)
  refuses(String.raw`[{"b":{"a":1,"\u0061":2}}]`, /twice/)
  assert.deepEqual(read('[{"a":1},{"a":{"a":2}}]'), [{ a: 1 }, { a: { a: 2 } }])
})

test('the key __proto__ is refused, its cousins are plain data', () => {
  refuses('{"__proto__":{"admin":true}}', /"__proto__" is not allowed/)
  refuses(String.raw`{"a":[{"\u005f_proto__":1}]}`, /"__proto__" is not allowed/)
  const value = read('{"constructor":1,"prototype":{"x":2}}') as Record<string, unknown>
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
  assert.equal(value['constructor'], 1)
})

test('numbers that would change silently are refused, all others keep their value', () => {
  refuses('9007199254740992', /beyond 2\^53 - 1/)
  refuses('{"n":-9007199254740993}', /beyond/, 5)
  refuses('9007199254740993.0', /more digits/)
  refuses('90071992547409930e-1', /more digits/)
  refuses('1e999', /too large/)
  refuses('1e-999', /too small/)
  refuses('-0', /minus zero/)
  refuses('-0.0e3', /minus zero/)
  assert.equal(read('9007199254740991'), Number.MAX_SAFE_INTEGER)
  assert.equal(read('0.0e-999'), 0)
  assert.equal(read('1e21'), 1e21)
  assert.equal(read('1.7976931348623157E+308'), Number.MAX_VALUE)
  assert.equal(read('100000000000000000000.00'), 1e20)
  assert.equal(read('0.10000000000000001'), 0.1)
})

test('text that is not Unicode is refused', () => {
  refuses(Buffer.from([0x22, 0xff, 0x22]), /column 2: the bytes are not UTF-8/, 1)
  refuses(Buffer.from([...Buffer.from('"\ufffd\ufffdä'), 0xed, 0xa0, 0x80, 0x22]), /not UTF-8/, 4)
  refuses(Buffer.from('\ufeff{}'), /byte order mark/)
  refuses(String.raw`"\ud83d"`, /half a surrogate pair/, 1)
  refuses(String.raw`"\ude00\ud83d"`, /half a surrogate pair/)
  refuses(String.raw`"\ud83d\u0041"`, /half a surrogate pair/)
  assert.equal(read(String.raw`"\ud83d\ude00 😀 �"`), '😀 😀 �')
})

test('32 levels and 10,000 keys pass and one more does not', () => {
  assert.doesNotThrow(() => read(nested(32)))
  refuses(nested(33), /more than 32 levels/, 32)
  refuses('{"a":'.repeat(20_000), /more than 32 levels/)
  assert.doesNotThrow(() => read(keyed(10_000)))
  refuses(keyed(10_001), /more than 10000 keys/)
})

test('hostile documents cost no more than their length, by the measure of the parser of the platform', () => {
  const list = JSON.stringify(Array.from({ length: 100_000 }, (_, index) => index))
  const unit = best(() => void JSON.parse(list))
  const deep = best(() => refuses('['.repeat(100_000), /more than 32 levels/))
  const quotes = best(() => refuses(`"${'\\"'.repeat(500_000)}`, /ends too early/))
  const audio = JSON.stringify({ audio_data: 'A'.repeat(14_000_000) })
  const long = best(() => read(audio))
  assert.ok(deep < 200 * unit, `${deep} against ${unit} ms`)
  assert.ok(quotes < 1_000 * unit, `${quotes} against ${unit} ms`)
  assert.ok(long < 1_000 * unit, `${long} against ${unit} ms`)
})
