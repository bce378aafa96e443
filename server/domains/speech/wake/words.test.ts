import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { findEngine } from '../ears/library.ts'
import { openJob } from './child.ts'
import type { Woken } from './kinds.ts'
import { openWake } from './open.ts'
import { OTHER_SPEECH, heard, joined, said } from './rig.ts'
import { openWords, thresholdFor } from './words.ts'

const found = findEngine()
const skip = 'missing' in found && found.missing.problem
const WORDS = { paios: 'P AY OW S', 'good friday': 'G UH D F R AY D EY' }

test('longer words need less doubt, within bounds', () => {
  assert.deepEqual([1, 4, 5, 8, 40].map(thresholdFor), ['1e-1', '1e-7', '1e-12', '1e-27', '1e-30'])
})

test('typed words are heard from three voices, each by its name, and once', { skip }, async () => {
  for (const voice of ['slt', 'awb', 'kal16'] as const) {
    const wake = await openWake({ words: WORDS })
    const stream = joined(await said('paios, what is the time?', voice), await said('Good Friday.', voice))
    assert.deepEqual(
      heard(wake, stream).map(({ word }) => word),
      ['paios', 'good friday'],
      voice,
    )
    wake.close()
  }
})

test('a wake word as long as may be is heard as any other', { skip }, async () => {
  const words = ['my dear assistant of this house today ok']
  for (const voice of ['slt', 'awb', 'kal16'] as const) {
    const job = await openJob({ what: 'listen', words }, () => {})
    const woken = (await job.handle(await said(`${words[0]}, what is the time?`, voice))) as Woken | undefined
    assert.equal(woken?.word, words[0], voice)
    job.close()
  }
})

test('other speech, silence and noise do not wake, and a word after them does', { skip }, async () => {
  const wake = await openWake({ words: { 'good friday': WORDS['good friday'] } })
  for (const [index, text] of OTHER_SPEECH.entries())
    assert.deepEqual(heard(wake, await said(text, index % 2 === 0 ? 'slt' : 'awb')), [], text)
  const noise = Int16Array.from({ length: 48_000 }, (_, at) => Math.round(8000 * Math.sin(at * at * 0.37)))
  for (const samples of [new Int16Array(48_000), noise, new Int16Array()])
    assert.deepEqual(heard(wake, samples), [])
  assert.equal(heard(wake, await said('Good Friday.', 'slt')).length, 1)
  wake.close()
})

test('a word is said to have ended where the sentence after it begins', { skip }, async () => {
  const word = await said('Good Friday.', 'slt')
  const wake = await openWake({ words: WORDS })
  const silence = new Int16Array(8_000)
  const [woken] = heard(wake, joined(silence, word, await said('What is on my list?', 'slt')))
  const [begins, ends] = [silence.length / 16, (silence.length + word.length) / 16]
  assert.ok(woken !== undefined && woken.end_ms < woken.at_ms)
  assert.ok(woken.end_ms > begins + 300 && woken.end_ms < ends, `${begins} ${woken.end_ms} ${ends}`)
  wake.close()
})

test(
  'a word that lies across the restart of a long stream, and one after it, is heard and ends at its time',
  { skip },
  async () => {
    const word = await said('Good Friday.', 'slt')
    for (const before of [19.4, 19.8]) {
      const wake = await openWake({ words: WORDS })
      const told = heard(wake, joined(new Int16Array(before * 16_000), word, word))
      assert.deepEqual(
        told.map((one) => one.word),
        ['good friday', 'good friday'],
      )
      for (const [index, { at_ms, end_ms }] of told.entries()) {
        const begins = before * 1000 + (index * word.length) / 16
        assert.ok(at_ms > begins && at_ms < begins + word.length / 16, `${begins} ${at_ms}`)
        assert.ok(end_ms > begins + 300 && end_ms < at_ms, `${begins} ${end_ms} ${at_ms}`)
      }
      wake.close()
    }
  },
)

test(
  'words too short, too many or of no phones are refused, and nothing is left of the files',
  { skip },
  async () => {
    assert.ok('files' in found)
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('paios-wake-'))
    const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((word) => [word, 'P AY OW S']))
    for (const words of [{}, six, { hey: 'HH EY' }, { x: 'P AY OW /1/' }, { x: '' }, { x: 'P\nAY OW S' }])
      await assert.rejects(openWords(words, found.files), { reason: 'engine' })
    const wake = await openWords(WORDS, found.files)
    wake.close()
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('paios-wake-')),
      before,
    )
  },
)

test('the job finds out how typed words are said, and refuses what nobody can say', { skip }, async () => {
  const job = await openJob({ what: 'listen', words: ['Good  Friday'] }, () => {})
  const woken = (await job.handle(await said('Good Friday.', 'slt'))) as Woken | undefined
  assert.equal(woken?.word, 'Good  Friday')
  await assert.rejects(async () => job.handle('sound'), { reason: 'audio' })
  job.close()
  for (const words of [[''], ['-o x'], ['日本'], ['a/b'], ['hey']])
    await assert.rejects(
      async () => openJob({ what: 'listen', words }, () => {}),
      { reason: 'engine' },
      words[0],
    )
})
