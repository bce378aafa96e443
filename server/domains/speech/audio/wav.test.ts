import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWav, toWav } from './wav.ts'

test('a file of parts is that of all their samples, wherever these lie in memory', () => {
  const samples = Int16Array.of(7, -1, 32_767, -32_768, 0)
  const file = toWav(samples, 16_000)
  assert.deepEqual([...file.subarray(44)], [7, 0, 255, 255, 255, 127, 0, 128, 0, 0])
  assert.deepEqual(toWav([samples.subarray(0, 1), samples.subarray(1, 4), samples.slice(4)], 16_000), file)
  assert.equal(readWav(file)?.data_bytes, 10)
  assert.equal(readWav(toWav([], 16_000))?.data_bytes, 0)
})
