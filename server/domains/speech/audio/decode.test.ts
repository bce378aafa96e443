import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOUND_BOUNDS } from './bounds.ts'
import { decode } from './decode.ts'
import { FORMS, NO_FORMS, shareOf, sine, tone, wav } from './fixture.ts'
import { toWav } from './wav.ts'

test('every form comes out as the sine that went in, as long as it was', { skip: NO_FORMS }, async () => {
  for (const form of FORMS) {
    const samples = await decode(tone(form))
    const length = 4_800
    // MPEG frames pad both ends.
    const padding = /mp3/.test(form) ? 3_000 : form.startsWith('webm') ? 200 : 2
    assert.ok(Math.abs(samples.length - length) <= padding, `${form}: ${samples.length} samples`)
    const share = shareOf(1_000, samples.subarray(1_200, 3_600))
    assert.ok(share > 0.9, `${form}: ${share.toFixed(3)} of its power at 1 kHz`)
  }
})

test('a WAV file of 16 kHz comes back bit by bit, odd chunks before its sound or not', async () => {
  const samples = Int16Array.from([0, 1, -1, 32_767, -32_768, 12_345, ...sine(440, 16_000, 0.1)])
  const file = toWav(samples, 16_000)
  assert.deepEqual(
    [...(await decode(file))].map((value, at) => Math.abs(value - (samples[at] ?? 0)) <= 1).includes(false),
    false,
  )
  const odd = Uint8Array.from([...Buffer.from('LIST'), 3, 0, 0, 0, 1, 2, 3, 0])
  const stuffed = Buffer.concat([file.subarray(0, 36), odd, file.subarray(36), Buffer.from('LIST\0\0\0\0')])
  assert.deepEqual(await decode(stuffed), await decode(file))
  // As ffmpeg, espeak-ng, arecord and others write into a pipe.
  for (const claimed of [0, 0xff_ff_ff_ff, 0x7f_ff_f0_00, 0x80_00_00_00]) {
    const piped = Buffer.from(file)
    piped.writeUInt32LE(claimed, 40)
    assert.deepEqual(await decode(piped), await decode(file), String(claimed))
  }
})

function sineBytes(rate: number): Uint8Array {
  return new Uint8Array(sine(1_000, rate, 0.2).buffer)
}

function bytesOf(...values: number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer)
}

test('WAV is read in each of its codings, rates and numbers of channels', async () => {
  const float = Float32Array.from(sine(1_000, 44_100, 0.2), (value) => value / 32_768)
  const rows: [string, Uint8Array][] = [
    ['8 kHz', wav({ rate: 8_000 }, sineBytes(8_000))],
    ['11,025 Hz', wav({ rate: 11_025 }, sineBytes(11_025))],
    ['a rate that divides nothing', wav({ rate: 47_999 }, sineBytes(47_999))],
    ['192 kHz', wav({ rate: 192_000 }, sineBytes(192_000))],
    ['float', wav({ format: 3, bits: 32, rate: 44_100 }, new Uint8Array(float.buffer))],
    [
      '8 bit',
      wav(
        { bits: 8 },
        Uint8Array.from(sine(1_000, 16_000, 0.2), (value) => (value >> 8) + 128),
      ),
    ],
  ]
  for (const [name, file] of rows) {
    const samples = await decode(file)
    assert.ok(Math.abs(samples.length - 3_200) <= 1, `${name}: ${samples.length} samples`)
    assert.ok(shareOf(1_000, samples.subarray(400, 2_800)) > 0.999, name)
    const loudest = Math.max(...samples.subarray(400, 2_800))
    assert.ok(Math.abs(loudest - 16_000) < 250, `${name}: ${loudest}`)
  }
})

test('channels are mixed to their mean, and what is louder than possible is cut', async () => {
  const stereo = await decode(wav({ channels: 2 }, bytesOf(1_000, 3_000, -2_000, -2_000)))
  assert.deepEqual([...stereo], [2_000, -2_000])
  const eight = await decode(wav({ channels: 8 }, bytesOf(8_000, 0, 0, 0, 0, 0, 0, 0)))
  assert.deepEqual([...eight], [1_000])
  const loud = Float32Array.of(1e30, -1e30, Infinity, -Infinity, NaN, 0.5)
  const cut = await decode(wav({ format: 3, bits: 32 }, new Uint8Array(loud.buffer)))
  assert.deepEqual([...cut], [32_767, -32_767, 32_767, -32_767, 0, 16_384])
})

function silence(seconds: number): Uint8Array {
  return wav({ bits: 8, rate: 8_000 }, new Uint8Array(seconds * 8_000))
}

test(
  'thirty seconds may be heard, and half a second of padding; no sample more, whatever is claimed',
  { skip: NO_FORMS },
  async () => {
    assert.equal((await decode(silence(30.5))).length, 488_000)
    await assert.rejects(decode(silence(30.625)), {
      reason: 'audio',
      message: 'The recording is longer than 30 seconds.',
    })
    // These forms do not say how long they are.
    for (const form of ['mp3'] as const) {
      const twice = Buffer.concat([tone(form), tone(form)])
      assert.ok((await decode(twice)).length > 9_600, form)
      const long = Buffer.concat(Array.from({ length: 110 }, () => tone(form)))
      await assert.rejects(decode(long), { message: /longer than 30 seconds/ }, form)
    }
  },
)

test('a recording that is larger than may be sent is refused before anything is looked at', async () => {
  const bounds = { ...SOUND_BOUNDS, bytes_max: 2 * 1024 * 1024 }
  await assert.rejects(decode(new Uint8Array(2 * 1024 * 1024 + 1), bounds), {
    reason: 'audio',
    message: 'The recording is larger than 2 MB.',
  })
})
