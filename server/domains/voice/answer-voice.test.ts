import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import type { SayOptions, Speech } from '../speech/index.ts'
import { openMouth } from './mouth.ts'
import { settingsIn } from './settings.ts'
import type { VoiceTables } from './store.ts'

test('an answer is said by a voice of its own language, whichever the sentence was in', async (t) => {
  const { app, claim, remove } = await openTestApp()
  t.after(remove)
  const { user_id } = await claim()
  const said: Pick<SayOptions, 'language' | 'voice_id'>[] = []
  const voices = [
    { voice_id: 'flite-rms', name: 'rms', language: 'en-US' },
    { voice_id: 'espeak-de', name: 'de', language: 'de' },
  ]
  const speech = {
    facts: () => Promise.resolve({ voices }),
    languageOf: (text: string) => Promise.resolve(text.startsWith('Wann') ? 'de' : 'en'),
    say: ({ language, voice_id }: SayOptions) => {
      said.push({ language, voice_id })
      return Promise.resolve({ wav: new Uint8Array(4), duration: 1 })
    },
  } as unknown as Speech
  const settings = {
    ...(await settingsIn(app.kernel.store.reader.tables<VoiceTables>(), user_id)),
    voice_id: 'flite-rms',
  }
  const mouth = openMouth(app.kernel, speech, () => Promise.resolve(settings))
  for (const [language, text, wanted] of [
    ['de', 'Wann soll ich dich daran erinnern?', { language: 'de', voice_id: 'default' }],
    ['de', 'It is 14:51 on Friday, 27 November.', { language: 'en', voice_id: 'flite-rms' }],
    ['en', 'It is 14:51 on Friday, 27 November.', { language: 'en', voice_id: 'flite-rms' }],
    // Nobody here speaks Finnish, and most answers are in English.
    ['fi', 'It is 14:51 on Friday, 27 November.', { language: 'en', voice_id: 'flite-rms' }],
  ] as const) {
    const offer = await mouth.offers(user_id, language, settings, false)
    const [, id = ''] = /\/audio\/(.+)$/u.exec(offer?.(text) ?? '') ?? []
    const audio = mouth.answers['voice.audio']
    assert.ok(audio !== undefined && 'read' in audio)
    await (audio.read as (call: object, input: object) => Promise<unknown>)({ user_id }, { id })
    assert.deepEqual(said.splice(0), [wanted], text)
  }
  voices.pop()
  assert.notEqual(await mouth.offers(user_id, 'fi', settings, false), undefined)
  voices.pop()
  assert.equal(await mouth.offers(user_id, 'fi', settings, false), undefined)
})
