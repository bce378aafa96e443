import assert from 'node:assert/strict'
import { test } from 'node:test'
import { room } from '../ears/rig.ts'
import { said } from './rig.ts'
import { isCopy } from './same.ts'

test('a copy is known though it is cut elsewhere, softer, or noisy; what was said another time is none', async () => {
  const [one, slower, higher, other] = await Promise.all([
    said('Hello house.', 'rms'),
    said('Hello house.', 'rms', { speech_rate: 0.97 }),
    said('Hello house.', 'rms', { pitch: 1.03 }),
    said('Hello house.', 'slt'),
  ])
  const noise = room(one.length, 300)
  for (const copy of [
    one,
    one.slice(1_234),
    one.map((sample) => -sample / 3),
    one.map((sample, at) => sample + (noise[at] ?? 0)),
  ])
    assert.ok(isCopy(one, copy) && isCopy(copy, one))
  for (const said_again of [slower, higher, other]) assert.ok(!isCopy(one, said_again))
})
