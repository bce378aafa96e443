import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { WakeModel } from './kinds.ts'
import { openWake } from './open.ts'
import { OTHER_SPEECH, heard, joined, said } from './rig.ts'
import { learn, study } from './train.ts'

let model: WakeModel
let recordings: Int16Array[]
let other: Int16Array
let unheard: Int16Array

before(async () => {
  recordings = await Promise.all(
    [1, 0.88, 1.15].map((speech_rate) => said('Good Friday.', 'slt', { speech_rate })),
  )
  const speech: Int16Array[] = []
  for (const [index, text] of OTHER_SPEECH.entries())
    speech.push(await said(text, index % 2 === 0 ? 'slt' : 'awb'))
  other = joined(...speech.slice(0, 4))
  unheard = joined(...speech.slice(4))
  model = learn('good friday', study(recordings, [other]))
})

test('a phrase is heard from its speaker at another speed and pitch, before a command too, and once', async () => {
  for (const [text, manner] of [
    ['Good Friday.', { speech_rate: 1.07 }],
    ['Good Friday.', { pitch: 1.1 }],
    ['Good Friday, what is the time in Berlin?', { pitch: 0.92 }],
  ] as const) {
    const wake = await openWake({ models: [model] })
    const [woken, ...more] = heard(wake, joined(unheard, await said(text, 'slt', manner)))
    assert.equal(woken?.word, 'good friday', text)
    assert.ok(woken.at_ms > unheard.length / 16, text)
    assert.deepEqual(more, [])
  }
})

test('other speech, silence and noise do not wake', async () => {
  const noise = Int16Array.from({ length: 64_000 }, (_, at) => Math.round(8000 * Math.sin(at * at * 0.37)))
  for (const samples of [unheard, other, new Int16Array(64_000), noise, new Int16Array(64_000).fill(-32_768)])
    assert.deepEqual(heard(await openWake({ models: [model] }), samples), [])
})

test('how a stream is cut into pieces does not matter', async () => {
  const stream = joined(unheard, recordings[0] ?? new Int16Array())
  const [whole, pieces, crumbs] = [stream.length, 1280, 77]
  const at = await Promise.all(
    [whole, pieces, crumbs].map(async (size) => heard(await openWake({ models: [model] }), stream, size)),
  )
  assert.equal(at[0]?.length, 1)
  assert.deepEqual(at[1], at[0])
  assert.deepEqual(at[2], at[0])
})

test('a model is small, and the same after a way through JSON', async () => {
  const text = JSON.stringify(model)
  assert.ok(text.length < 10_000)
  const wake = await openWake({ models: [JSON.parse(text) as WakeModel] })
  assert.equal(heard(wake, recordings[0] ?? new Int16Array()).length, 1)
})

test('recordings that nothing can be learned from are refused in words for who made them', async () => {
  const [a, b, c] = recordings
  assert.ok(a !== undefined && b !== undefined && c !== undefined)
  const wrong = await said('Seventy thousand bicycles.', 'kal16')
  const refused: readonly [Int16Array[], Int16Array[], RegExp][] = [
    [[a, b], [other], /from 3 to 5 recordings/],
    [Array.from({ length: 6 }, () => a), [other], /from 3 to 5/],
    [[a, b, new Int16Array(16_000)], [other], /Recording 3 has too little speech/],
    [[a, b, new Int16Array()], [other], /Recording 3 has too little speech/],
    [[a, b, joined(other, other)], [other], /Recording 3 is longer than 10 seconds/],
    [[a, b, other.slice(0, 80_000)], [other], /Recording 3 has more than a phrase/],
    [[a, b, wrong], [other], /Recording 3 does not sound like the others/],
    [[a, b, a], [other], /Recording 3 is the same as recording 1; say the phrase for each one/],
    [[a, b, b.slice(1000)], [other], /Recording 3 is the same as recording 2/],
    [[a, b, c], [], /too little other speech/],
    [[a, b, c], [new Int16Array(480_000)], /too little other speech/],
  ]
  for (const [made, negatives, message] of refused)
    assert.throws(() => study(made, negatives), { reason: 'audio', message }, String(message))
})

test('a model of another make is refused', async () => {
  for (const change of [{ version: 2 }, { templates: [] }, { templates: ['AA==', 'AA==', 'AA=='] }])
    await assert.rejects(openWake({ models: [{ ...model, ...change } as WakeModel] }), { reason: 'engine' })
  await assert.rejects(openWake({}), { reason: 'engine' })
})
