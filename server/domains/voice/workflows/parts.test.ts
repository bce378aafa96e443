import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './rig.ts'

const { make, names, say, text } = await openPlanner()

test('what a request says and nothing is done of is told, and is no part of the name', async () => {
  for (const [request, unclear, name] of [
    ['every day at 8 tell me the news and my reminders', ['tell me the news'], 'My reminders'],
    ['every day at 8 list my reminders, my notes and the weather', ['list the weather'], 'List my reminders'],
    ['every day at 8 tell me my reminders, skipping holidays', ['skipping holidays'], 'Tell me my reminders'],
    ['every monday at 9 list my todos or my reminders', ['list my todos'], 'My reminders'],
    ['every monday at 9 list my finished todos', ['finished'], 'List my todos'],
    ['every weekday at 8 list my urgent todos', ['urgent'], 'List my todos'],
    ['every monday at 9 list my todos twice', ['twice'], 'List my todos'],
    ['every day at 7 until Christmas tell me my tasks', ['until Christmas'], 'Tell me my tasks'],
    ['every day at 7 tell me my tasks, starting 7 December', ['starting 7 December'], 'Tell me my tasks'],
    ['every day at 8 list my reminders and then delete them', ['delete them'], 'List my reminders'],
  ] as const) {
    const { proposal } = await say(request, request)
    assert.deepEqual([proposal?.unclear, proposal?.name], [unclear, name], request)
  }
  for (const request of [
    'each morning at 7 tell me the weather',
    'every day at 8 tell me what I should wear',
  ])
    assert.match(await text(request, request), /^I cannot make that yet\. I did not understand/, request)
  // Of what was understood nothing is told to be lost.
  for (const request of [
    'every day at 7 tell me what is on my calendar today',
    'every day at 22 read me my shopping list',
  ])
    assert.deepEqual((await say(request, request)).proposal?.unclear, [], request)
})

test('what is to be done again and again in words that nobody knows is not done now', async () => {
  for (const request of [
    'every noon list my todos',
    "every day at 8 don't list my todos",
    'each quarter list my tasks',
  ])
    assert.match(await text(request, request), /^Nothing is done: I did not understand how often/, request)
})

test('days of the week that are left out may come last, and "it" is the list that was read', async () => {
  const except = await say('every morning at 6:45 list my tasks, except on Sundays', 'except')
  assert.equal(except.proposal?.definition.trigger.conditions['cron'], '45 6 * * 1,2,3,4,5,6')
  assert.deepEqual(except.proposal?.unclear, [])
  const cleared = await say('every day at 9 tell me my to do list, then ask me and then clear it', 'cleared')
  const [last] = cleared.proposal?.definition.steps.slice(-1) ?? []
  assert.deepEqual([last?.agent_number, last?.action, last?.parameters], [4, 'remove', { list: 'to do' }])
  const noted = await say('every Sunday at 20:00 make a note that the week is over', 'noted')
  assert.deepEqual(noted.proposal?.definition.steps[0]?.parameters, { text: 'the week is over' })
})

test('a workflow is renamed whatever words its name has, and a yes is no name', async () => {
  await make('Remind me to drink water')
  await make('Make a list of links')
  const done = '“Remind me to drink water” is called “Drink” now.'
  assert.equal(await text('rename the workflow remind me to drink water to Drink', 'rename'), done)
  assert.equal(
    await text('rename "make a list of links" to “Links”', 'rename'),
    '“Make a list of links” is called “Links” now.',
  )
  await text('rename Drink', 'yes')
  assert.match(await text('yes', 'yes'), /^Sorry, I did not get that\. What should it be called\?$/)
  assert.equal(await text('Water', 'yes'), '“Drink” is called “Water” now.')
  assert.deepEqual((await names()).toSorted(), ['Links', 'Water'])
})

test('of several that are meant one is asked for, by its name or its place, and two at once are told', async () => {
  await make('Evening report')
  await make('Morning report')
  assert.match(await text('run the report', 'which'), /^Which one: “Evening report” or “Morning report”\?$/)
  assert.equal(await text('the second one', 'which'), 'Started “Morning report”.')
  await text('run the report', 'which')
  assert.equal(await text('the first', 'which'), 'Started “Evening report”.')
  await text('run the report', 'which')
  assert.doesNotMatch(await text('the third one', 'which'), /^Started/)
  for (const sentence of [
    'turn off evening report and morning report',
    'stop evening report and morning report',
  ])
    assert.equal(
      await text(sentence, 'both'),
      'Nothing is done: I take one workflow at a time, and not “Evening report” and “Morning report” at once.',
    )
  assert.equal(
    await text('stop the report', 'stop'),
    '“Evening report” is not running. “Morning report” is not running.',
  )
})
