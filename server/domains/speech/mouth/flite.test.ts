import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phonesOf, speakSentence } from './flite.ts'
import { FLITE_VOICES } from './kinds.ts'
import { levelOf, pitchOf, secondsOf } from './rig.ts'

const NORMAL = { speech_rate: 1, pitch: 1, volume: 1 }
const SENTENCE = 'Remember that we are meeting the whole family tomorrow morning.'

test('each voice speaks, at its own rate, as long as people would and about as loud as the others', async () => {
  for (const voice of FLITE_VOICES) {
    const chunk = await speakSentence(SENTENCE, voice, NORMAL)
    assert.equal(chunk.sample_rate, voice === 'kal' ? 8000 : 16_000, voice)
    assert.ok(secondsOf(chunk) > 2.5 && secondsOf(chunk) < 5, `${voice} ${secondsOf(chunk)} s`)
    assert.ok(levelOf(chunk) > 2000 && levelOf(chunk) < 6000, `${voice} ${levelOf(chunk)}`)
  }
})

test('speech_rate makes the sound so much shorter or longer, in the same pitch', async () => {
  for (const voice of ['slt', 'rms', 'kal16'] as const) {
    const normal = await speakSentence(SENTENCE, voice, NORMAL)
    for (const speech_rate of [0.5, 2]) {
      const other = await speakSentence(SENTENCE, voice, { ...NORMAL, speech_rate })
      const factor = secondsOf(normal) / secondsOf(other)
      assert.ok(Math.abs(factor / speech_rate - 1) < 0.12, `${voice} ${speech_rate} ${factor}`)
      assert.ok(Math.abs(pitchOf(other) / pitchOf(normal) - 1) < 0.1, `${voice} ${pitchOf(other)}`)
    }
  }
})

test('pitch raises and lowers the voice by its factor, in the same time', async () => {
  for (const voice of FLITE_VOICES) {
    const normal = await speakSentence(SENTENCE, voice, NORMAL)
    for (const pitch of [0.75, 1.5]) {
      const other = await speakSentence(SENTENCE, voice, { ...NORMAL, pitch })
      const factor = pitchOf(other) / pitchOf(normal)
      assert.ok(Math.abs(factor / pitch - 1) < 0.15, `${voice} ${pitch} ${factor}`)
      assert.ok(Math.abs(secondsOf(other) / secondsOf(normal) - 1) < 0.05, `${voice} ${secondsOf(other)}`)
    }
  }
})

test('volume scales the sound down to silence', async () => {
  const normal = await speakSentence(SENTENCE, 'slt', NORMAL)
  const half = await speakSentence(SENTENCE, 'slt', { ...NORMAL, volume: 0.5 })
  const none = await speakSentence(SENTENCE, 'slt', { ...NORMAL, volume: 0 })
  assert.ok(Math.abs(levelOf(half) / levelOf(normal) - 0.5) < 0.01)
  assert.equal(levelOf(none), 0)
  assert.equal(none.samples.length, normal.samples.length)
})

test('the same sentence always sounds the same, whatever was said before', async () => {
  const before = await speakSentence(SENTENCE, 'awb', NORMAL)
  await speakSentence('Something else, and by somebody else.', 'slt', NORMAL)
  assert.deepEqual(await speakSentence(SENTENCE, 'awb', NORMAL), before)
})

test('words are said as the dictionary of the recogniser has them, and unknown ones by their letters', async () => {
  const words = ['paios', 'hey', 'house', 'berlin', "don't", 'zorblax', 'a', 'the']
  assert.deepEqual(await phonesOf(words), [
    'P AY OW S',
    'HH EY',
    'HH AW S',
    'B ER L IH N',
    'D OW N T',
    'Z AO R B L AE K S',
    'EY',
    'DH AH',
  ])
  assert.deepEqual(await phonesOf([]), [])
})
