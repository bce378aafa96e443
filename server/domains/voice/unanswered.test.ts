import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'

test('a question back is not the answer to a question, and a text that was asked for may be one', async (t) => {
  const server = await openTestApp()
  t.after(() => server.remove())
  const { token } = await server.claim()
  const say = async (text_fallback: string): Promise<string> =>
    (await server.ask(token, 'voice.process', { text_fallback, language: 'en' })).response.text
  assert.match(await say('remind me to feed the cat'), /^When/)
  assert.doesNotMatch(await say('what day is it 100 days from now'), /I will remind you/)
  assert.match(await say('remind me to call bob'), /^When/)
  assert.match(await say('at six'), /call bob at 18:00/)
  assert.match(await say('remind me tomorrow at nine'), /^What/)
  assert.match(await say('what is the name of the dentist'), /what is the name of the dentist/i)
})
