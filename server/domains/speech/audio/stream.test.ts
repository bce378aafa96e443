import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOUND_BOUNDS } from './bounds.ts'
import { decode } from './decode.ts'
import { FORMS, tone, NO_FORMS } from './fixture.ts'
import { join } from './samples.ts'
import { openDecoder } from './stream.ts'
import type { StreamFormat } from './stream.ts'
import { toWav } from './wav.ts'

async function streamed(bytes: Uint8Array, step: number, format?: StreamFormat): Promise<Int16Array[]> {
  const stream = openDecoder(format)
  const out: Int16Array[] = []
  for (let at = 0; at < bytes.length; at += step) out.push(await stream.push(bytes.subarray(at, at + step)))
  out.push(await stream.end())
  stream.free()
  return out
}

test('a stream is the same sound as the whole, wherever it is cut', { skip: NO_FORMS }, async () => {
  for (const form of FORMS)
    for (const step of [1, 7, 80, 100_000]) {
      const format: StreamFormat | undefined = form.startsWith('webm')
        ? 'webm'
        : form.startsWith('ogg')
          ? 'ogg'
          : undefined
      const whole = await decode(tone(form))
      for (const said of new Set([format, undefined])) {
        const all = join(await streamed(tone(form), step, said))
        assert.equal(all.length, whole.length, `${form} by ${step}`)
        assert.ok(
          all.every((value, at) => Math.abs(value - (whole[at] ?? 0)) <= 1),
          `${form} by ${step}`,
        )
      }
    }
})

test('WebM is heard while it comes, not only at its end', { skip: NO_FORMS }, async () => {
  const parts = await streamed(tone('webm_opus'), 40, 'webm')
  const early = join(parts.slice(0, Math.ceil(parts.length * 0.8)))
  assert.ok(early.length > 1_600, `${early.length} samples`)
})

test('bare samples go through as they are, halves of them put together', async () => {
  const samples = Int16Array.of(1, -2, 300, -32_768)
  const bytes = new Uint8Array(samples.buffer)
  for (const step of [1, 2, 3, 8]) assert.deepEqual(join(await streamed(bytes, step, 'pcm16')), samples)
  assert.deepEqual(join(await streamed(bytes.subarray(0, 5), 5, 'pcm16')), samples.subarray(0, 2))
  await assert.rejects(streamed(new Uint8Array(), 1, 'pcm16'), { message: 'The recording is empty.' })
  await assert.rejects(streamed(Uint8Array.of(1), 1, 'pcm16'), { message: 'The recording is empty.' })
})

test('a stream of another kind than it was said to be is refused', { skip: NO_FORMS }, async () => {
  await assert.rejects(streamed(tone('ogg_opus'), 99, 'webm'), {
    message: 'The stream was said to be WebM, and is Ogg Opus.',
  })
  await assert.rejects(streamed(tone('webm_opus'), 99, 'ogg'), {
    message: 'The stream was said to be Ogg, and is WebM.',
  })
  await assert.rejects(streamed(toWav(Int16Array.of(1, 2), 16_000), 9, 'ogg'), {
    message: /said to be Ogg, and is WAV/,
  })
  await assert.rejects(streamed(tone('webm_opus').subarray(0, 60), 9), { reason: 'audio' })
  await assert.rejects(streamed(new Uint8Array(), 9), { message: 'The recording is empty.' })
  await assert.rejects(streamed(Buffer.concat([Buffer.from('OggS'), Buffer.alloc(40_000)]), 999), {
    reason: 'audio',
  })
})

test('the bounds hold for all that is sent together', { skip: NO_FORMS }, async () => {
  const bounds = { ...SOUND_BOUNDS, seconds_max: 1, bytes_max: 100_000 }
  const bare = openDecoder('pcm16', bounds)
  assert.equal((await bare.push(new Uint8Array(48_000))).length, 24_000)
  await assert.rejects(bare.push(new Uint8Array(2)), { message: 'The recording is longer than 1 seconds.' })
  for (const beginning of [tone('ogg_opus').subarray(0, 200), Buffer.from('RIFF')]) {
    const stream = openDecoder(undefined, bounds)
    await stream.push(beginning)
    await assert.rejects(stream.push(new Uint8Array(100_000)), { message: /larger than/ })
    stream.free()
  }
})
