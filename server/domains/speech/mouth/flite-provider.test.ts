import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SpeakOptions, Voice } from '../kinds.ts'
import { openFlite } from './flite-provider.ts'
import { all, joined, levelOf, openMouthHost, secondsOf } from './rig.ts'

const host = openMouthHost()
after(() => host.close())
const flite = openFlite({ host })

function saying(text: string, voice: Voice | undefined, signal = new AbortController().signal): SpeakOptions {
  assert.ok(voice)
  return { text, voice, speech_rate: 1, pitch: 1, volume: 1, signal }
}

test('five English voices are there, and nothing lacks', async () => {
  const voices = await flite.voices()
  assert.deepEqual(
    voices.map(({ voice_id, language }) => `${voice_id} ${language}`),
    ['flite-slt en-US', 'flite-rms en-US', 'flite-awb en-GB', 'flite-kal16 en-US', 'flite-kal en-US'],
  )
  assert.deepEqual(await flite.health(), { ok: true, problem: '' })
  assert.equal(flite.remote, false)
})

test('a text comes as one chunk of sound a sentence, made in another process', async () => {
  const [voice] = await flite.voices()
  const chunks = await all(flite.speak(saying('Good morning. It is seven. Time to get up!', voice)))
  assert.equal(chunks.length, 3)
  for (const chunk of chunks) assert.ok(chunk.samples instanceof Int16Array && levelOf(chunk) > 500)
  assert.ok(secondsOf(joined(chunks)) > 2)
  assert.deepEqual(await all(flite.speak(saying('?!', voice))), [])
})

test('who stops listening after the first sentence frees the child for the next text', async () => {
  const [voice] = await flite.voices()
  for (let round = 0; round < 5; round += 1)
    for await (const chunk of flite.speak(saying('One. Two. Three. Four.', voice))) {
      assert.ok(secondsOf(chunk) > 0.3)
      break
    }
  assert.equal((await all(flite.speak(saying('Done.', voice)))).length, 1)
})

test('an end of the signal ends the speaking with its reason', async () => {
  const [voice] = await flite.voices()
  const ending = new AbortController()
  const speaking = flite.speak(saying('One. Two. Three.', voice, ending.signal))[Symbol.asyncIterator]()
  assert.equal((await speaking.next()).done, false)
  ending.abort(new Error('enough'))
  await assert.rejects(async () => {
    for (;;) if ((await speaking.next()).done === true) return
  }, /enough/)
  await assert.rejects(
    all(flite.speak(saying('One.', voice, AbortSignal.abort(new Error('before'))))),
    /before/,
  )
})

test('a voice of somebody else is refused', async () => {
  const voice: Voice = { voice_id: 'flite-../x', language: 'en', name: 'x', provider: 'flite' }
  await assert.rejects(all(flite.speak(saying('One.', voice))), { reason: 'engine' })
})
