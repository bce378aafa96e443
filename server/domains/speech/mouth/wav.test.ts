import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpokenChunk } from '../kinds.ts'
import { joinWav } from './wav.ts'

const RATE = 22_050
const SECOND = new Int16Array(RATE)

/** So many seconds, a piece each. */
async function* seconds(count: number): AsyncGenerator<SpokenChunk> {
  for (let second = 0; second < count; second += 1) {
    await Promise.resolve()
    yield { samples: SECOND, sample_rate: RATE }
  }
}

test('what is spoken becomes one file of at most 24 MB, and what takes too long is given up as soon as that is certain', async () => {
  const { wav, duration } = await joinWav(seconds(570))
  assert.equal(duration, 570_000)
  assert.ok(wav.length <= 24 * 1024 * 1024)
  let made = 0
  const counted = async function* (): AsyncGenerator<SpokenChunk> {
    for await (const chunk of seconds(5_000)) {
      made += 1
      yield chunk
    }
  }
  await assert.rejects(joinWav(counted()), { reason: 'audio', message: /more than 9 minutes/ })
  assert.equal(made, 571)
  await assert.rejects(joinWav(seconds(0)), { reason: 'audio' })
})
