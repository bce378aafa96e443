import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Resampler } from './resample.ts'

function sine(hertz: number, rate: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate))
}

function resampled(
  rate: number,
  samples: Float32Array,
  steps: readonly number[] = [samples.length],
): Float32Array {
  const resampler = new Resampler(rate)
  const out: number[] = []
  let at = 0
  for (let turn = 0; at < samples.length; turn += 1) {
    const step = Math.max(1, steps[turn % steps.length] ?? 1)
    out.push(...resampler.push(samples.subarray(at, at + step)))
    at += step
  }
  return Float32Array.from([...out, ...resampler.end()])
}

/** The loudest sample away from both ends. */
function loudest(samples: Float32Array): number {
  return samples.subarray(400, -400).reduce((max, value) => Math.max(max, Math.abs(value)), 0)
}

const RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 47_999, 48_000, 96_000, 192_000]

test('a tone below 6.5 kHz is at each rate what it would be at 16 kHz, to a thousandth', () => {
  for (const rate of RATES)
    for (const hertz of [100, 1_000, 3_000, 6_500]) {
      if (hertz > 0.4 * rate) continue
      const out = resampled(rate, sine(hertz, rate, rate / 5))
      const wanted = sine(hertz, 16_000, out.length)
      const off = loudest(out.map((value, at) => value - (wanted[at] ?? 0)))
      // A rate that divides nothing takes the nearest of its filters, which is a little early or late.
      assert.ok(off < (rate === 47_999 ? 0.004 : 0.001), `${hertz} Hz from ${rate}: off by ${off}`)
      assert.equal(out.length, Math.ceil((Math.floor(rate / 5) * 16_000) / rate))
    }
})

test('what 16 kHz can’t hold is gone, and not heard as something else', () => {
  for (const rate of RATES)
    for (const hertz of [8_100, 10_000, 20_000, 60_000]) {
      if (rate < 22_050 || hertz > rate / 2) continue
      const left = loudest(resampled(rate, sine(hertz, rate, rate / 5)))
      assert.ok(left < 0.001, `${hertz} Hz from ${rate}: ${left}`)
    }
})

test('a level stays as it is, also where a rate is not a whole multiple', () => {
  for (const rate of RATES) {
    const out = resampled(rate, new Float32Array(rate / 5).fill(0.5)).subarray(400, -400)
    assert.ok(
      out.every((value) => Math.abs(value - 0.5) < 1e-5),
      `${rate}`,
    )
  }
})

test('sound comes out the same however it was cut', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.constantFrom(...RATES), steps, (rate, sizes) => {
      const samples = sine(440, rate, 4_000)
      assert.deepEqual(resampled(rate, samples, sizes), resampled(rate, samples))
    }),
    { numRuns: 60 },
  )
})

test('no sound, one sample and fewer than the filter has come out as they should', () => {
  assert.equal(resampled(48_000, new Float32Array()).length, 0)
  assert.equal(resampled(48_000, Float32Array.of(1)).length, 1)
  assert.equal(resampled(8_000, Float32Array.of(1)).length, 2)
  assert.equal(resampled(44_100, new Float32Array(50)).length, 19)
})
