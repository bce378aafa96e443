import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { app, ask, token, say } = await openSpeaker()

/** Says a sentence and asks why it went where it went. */
async function why(text_fallback: string, context: object = {}): Promise<string> {
  const place = { conversation_id: text_fallback.slice(0, 100) }
  await ask(token, 'voice.process', { text_fallback, context: { ...place, ...context } })
  return (await say('explain routing', 'why')).response.text
}

test('a phrase, a guess and a sentence that nobody understands are told apart', async () => {
  assert.match(await why('what is 2 plus 3'), /a phrase of agent 5.* 100 % confidence/)
  const guess = await why('dentist at 4pm')
  assert.match(guess, /I guessed it from what people say, with \d\d % confidence\. Scores: Reminders/)
  assert.match(guess, /Next would have been agent \d/)
  assert.match(guess, /It was \d\d % like anything that your agents do/)
  const none = await why('blorp the fnargle twice')
  assert.match(none, /It was not understood\. Nothing fitted/)
})

test('the agent of the conversation is told, and whether it decided', async () => {
  assert.match(
    await why('what is 4 plus 5', { active_agent: 5 }),
    /Agent 5 had the benefit of the doubt, which changed nothing/,
  )
  assert.match(await why('what is 6 plus 5'), /No agent had the benefit of the doubt/)
})

test('a language model is told of when it was asked, and what it did', async () => {
  app.language.chooseWith(({ options }) => Promise.resolve({ choice: options[0]?.choice ?? '' }))
  const chose = await why('dentist at 5pm')
  assert.match(chose, /A language model was asked and chose this\./)
  app.language.chooseWith(() => Promise.reject(new Error('down')))
  assert.match(await why('dentist at 6pm'), /asked and failed, so that my own guess stood\./)
  assert.match(await why('what is 7 plus 5'), /No language model was asked\.$/)
  const { commands } = await ask(token, 'voice.commands', {})
  assert.equal(commands.find(({ text }) => text === 'dentist at 5pm')?.tier, 'model')
})

test('what went on from the last sentence says so', async () => {
  await say('set a timer for five minutes', 'on')
  await say('make it six', 'on')
  assert.match(
    (await say('explain routing', 'on')).response.text,
    /It goes on from “set a timer for five minutes”/,
  )
})
