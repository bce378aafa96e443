import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp } from '../../../../test/app.ts'
import { toWav } from '../../speech/audio/wav.ts'
import { missing } from '../../speech/ears/library.ts'
import { OTHER_SPEECH, joined, said } from '../../speech/wake/rig.ts'

const skip = missing()?.problem ?? false

function bytesOf({ buffer, byteOffset, byteLength }: Int16Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

test('a recorded phrase wakes who waits beside the typed words, and its user alone', { skip }, async () => {
  const opened = await openTestApp({ recogniser: undefined })
  after(() => opened.remove())
  const { token, user_id } = await opened.claim()
  const { id: bob } = await opened.app.auth.addUser('bob@example.org', 'correct horse battery staple 9')
  await opened.ask(token, 'voice.settings', { wake_words: ['good friday'], wake_word_enabled: true })
  const listening = opened.app.doors.voice
  const woken: string[] = []
  listening.hear((told) => told.kind === 'wake' && woken.push(told.word))
  const [phrase, other, typed] = await Promise.all([
    said('Knock knock, hedgehog.', 'rms', { speech_rate: 1.04 }),
    said(OTHER_SPEECH[3] ?? '', 'rms'),
    said('Good Friday.', 'slt'),
  ])
  let utterances = 0
  const wakes = async (who: string, ...parts: Int16Array[]): Promise<string[]> => {
    const speaker = { user_id: who, connection_id: who }
    const utterance_id = `u${(utterances += 1)}`
    woken.length = 0
    await listening.begin(speaker, { utterance_id, format: 'pcm16', wait_for_wake: true })
    const whole = bytesOf(joined(...parts, new Int16Array(16_000)))
    for (let at = 0; at < whole.length; at += 128_000)
      await listening.take(speaker, {
        utterance_id,
        audio_data: whole.subarray(at, at + 128_000).toString('base64'),
      })
    listening.stop(speaker)
    return [...woken]
  }
  assert.deepEqual(await wakes(user_id, other, phrase), [])
  const rates = [1, 0.92, 1.1]
  const recordings = await Promise.all(
    rates.map((speech_rate) => said('Knock knock, hedgehog.', 'rms', { speech_rate })),
  )
  const samples = recordings.map((one) => ({
    audio_data: Buffer.from(toWav(one, 16_000)).toString('base64'),
  }))
  await opened.ask(token, 'voice.train', { wake_phrase: 'hedgehog', samples })
  assert.deepEqual(await wakes(user_id, other, phrase), ['hedgehog'])
  assert.deepEqual(await wakes(user_id, other, typed), ['good friday'])
  assert.deepEqual(await wakes(user_id, other), [])
  assert.deepEqual(await wakes(bob, other, phrase), [])
})
