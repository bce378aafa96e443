import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Question } from './conversation.ts'
import { readReply } from './reply.ts'
import { openSpeaker } from './rig.ts'

const { app, user_id, clock } = await openSpeaker()
const { language } = app
const around = {
  now: clock.now(),
  time_zone: 'UTC',
  wake_words: [],
  active_agent: undefined,
  only_agent: undefined,
}
const understood = await language.understand(user_id, { ...around, text: 'forget everything about milk' })
const { meaning, parameters } = understood
assert.ok(meaning !== undefined)
const question: Question = { kind: 'confirm', meaning, parameters, question: 'Shall I?' }

async function planOf(text: string, sureness?: number) {
  const heard = { ...around, text }
  const fresh = await language.understand(user_id, heard)
  return (await readReply(language, user_id, question, fresh, heard, { sureness }))?.plan
}

test('a yes that was hardly heard is asked for again, once more and again, and a no counts however it was heard', async () => {
  assert.equal((await planOf('yes', 1))?.kind, 'execute')
  assert.equal((await planOf('yes', 0.4))?.kind, 'execute')
  const again = await planOf('yes', 0.16)
  assert.deepEqual(again, { ...question, question: 'Sorry, I did not get that. Shall I?' })
  assert.equal((await planOf('no', 0.1))?.kind, 'declined')
  // So a no is heard of some voices, however surely; typed it is a word like any other.
  assert.deepEqual(await planOf('now', 1), again)
  assert.equal(await planOf('now'), undefined)
})
