import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Endpoint, openActivity } from './activity.ts'
import { openDenoiser } from './noise.ts'
import { room, say } from './rig.ts'

function power(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length)
}

async function denoised(samples: Int16Array, size: number): Promise<Int16Array> {
  const denoiser = await openDenoiser()
  const parts: Int16Array[] = []
  for (let at = 0; at < samples.length; at += size)
    parts.push(denoiser.write(samples.subarray(at, at + size)))
  parts.push(denoiser.end())
  denoiser.free()
  denoiser.free()
  return Int16Array.from(parts.flatMap((part) => [...part]))
}

test('noise falls by more than 10 dB, and speech stays within 3 dB', async () => {
  const noise = room(32_000, 1000)
  assert.ok(power((await denoised(noise, 1280)).subarray(16_000)) < power(noise) / 10)
  const speech = await say('list all my agents')
  const clean = power(await denoised(speech, 1280)) / power(speech)
  assert.ok(clean > 0.5 && clean < 2, String(clean))
})

test('the same comes out however the sound is cut, and nothing of it is lost', async () => {
  const speech = await say('stop')
  const [whole, pieces] = [await denoised(speech, 1280), await denoised(speech, 77)]
  assert.deepEqual(pieces, whole)
  assert.ok(
    whole.length >= speech.length && whole.length < speech.length + 640,
    `${whole.length} ${speech.length}`,
  )
})

test('speech is found where it is, and a quiet room is none', async () => {
  const activity = await openActivity()
  assert.equal(activity.write(room(16_000)).filter(Boolean).length, 0)
  const spoken = activity.write(await say('list all my agents'))
  assert.ok(spoken.indexOf(true) > 10 && spoken.filter(Boolean).length > 60, spoken.map(Number).join(''))
  activity.free()
})

test('speech ends after 120 ms where a command is whole, later where it may go on; a click is none', () => {
  const endpoint = new Endpoint()
  const steps = (count: number, spoken: boolean) => {
    for (let step = 0; step < count; step += 1) endpoint.step(spoken)
  }
  const ended = () => (['whole', 'lengthen', 'open'] as const).filter((extent) => endpoint.hasEnded(extent))
  steps(3, true)
  steps(100, false)
  assert.deepEqual([endpoint.begun, ended()], [false, []])
  steps(9, true)
  steps(11, false)
  assert.deepEqual([endpoint.begun, ended()], [true, []])
  steps(1, false)
  assert.deepEqual(ended(), ['whole'])
  steps(7, false)
  assert.deepEqual(ended(), ['whole'])
  steps(1, false)
  assert.deepEqual(ended(), ['whole', 'lengthen'])
  steps(50, false)
  assert.deepEqual(ended(), ['whole', 'lengthen', 'open'])
  steps(1, true)
  assert.deepEqual(ended(), [])
})
