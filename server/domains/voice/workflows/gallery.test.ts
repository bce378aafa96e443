import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './rig.ts'

const { make, names, say, text } = await openPlanner()

test('what is in the gallery is told, and taken once that is agreed to', async () => {
  assert.match(
    await text('what workflows can I install'),
    /^The gallery has: Morning briefing, Weekly review, /,
  )
  const { response, intent } = await say('install the habit reminder')
  assert.equal(intent.action, 'take_workflow')
  assert.match(response.text, /^Every evening at eight: .* Shall I make it, as “Habit reminder”\?$/)
  assert.equal((await names()).includes('Habit reminder'), false)
  assert.equal(await text('yes'), 'I have made “Habit reminder”. It runs first today at 20:00.')
  await text('add the habit reminder from the gallery')
  await text('yes')
  assert.deepEqual(
    (await names()).filter((name) => name.startsWith('Habit')),
    ['Habit reminder', 'Habit reminder 2'],
  )
  assert.match(await text('install the coffee machine'), /^The gallery has nothing called “coffee machine”\./)
})

test('a workflow of the gallery is no entry of a list unless one is named, and a second one is told of', async () => {
  assert.match(
    await text('add the link checker'),
    /^Nothing is done: “Link checker” is a workflow of the gallery\./,
  )
  assert.equal(
    await text('put the link checker on my to do list'),
    'Added the link checker to your to do list.',
  )
  assert.doesNotMatch(await text('install the link checker'), /You have/)
  assert.equal(await text('no'), 'All right, I leave it.')
  await make('weekly_review')
  assert.match(
    await text('install the weekly review'),
    /You have “weekly_review” already, and would have both\. Shall I make it, as “Weekly review 2”\?$/,
  )
  assert.equal(await text('no'), 'All right, I leave it.')
})

test('what no sentence can do with a workflow is told, and changes nothing', async () => {
  await make('Tidy')
  const before = await names()
  for (const [sentence, said] of [
    ['pause tidy until monday', /^Nothing is changed: I cannot switch “Tidy” on again by myself\./],
    ['snooze tidy for two weeks', /^Nothing is changed/],
    ['skip the next run of tidy', /^Nothing is changed/],
    ['pause all my workflows until monday', /^Nothing is changed: I cannot switch a workflow on again/],
    ['add a step to tidy that reads my shopping list', /^The steps of “Tidy” are changed in its file/],
    ['remove all workflows', /^Nothing is changed: I delete one workflow at a time\./],
  ] as const)
    assert.match(await text(sentence), said, sentence)
  assert.deepEqual(await names(), before)
})

test('workflows are counted, and one is said to be on or off', async () => {
  await make('Errands')
  await text('turn off errands')
  assert.equal(await text('what is paused'), '1 workflow is off: Errands.')
  assert.equal(await text('how many workflows are off'), '1 workflow is off: Errands.')
  assert.match(await text('how many workflows do I have'), /^You have \d workflows: .*Errands \(off\)/)
  assert.equal(await text('is errands on?'), '“Errands” is switched off.')
  assert.match(await text('is tidy off?'), /^“Tidy” is switched on\. It runs when you start it\./)
  assert.match(await text('show me the steps of tidy'), /^“Tidy”: When you start it, it runs one step\./)
})
