import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './rig.ts'

const { ask, clock, make, names, say, signed, text } = await openPlanner()

test('a proposal can be changed in time and name before it is agreed to, and asked about', async () => {
  assert.match(
    await text('every weekday at 8 list my tasks'),
    /^Every weekday at 08:00 .*as “List my tasks”\?$/,
  )
  assert.match(await text('no, at 18:00'), /^Every weekday at 18:00 .*as “List my tasks”\?$/)
  assert.match(await text('what would it do'), /^Every weekday at 18:00 /)
  assert.match(await text('call it Homework'), /^Every weekday at 18:00 .*as “Homework”\?$/)
  assert.match(await text('yes please but at 9'), /^Every weekday at 09:00 .*as “Homework”\?$/)
  assert.match(await text('yes'), /^I have made “Homework”\./)
  assert.deepEqual(await names(), ['Homework'])
})

test('whoever thinks better of it is understood, and nothing else is done', async () => {
  await make('Waits')
  for (const reply of ['no wait', 'hmm, not that one', 'wait', 'never mind']) {
    await text('delete the workflow homework')
    assert.equal(await text(reply), 'All right, I leave it.', reply)
  }
  assert.deepEqual(await names(), ['Homework', 'Waits'])
})

test('what exists is run once at another time, and moved where it is to run again and again', async () => {
  const once = await say('run homework tomorrow at 17:30')
  assert.match(once.response.text, /^Shall “Homework” run once, tomorrow at 17:30\?/)
  assert.equal(await text('yes'), '“Homework” runs tomorrow at 17:30 as well.')
  assert.deepEqual(await names(), ['Homework', 'Homework, once', 'Waits'])
  assert.match(await text('every day at 9 run waits'), /^Shall “Waits” run every day at 09:00/)
  assert.equal(await text('no'), 'All right, I leave it.')
  assert.match(
    await text('every day at 9 run the dishwasher'),
    /^You have no workflow called “the dishwasher”/,
  )
  assert.match(
    await text('in ten minutes run the dishwasher'),
    /^You have no workflow called “the dishwasher”/,
  )
})

test('what nobody understands leaves the question open, and says so', async () => {
  await say('every day at 10 tell me my agenda', 'open')
  const { response } = await say('hmm, polish the silver perhaps', 'open')
  assert.match(response.text, /^I did not understand that, and still ask whether to make it: /u)
  assert.equal(response.requires_followup, true)
  assert.match((await say('at 11', 'open')).response.text, /^Every day at 11:00 /u)
  assert.match((await say('and also list my notes', 'open')).response.text, /Notes & Memory: list/u)
  assert.match((await say('yes', 'open')).response.text, /^I have made “Tell me my agenda”/u)
})

test('a command in between does not lose a proposal without a word', async () => {
  await say('every day at 10 list my tasks', 'between')
  const { response } = await say('what is 2 plus 3', 'between')
  assert.equal(response.text, '2 plus 3 is 5. I still ask whether to make “List my tasks”.')
  assert.equal(response.requires_followup, true)
  assert.match((await say('at 11', 'between')).response.text, /^Every day at 11:00 /u)
  // What asks back itself takes its place.
  const asked = await say('remind me to eat', 'between')
  assert.equal(asked.response.text, 'I leave “List my tasks” for now. When should I remind you?')
  await say('tomorrow at 9', 'between')
  assert.match((await say('yes', 'between')).response.text, /^I have asked you nothing/u)
  await say('every day at 10 list my tasks', 'between')
  const other = await say('every day at 11 list my notes', 'between')
  assert.match(other.response.text, /^I leave “List my tasks” for now\. Every day at 11:00 /u)
  await say('stop', 'between')
  assert.match((await say('yes', 'between')).response.text, /^I have asked you nothing/u)
})

test('a no with another thing puts that in the place of what was proposed', async () => {
  await say('every day at 10 tell me my tasks', 'instead')
  const { proposal } = await say('no, my shopping list', 'instead')
  assert.deepEqual(proposal?.definition.steps[0]?.parameters, { list: 'shopping' })
  assert.equal(proposal?.definition.trigger.conditions['cron'], '0 10 * * *')
  assert.match((await say('and at 6 pm', 'instead')).response.text, /^Every day at 10:00 and 18:00 /u)
  assert.match((await say('and remind me to sing', 'instead')).response.text, /Remember to sing/u)
  // What is only proposed was not done wrongly: nothing else is learnt or done in its place.
  for (const reply of ['no, add milk to my list', 'no, my finished ones'])
    assert.match((await say(reply, 'instead')).response.text, /^I did not understand that, and still ask/u)
  await say('no', 'instead')
  assert.equal((await say('every day at 10 tell me my tasks', 'instead')).intent.action, 'create_workflow')
})

test('what is asked first stays before all that it was asked for', async () => {
  await say('every saturday at 10 make a backup', 'first')
  await say('and ask me first', 'first')
  const { proposal } = await say('also list my tasks', 'first')
  const steps = proposal?.definition.steps ?? []
  assert.deepEqual(
    steps.map(({ action, condition }) => [action, condition !== undefined]),
    [
      ['wait_for_approval', false],
      ['backup', true],
      ['list', true],
      ['notify', true],
    ],
  )
  await say('no', 'first')
})

test('what would lose its time is told, and days are left out in each language', async () => {
  await say('every weekday at 8 list my tasks', 'days')
  assert.match((await say('every other day', 'days')).response.text, /^I did not understand that, and still/u)
  assert.match((await say('remove the saturday', 'days')).response.text, /^Every weekday at 08:00/u)
  assert.match((await say('and on sundays', 'days')).response.text, /Friday and Sunday at 08:00/u)
  assert.match((await say('without fridays', 'days')).response.text, /Thursday and Sunday at 08:00/u)
  assert.match((await say('und nenne es Liste', 'days')).response.text, /as “Liste”\?$/u)
  assert.match((await say('i meant evening', 'days')).response.text, /Sunday at 18:00/u)
  assert.match(
    (await say('call it Early and make it at 7', 'days')).response.text,
    /^I did not understand that/u,
  )
  // What is only asked about is not done: to undo it is to leave it.
  assert.equal((await say('undo', 'days')).response.text, 'All right, I leave it.')
  await say('cada día a las 8 dime mis recordatorios', 'tags')
  assert.match((await say('no los viernes', 'tags')).response.text, /Thursday, Saturday and Sunday at 08:00/u)
  assert.match((await say('y llámalo Lista', 'tags')).response.text, /as “Lista”\?$/u)
  const named = await say('every weekday at 8 list my tasks and call it Morning tasks', 'named')
  assert.equal(named.proposal?.name, 'Morning tasks')
})

test('a time in another language and one for a workflow of the gallery change what is proposed', async () => {
  await say('jeden Werktag um 8 sage mir meine Erinnerungen', 'german')
  assert.match((await say('nein, um 9', 'german')).response.text, /^Every weekday at 09:00 /u)
  await say('cada día a las 8 dime mis recordatorios', 'spanish')
  assert.match((await say('no, a las 9', 'spanish')).response.text, /^Every day at 09:00 /u)
  await say('install weekly review', 'gallery')
  const { response } = await say('at 17', 'gallery')
  assert.equal(response.text, 'Shall I make “Weekly review”, which runs every Sunday at 17:00?')
  const { workflow_id = '', response: made } = await say('yes', 'gallery')
  assert.match(made.text, /^I have made “Weekly review”/u)
  const { trigger } = (await ask(await signed(), 'workflows.get', { id: workflow_id })).definition
  assert.equal(trigger.conditions['cron'], '0 17 * * 0')
})

test('what changes a proposal in a way that cannot be done leaves it as it is, and is told', async () => {
  await say('every day at 8 list my tasks', 'kept')
  for (const reply of ['only if there are any', 'starting tomorrow', 'without the list']) {
    const { response } = await say(reply, 'kept')
    assert.match(response.text, /^I did not understand that, and still ask whether to make it: /u, reply)
  }
  const { response } = await say('all right, make it', 'kept')
  assert.match(response.text, /^I have made “List my tasks”\. It runs first tomorrow at 08:00\.$/)
  await say('every day at 8 list my tasks', 'other')
  assert.equal((await say('add milk to my shopping list', 'other')).intent.action, 'add')
})

test('"it" is what is proposed, and what is done beside it leaves one question', async () => {
  await make('Weekly digest')
  clock.advance(1)
  await say('every day at 17 list my tasks', 'it')
  for (const reply of ['turn it off', 'run it'])
    assert.match((await say(reply, 'it')).response.text, /^I did not understand that, and still ask/u, reply)
  assert.match((await say('rename it to Zorro', 'it')).response.text, /as “Zorro”\?$/u)
  clock.advance(1_000)
  assert.match((await say('add rice to my shopping list', 'it')).response.text, /^Added rice/u)
  assert.match((await say('undo', 'it')).response.text, /^Undone: Added rice .* I still ask/u)
  // What needs proof may be asked about again, and would take the place of the proposal.
  assert.equal(
    (await say('turn off the weekly digest', 'it')).response.text,
    'I leave “Zorro” for now. “Weekly digest” is switched off.',
  )
  assert.match((await say('yes', 'it')).response.text, /^I have asked you nothing/u)
})
