import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpokenChunk } from '../kinds.ts'
import { joinWav } from './wav.ts'

const RATE = 100

/** So many seconds, a piece each. */
async function* seconds(count: number): AsyncGenerator<SpokenChunk> {
  for (let second = 0; second < count; second += 1) {
    await Promise.resolve()
    yield { samples: new Int16Array(RATE), sample_rate: RATE }
  }
}

test('what is spoken becomes one file, and what takes too long is given up as soon as that is certain', async () => {
  assert.equal((await joinWav(seconds(900))).duration, 900_000)
  let made = 0
  const counted = async function* (): AsyncGenerator<SpokenChunk> {
    for await (const chunk of seconds(5_000)) {
      made += 1
      yield chunk
    }
  }
  await assert.rejects(joinWav(counted()), { reason: 'audio', message: /more than 15 minutes/ })
  assert.equal(made, 901)
  await assert.rejects(joinWav(seconds(0)), { reason: 'audio' })
})
