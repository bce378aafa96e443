import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'

test('what is said to somebody else, quoted or recalled is asked about, and the same said plainly is done', async (t) => {
  const { ask, claim, remove } = await openTestApp()
  t.after(remove)
  const { token } = await claim()
  let conversations = 0
  const asks = async (text_fallback: string) => {
    conversations += 1
    const context = { conversation_id: `overheard ${conversations}` }
    const { command_understood, response } = await ask(token, 'voice.process', {
      text_fallback,
      context,
      dry_run: true,
    })
    return !command_understood || response.requires_followup
  }
  const pairs: [string, string][] = [
    ['Remember the big tent is blue, kids!', 'Remember the big tent is blue.'],
    ['Mum, add milk to the shopping list.', 'Add milk to the shopping list.'],
    ['"Add salt and stir."', 'Add salt.'],
    ['Remember that awful holiday?', 'Remember that the holiday was awful.'],
    [
      'Make a note of that, said the judge, and the whole court laughed.',
      'Make a note that the court sits on Monday.',
    ],
    ["Add another plate, Clive's brought a girlfriend.", 'Add plates to the party list.'],
    ['Make a note of that face, boys, he is blue.', 'Make a note of the key: it is blue.'],
    ['Remember your manners.', 'Remember my locker number is 12.'],
    ['Can you remember what she wore, Ann?', 'Can you remember that she wore blue, please?'],
    ["Schindler's List made me weep for days.", 'Shopping list: rice and beans.'],
    ['File that under things I never wanted to know.', 'Remember that the garage code is 12.'],
    ['We have run out of patience.', 'We have run out of flour, I’m afraid.'],
  ]
  for (const [overheard, ordered] of pairs)
    assert.deepEqual([await asks(overheard), await asks(ordered)], [true, false], `${overheard} / ${ordered}`)
  // Stopping is never asked about, quoted or not.
  assert.equal(await asks('"stop"'), false)
})

test('a guess with a word that nobody says to an agent is asked about, and one that has it as a value is not', async (t) => {
  const { ask, claim, remove } = await openTestApp()
  t.after(remove)
  const { token } = await claim()
  const confidence = async (text_fallback: string) => {
    const { intent } = await ask(token, 'voice.process', { text_fallback, dry_run: true })
    return intent.confidence
  }
  const [known, strange] = [
    await confidence('is anything coming up'),
    await confidence('is a blizzard coming up'),
  ]
  assert.ok(known >= 0.85, String(known))
  assert.ok(strange < 0.85, String(strange))
})

test('what only tells of something is no order to take it away, and who asks after it adds nothing', async (t) => {
  const { ask, claim, remove } = await openTestApp()
  t.after(remove)
  const { token } = await claim()
  const intent = async (text_fallback: string) =>
    (await ask(token, 'voice.process', { text_fallback, dry_run: true })).intent.action
  assert.equal(await intent('my alarm is at 7'), 'unknown')
  assert.equal(await intent('who added milk to the list'), 'unknown')
  for (const text of ['create an agent called House', 'move the dentist reminder to Friday'])
    assert.ok(!['delete_agent', 'cancel'].includes(await intent(text)), text)
  for (const order of ['the cake is done, stop the timer', 'the timer is ringing, turn it off'])
    assert.equal(await intent(order), 'cancel', order)
})

test('what is never meant so is not even asked about: a yes would do another thing than was wished for', async (t) => {
  const { ask, claim, remove } = await openTestApp()
  t.after(remove)
  const { token } = await claim()
  const intent = async (text_fallback: string) =>
    (await ask(token, 'voice.process', { text_fallback, dry_run: true })).intent.action
  for (const [unmeant, other, meant, action] of [
    ['resume everything', 'stop', 'would you cease everything', 'stop'],
    ['cancel everything on Monday', 'stop', 'kill whatever is running now', 'stop'],
    ['make a copy of the weekly review', 'backup', 'put a copy of all my data aside', 'backup'],
    ['delete the first one', 'delete_agent', 'throw agent 25 away', 'delete_agent'],
    ['when is my next backup', 'list_backups', 'which backups are there', 'list_backups'],
    ["don't put beer on the shopping list", 'add', "don't forget to put beer on the shopping list", 'add'],
    ['never run agent 7 again', 'switch_agent_on', 'what waits for my approval', 'status'],
  ] as const) {
    assert.notEqual(await intent(unmeant), other, unmeant)
    assert.equal(await intent(meant), action, meant)
  }
})

test('a question that no phrase takes is looked for as a whole among what was said', async (t) => {
  const { ask, claim, remove } = await openTestApp()
  t.after(remove)
  const { token } = await claim()
  await ask(token, 'voice.process', { text_fallback: 'remember that I parked on level 3' })
  const { response } = await ask(token, 'voice.process', { text_fallback: 'where did I park' })
  assert.equal(response.text, 'You said: you parked on level 3.')
})
