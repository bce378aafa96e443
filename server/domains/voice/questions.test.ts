import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const ann = await openSpeaker()
const { say, hear, clock } = ann

/** What is on the to do list, as it is said. */
async function list(): Promise<string> {
  return (await hear('what is on my to do list', 'looking'))[1]
}

async function refill(): Promise<void> {
  await say('remove milk, bread and eggs from my list', 'refill')
  await say('yes', 'refill')
  await say('add milk, bread and eggs to my list', 'refill')
}

test('a missing slot is asked for, and the next sentence fills it', async () => {
  const asked = await say('set a timer', 'a')
  assert.deepEqual(
    [asked.response.text, asked.response.requires_followup, asked.command_understood],
    ['For how long?', true, true],
  )
  assert.deepEqual([asked.execution_id, asked.intent.entities], [undefined, {}])
  const done = await say('ten minutes', 'a')
  assert.deepEqual([done.intent.action, done.intent.entities], ['timer', { seconds: 600 }])
  assert.equal(done.agent_response?.success, true)
  assert.equal(done.response.requires_followup, false)
  assert.equal(done.agent_routing.reason, 'It answers my question.')
})

test('two missing slots are asked for one after the other, and nothing is done before the last', async () => {
  assert.equal((await hear('remind me to', 'b'))[1], 'What should I remind you of?')
  const second = await say('call the bank', 'b')
  assert.equal(second.response.text, 'When should I remind you?')
  assert.equal(second.execution_id, undefined)
  const done = await say('tomorrow at nine', 'b')
  assert.deepEqual(done.intent.entities, { text: 'call the bank', at: '2026-11-23T09:00:00+01:00' })
  assert.equal(done.response.text, 'I will remind you to call the bank tomorrow at 09:00.')
})

test('a time may be answered with a length of time', async () => {
  await say('remind me to stretch', 'c')
  const done = await say('in ten minutes', 'c')
  assert.deepEqual(done.intent.entities['at'], '2026-11-22T11:10:00+01:00')
  await say('remind me to stretch', 'c')
  assert.equal((await say('half an hour', 'c')).agent_response?.success, true)
})

test('an answer that is no value is asked for again, and the apology does not pile up', async () => {
  await say('set a timer', 'd')
  for (let time = 0; time < 3; time += 1) {
    const [, text] = await hear('purple monkeys', 'd')
    assert.equal(text, 'Sorry, I did not get that. For how long?')
  }
  assert.equal((await say('five minutes', 'd')).agent_response?.success, true)
})

test('an answer of separators alone is no list of items', async () => {
  await say('add to my list', 'e')
  for (const text of [',', ' ; ', '...']) {
    const [action, asked] = await hear(text, 'e')
    assert.deepEqual([action, asked], ['add', 'Sorry, I did not get that. What should I add?'], text)
  }
  assert.equal((await say('never mind', 'e')).response.text, 'All right, I leave it.')
})

test('a question can be declined, and is then closed', async () => {
  for (const no of ['no', 'cancel', 'never mind', "don't"]) {
    await say('set a timer', 'f')
    const declined = await say(no, 'f')
    assert.equal(declined.response.text, 'All right, I leave it.', no)
    assert.deepEqual([declined.execution_id, declined.response.requires_followup], [undefined, false])
  }
  assert.notEqual((await say('ten minutes', 'f')).intent.action, 'timer')
})

test('a destructive action on more than one item asks although its words are plain, and a yes does it', async () => {
  await refill()
  const asked = await say('remove milk and bread from my list', 'g')
  assert.equal(asked.response.text, 'That removes 2 items: milk and bread. Shall I?')
  assert.deepEqual([asked.response.requires_followup, asked.execution_id], [true, undefined])
  assert.match(await list(), /milk/)
  assert.equal((await say('yes', 'g')).response.text, 'Removed milk and bread from your to do list.')
  assert.doesNotMatch(await list(), /milk|bread/)
  assert.match(await list(), /eggs/)
})

test('on one item a plain destructive command does not ask', async () => {
  await refill()
  assert.equal((await hear('remove milk from my list', 'h'))[1], 'Removed milk from your to do list.')
})

test('a declined confirmation removes nothing, and a later yes finds no question', async () => {
  await refill()
  await say('remove milk and bread from my list', 'i')
  assert.equal((await hear('no', 'i'))[1], 'All right, I leave it.')
  assert.equal((await say('yes', 'i')).execution_id, undefined)
  assert.match(await list(), /milk and bread|milk, bread/)
})

test('two minutes after a question nothing answers it any more', async () => {
  await refill()
  await say('remove milk and bread from my list', 'j')
  clock.advance(120_000)
  assert.equal((await say('yes', 'j')).execution_id, undefined)
  assert.match(await list(), /milk/)
  await say('remove milk and bread from my list', 'j')
  clock.advance(119_999)
  assert.equal((await hear('yes', 'j'))[1], 'Removed milk and bread from your to do list.')
})

test('a yes in another conversation answers nothing, and leaves the question open', async () => {
  await refill()
  await say('remove milk and bread from my list', 'k')
  assert.equal((await say('yes', 'elsewhere')).execution_id, undefined)
  assert.match(await list(), /milk/)
  assert.equal((await hear('yes', 'k'))[1], 'Removed milk and bread from your to do list.')
})

test('a later question takes the place of the earlier one', async () => {
  await refill()
  await say('remove milk and bread from my list', 'l')
  assert.equal((await hear('set a timer', 'l'))[1], 'For how long?')
  assert.equal((await say('yes', 'l')).execution_id, undefined)
  assert.match(await list(), /milk/)
})

test('a whole command of its own is done in place of an answer, and closes the question', async () => {
  await refill()
  await say('set a timer', 'm')
  assert.equal((await hear('what is 2 plus 3', 'm'))[1], '2 plus 3 is 5.')
  assert.notEqual((await say('ten minutes', 'm')).intent.action, 'timer')
  await say('remove milk and bread from my list', 'm')
  await say('what is 2 plus 3', 'm')
  assert.equal((await say('yes', 'm')).execution_id, undefined)
  assert.match(await list(), /milk/)
})

test('what is neither yes nor no does nothing of what was asked about', async () => {
  await refill()
  for (const reply of ['hmm', 'purple seven of the under', 'yes but only the milk', '?']) {
    await say('remove milk and bread from my list', 'n')
    const { execution_id, intent } = await say(reply, 'n')
    assert.ok(execution_id === undefined || intent.action !== 'remove', reply)
  }
  assert.match(await list(), /milk/)
})

test('"stop" with an open question is the stop that it says, and closes the question', async () => {
  await refill()
  await say('remove milk and bread from my list', 'o')
  const stopped = await say('stop', 'o')
  assert.deepEqual([stopped.intent.action, stopped.agent_routing.global_command], ['stop', true])
  assert.equal((await say('yes', 'o')).execution_id, undefined)
  await say('set a timer', 'o')
  assert.equal((await say('stop', 'o')).intent.action, 'stop')
})

test('a dry run neither opens, answers nor closes a question', async () => {
  await refill()
  const context = { conversation_id: 'p' }
  const dry = (text_fallback: string) =>
    ann.ask(ann.token, 'voice.process', { text_fallback, context, dry_run: true })
  assert.equal((await dry('remove milk and bread from my list')).intent.action, 'remove')
  assert.equal((await say('yes', 'p')).execution_id, undefined)
  await say('remove milk and bread from my list', 'p')
  assert.equal((await dry('yes')).execution_id, undefined)
  assert.equal((await dry('no')).intent.action, 'remove')
  assert.match(await list(), /milk/)
  assert.equal((await hear('yes', 'p'))[1], 'Removed milk and bread from your to do list.')
})

test('which timer is meant is asked, and answered by its length, its place or all of them', async () => {
  await say('cancel all timers', 'which 0')
  await say('yes', 'which 0')
  const two = async (key: string) => {
    await say('set a timer for 20 minutes', key)
    await say('set a timer for 40 minutes', key)
    return say('cancel the timer', key)
  }
  const asked = await two('which 1')
  assert.equal(asked.response.requires_followup, true)
  assert.match(
    asked.response.text,
    /^Which one should I cancel: 20 minute timer at .* and 40 minute timer at .*\?$/,
  )
  assert.match((await say('the 40 minute one', 'which 1')).response.text, /^Cancelled: 40 minute timer at /)
  assert.match((await say('cancel the timer', 'which 1')).response.text, /^Cancelled: 20 minute timer at /)
  await two('which 2')
  assert.match((await say('the second one', 'which 2')).response.text, /^Cancelled: 40 minute timer at /)
  await say('set a timer for 40 minutes', 'which 2')
  await say('cancel the timer', 'which 2')
  assert.match((await say('both', 'which 2')).response.text, /^That cancels 2 reminders: .* Shall I\?$/)
  assert.match((await say('yes', 'which 2')).response.text, /^Cancelled: 20 minute .* and 40 minute /)
})

test('things that are not named yet are asked for', async () => {
  const asked = await say('add something to my party list', 'something')
  assert.deepEqual([asked.response.text, asked.response.requires_followup], ['What should I add?', true])
  assert.equal((await say('balloons', 'something')).response.text, 'Added balloons to your party list.')
})

test('things for two lists are none, and it is said how to add them', async () => {
  const { response } = await say('add milk to my shopping list and tape to the hardware list', 'lists')
  assert.equal(
    response.text,
    'That is two things, and I do one at a time: say “add milk to my shopping list” first, and then “add tape to the hardware list”.',
  )
  assert.equal(
    (await hear('show my hardware list', 'lists'))[1].startsWith('Your hardware list is empty'),
    true,
  )
})

test('a reply that is a phrase of the same action says with it what was asked for', async () => {
  await say('remind me at ten', 'phrase')
  const { intent, response } = await say('remind me to buy stamps', 'phrase')
  assert.equal(intent.entities['text'], 'buy stamps', response.text)
})

test('a question, a word to somebody else and a sound are put on no list unasked', async () => {
  for (const text of [
    'steht Milch auf meiner Einkaufsliste',
    'ich habe ihr gesagt, sie soll Butter auf die Einkaufsliste setzen',
    'hay leche en mi lista de la compra',
    'Tom, add milk to your shopping list',
    'add an agent with the name Cellar',
  ]) {
    const { response, intent } = await say(text, `unasked ${text}`)
    assert.ok(intent.action !== 'add' || response.requires_followup, `${text}: ${response.text}`)
  }
  assert.equal((await hear('add um, sugar to my cake list', 'um'))[1], 'Added sugar to your cake list.')
  assert.equal(
    (await hear('is there any sugar on my cake list', 'um'))[1],
    'Yes: on your cake list there is sugar.',
  )
  assert.equal((await hear('add to my cake list', 'um'))[1], 'What should I add?')
})
