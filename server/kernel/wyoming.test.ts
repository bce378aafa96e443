import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../test/clock.ts'
import {
  FRAME_BOUNDS,
  FrameError,
  chunkOf,
  encodeEvent,
  eventOf,
  formatOf,
  payloadOf,
  readEvents,
  samplesOf,
} from './wyoming.ts'
import type { FrameBounds, WyomingEvent } from './wyoming.ts'

async function* cut(bytes: Uint8Array, sizeAt: (at: number) => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength;) {
    const size = Math.max(1, sizeAt(at))
    yield bytes.subarray(at, at + size)
    at += size
  }
}

const read = (bytes: Uint8Array | string, size = 65_536, bounds: FrameBounds = FRAME_BOUNDS) =>
  Array.fromAsync(
    readEvents(
      cut(Buffer.from(bytes), () => size),
      bounds,
    ),
  )

const plain = ({ type, data, payload }: WyomingEvent) => [type, data, Buffer.from(payload).toString('latin1')]

test('a message is a line with the lengths of what follows, then the data, then the payload', () => {
  const event = { type: 'transcript', data: { text: 'grüß' }, payload: Uint8Array.of(1, 0, 255) }
  const line = '{"type":"transcript","version":"1.7.0","data_length":17,"payload_length":3}\n'
  assert.deepEqual(
    encodeEvent(event),
    Buffer.concat([Buffer.from(`${line}{"text":"grüß"}`), Buffer.from([1, 0, 255])]),
  )
  assert.equal(encodeEvent(eventOf('describe')).toString(), '{"type":"describe","version":"1.7.0"}\n')
  assert.deepEqual(
    encodeEvent(chunkOf(Int16Array.of(1, -2, -32_768), 16_000)).subarray(-6),
    Buffer.from([1, 0, 0xfe, 0xff, 0, 0x80]),
  )
})

test('a message is the same wherever its bytes are cut', async () => {
  const events = [
    eventOf('describe'),
    { type: 'x', data: { a: '日本\n', b: [1, { c: null }] }, payload: Buffer.from('\n{"type":"y"}\n') },
    chunkOf(
      Int16Array.from({ length: 700 }, (_, at) => at),
      22_050,
    ),
    eventOf('audio-stop', { timestamp: 3 }),
  ]
  const bytes = Buffer.concat(events.map(encodeEvent))
  for (const size of [1, 2, 3, 7, 64, 1_000, bytes.byteLength])
    assert.deepEqual((await read(bytes, size)).map(plain), events.map(plain), `cut into ${size}`)
})

test('data of the line and data behind it are one, and the latter counts', async () => {
  const [event] = await read('{"type":"t","data":{"a":1,"b":2},"data_length":7}\n{"b":3}')
  assert.deepEqual(event?.data, { a: 1, b: 3 })
  assert.deepEqual((await read('{"type":"t","data":null,"data_length":null}\n'))[0]?.data, {})
  const [strange] = await read('{"type":"t","data":{"__proto__":{"rate":1}}}\n')
  assert.equal(strange?.data['rate'], undefined)
})

test('what is no message is refused, and nothing of it is told', async () => {
  const cases: [string, RegExp][] = [
    ['secret\n', /^a message begins with a line that is no JSON object$/],
    ['\n', /no JSON object$/],
    ['["secret"]\n', /no JSON object$/],
    ['{"type":"\xff"}\n', /no JSON object$/],
    ['{}\n', /has no type$/],
    ['{"type":7}\n', /has no type$/],
    [`{"type":"${'x'.repeat(65)}"}\n`, /has no type$/],
    ['{"type":"t","data":[]}\n', /^the data of a message/],
    ['{"type":"t","data_length":3}\n[1]', /^the data of a message/],
    ['{"type":"t","data_length":-1}\n', /^the length of the data of a message is no number/],
    ['{"type":"t","data_length":1.5}\n', /^the length of the data/],
    ['{"type":"t","payload_length":"9"}\n', /^the length of the payload/],
    ['{"type":"t","payload_length":1e300}\n', /^the length of the payload/],
    ['{"type":"t","payload_length":1048577}\n', /^a message has a payload of more than 1048576 bytes$/],
    ['{"type":"t","payload_length":2}\nx', /^the bytes end within a message$/],
    ['{"type":"t"', /^the bytes end within a message$/],
  ]
  for (const [text, sentence] of cases) {
    const bytes = Buffer.from(text, 'latin1')
    await assert.rejects(
      read(bytes),
      (error) => error instanceof FrameError && sentence.test(error.message),
      text,
    )
  }
})

test('a line or a payload that never ends is refused at its bound, however it comes', async () => {
  let given = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      given += 100
      yield Buffer.alloc(100, 'x')
    }
  }
  const bounds = { line_bytes_max: 1_000, data_bytes_max: 10, payload_bytes_max: 10 }
  await assert.rejects(Array.fromAsync(readEvents(endless(), bounds)), /line of more than 1000 bytes$/)
  assert.equal(given, 1_100)
  // Also when its end is there.
  await assert.rejects(read(`{"type":"t","data":{"a":"${'x'.repeat(990)}"}}\n`, 4_000, bounds), FrameError)
  await assert.rejects(read('{"type":"t","data_length":11}\n', 1, bounds), FrameError)
  assert.deepEqual((await read('{"type":"t","data_length":10}\n{"a":1234}', 1))[0]?.data, { a: 1_234 })
})

test('random bytes and damaged messages are read or refused, and nothing else', async () => {
  const random = seededRandom(7)
  const number = (below: number): number => (Buffer.from(random(4)).readUInt32BE() / 2 ** 32) * below
  const whole = Buffer.concat([
    encodeEvent(chunkOf(Int16Array.of(1, 2, 3), 16_000)),
    encodeEvent(eventOf('a', { b: 'ü' })),
  ])
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = round % 4 === 0 ? Buffer.from(random(number(200))) : Buffer.from(whole)
    for (let damage = number(4) - 1; damage > 0; damage -= 1)
      bytes[Math.floor(number(bytes.byteLength))] = number(256)
    const end = number(2) < 1 ? bytes.byteLength : Math.floor(number(bytes.byteLength))
    const pieces = cut(bytes.subarray(0, end), () => Math.floor(number(20)))
    try {
      for await (const { type, data, payload } of readEvents(pieces))
        assert.deepEqual([typeof type, typeof data, payload.byteLength <= end], ['string', 'object', true])
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
    }
  }
})

test('samples survive the way, two channels become one, and what is no sound is refused', () => {
  const samples = Int16Array.of(0, 1, -1, 32_767, -32_768)
  assert.deepEqual(samplesOf(payloadOf(samples), { channels: 1 }), samples)
  assert.deepEqual(
    samplesOf(payloadOf(Int16Array.of(100, 200, -3, -5)), { channels: 2 }),
    Int16Array.of(150, -4),
  )
  assert.deepEqual(formatOf(chunkOf(samples, 8_000)), { rate: 8_000, width: 2, channels: 1 })
  assert.throws(() => samplesOf(Uint8Array.of(1), { channels: 1 }), FrameError)
  assert.throws(() => samplesOf(Uint8Array.of(1, 2), { channels: 2 }), FrameError)
  for (const data of [
    {},
    { rate: 16_000, width: 4, channels: 1 },
    { rate: 16_000, width: 2, channels: 3 },
    { rate: 0, width: 2, channels: 1 },
    { rate: '16000', width: 2, channels: 1 },
    { rate: 1e9, width: 2, channels: 1 },
  ])
    assert.throws(() => formatOf({ data }), FrameError)
})
