import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64 } from './base64.ts'
import { SOUND_BOUNDS } from './bounds.ts'

test('base64 is read with a prefix and without, and nothing that is not quite base64', () => {
  const bytes = Uint8Array.of(0, 255, 62, 63)
  const good = [
    'AP8+Pw==',
    'data:audio/webm;base64,AP8+Pw==',
    'DATA:audio/webm;codecs=opus;BASE64,AP8+Pw==',
    'data:;base64,AP8+Pw==',
  ]
  for (const text of good) assert.deepEqual(fromBase64(text), bytes, text)
  assert.deepEqual(fromBase64(''), new Uint8Array())
  assert.deepEqual(fromBase64('data:audio/wav;base64,'), new Uint8Array())
  const refused = [
    'AP8+Pw=',
    'AP8+Pw',
    'AP8+Pw===',
    'AP8+Px==',
    'AP8-Pw==',
    'AP8_',
    'A',
    '====',
    'AP8+Pw==AP8+Pw==',
    'ÄP8+Pw==',
    'AP8+\0w==',
    'data:audio/webm,AP8+Pw==',
    'data:audio/webm;base64;AP8+Pw==',
    'data:,data:;base64,AP8+Pw==',
    `data:${'x'.repeat(300)};base64,AP8+Pw==`,
  ]
  for (const text of refused) assert.equal(fromBase64(text), undefined, text)
})

function sevens(length: number): string {
  return Buffer.alloc(length, 7).toString('base64')
}

test('ten megabytes may come, and not a byte more', () => {
  const max = SOUND_BOUNDS.bytes_max
  assert.equal(fromBase64(sevens(max))?.length, max)
  for (const more of [1, 2, 3, 1_000_000])
    assert.throws(() => fromBase64(sevens(max + more)), {
      reason: 'audio',
      message: 'The recording is larger than 10 MB.',
    })
})
