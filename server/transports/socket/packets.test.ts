import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holds, array, constantFrom, jsonValue, nat, property, string } from 'fast-check'
import { JsonError } from '../json.ts'
import { Decoder, Encoder } from './packets.ts'
import type { Packet } from './packets.ts'

function decode(text: unknown): Packet[] {
  const decoder = new Decoder()
  const packets: Packet[] = []
  decoder.on('decoded', (packet: Packet) => packets.push(packet))
  decoder.add(text)
  return packets
}

test('every event that is written is read back the same', () => {
  const id = nat({ max: 1_000_000 })
  holds(
    property(
      constantFrom('/', '/other'),
      id,
      array(jsonValue({ maxDepth: 3, noUnicodeString: true })),
      (nsp, number, rest) => {
        const data = JSON.parse(
          JSON.stringify(['event', ...rest]).replaceAll(/\d{16,}|__proto__/g, '1'),
        ) as unknown[]
        const packet: Packet = { type: 2, nsp, id: number, data }
        assert.deepEqual(decode(new Encoder().encode(packet)[0]), [packet])
      },
    ),
  )
  assert.deepEqual(decode('1'), [{ type: 1, nsp: '/', data: undefined }])
  assert.deepEqual(decode('0{"token":"t"}'), [{ type: 0, nsp: '/', data: { token: 't' } }])
  assert.deepEqual(new Encoder().encode({ type: 4, nsp: '/other', data: { message: 'no' } }), [
    '4/other,{"message":"no"}',
  ])
})

test('an event that is not in order is handed on with what is wrong, under its name where that can be read', () => {
  for (const [text, name] of [
    ['2["a:b",{"x":1,"x":2}]', 'a:b'],
    ['27["a:b",1e999]', 'a:b'],
    ['2[]', ''],
    ['2{"a":1}', ''],
    ['2', ''],
  ] as const) {
    const [packet] = decode(text)
    const [event, error] = (packet?.data ?? []) as unknown[]
    assert.equal(event, name)
    assert.ok(error instanceof JsonError, text)
  }
})

test('of an event that only breaks our rules comes what was said, and of what is no JSON nothing', () => {
  const deep = `${'['.repeat(400_000)}1${']'.repeat(400_000)}`
  for (const [text, said] of [
    [`2["a",{"id":"m","result":${deep}}]`, ['m']],
    ['27["a",{"id":"m","id":"n"}]', ['n']],
    ['2["a",{"id":"m","__proto__":{"id":"x"}},{"id":"y"}]', ['m']],
    ['2["a",9007199254740993]', [undefined]],
    ['2["a",{"id":"m"]', []],
    ['2{"id":"m","id":"n"}', []],
    ['2[]', []],
  ] as const) {
    const [packet] = decode(text)
    const [, error, ...rest] = (packet?.data ?? []) as [string, unknown, ...{ id?: unknown }[]]
    assert.ok(error instanceof JsonError, text.slice(0, 40))
    assert.deepEqual(
      rest.map((one) => one.id),
      said,
      text.slice(0, 40),
    )
  }
})

test('whatever else comes is an error of the connection or nothing, never anything else', () => {
  for (const text of [
    '',
    'x',
    '4{}',
    '5["a"]',
    '6[]',
    '9',
    '0[]',
    '0"a"',
    '0null',
    '1{',
    Buffer.from('2["a"]'),
    7,
    null,
  ]) {
    assert.throws(() => decode(text), Error, String(text))
  }
  assert.deepEqual(decode('31["acknowledged"]'), [{ type: 3, nsp: '/', id: 1, data: [] }])
  assert.deepEqual(decode('3["of nothing"]'), [])
  holds(
    property(string(), (text) => {
      try {
        for (const { type, nsp } of decode(text)) assert.ok(type <= 3 && nsp.startsWith('/'))
      } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof assert.AssertionError))
      }
    }),
  )
})
