import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SpeechEngines } from '../../../contract/speech.ts'
import { openTestApp } from '../../../test/app.ts'
import { openSpeech } from './index.ts'

const opened = await openTestApp()
after(() => opened.remove())

const whisper = (name: string): SpeechEngines[number] => ({
  type: 'whisper',
  role: 'stt',
  name,
  url: 'http://127.0.0.1:8089',
  allow_remote: false,
  order: -1,
})

const silent = () => Promise.reject(new Error('Nobody answers.'))

test('who looks is told of the engines as they are configured now, and whether they answer', async (t) => {
  const here = { configured: [whisper('first')], answers: true }
  const speech = openSpeech(opened.app.kernel, {
    egress: {
      request: () => (here.answers ? Promise.resolve(new Response('')) : silent()),
      connect: silent,
    } as unknown as Parameters<typeof openSpeech>[1]['egress'],
    lend: () => Promise.reject(new Error('Nothing is lent.')),
    owner: () => 'ann',
    engines: () => here.configured,
    places: { libraries: [], models: [] },
  })
  t.after(() => speech.close())
  const seen = async (how?: { isFresh: boolean }) =>
    (await speech.facts(how)).engines
      .filter(({ name, kind }) => kind === 'stt' && name !== 'pocketsphinx')
      .map(({ name, ok }) => `${name} ${ok}`)
  assert.deepEqual(await seen(), ['first true'])
  here.configured = [whisper('second'), whisper('third')]
  here.answers = false
  assert.deepEqual(await seen({ isFresh: true }), ['second false', 'third false'])
  assert.deepEqual(await seen(), ['second false', 'third false'])
})
