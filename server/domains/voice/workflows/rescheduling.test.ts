import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SET, openPlanner } from './rig.ts'

const ann = await openPlanner()
const { text, say, make, look, names } = ann
const at = (cron: string) => ({
  trigger: { type: 'schedule' as const, conditions: { cron, timezone: 'Europe/Berlin' } },
})
const news = await make('Morning news', at('0 7 * * 1-5'))
await make('Tidy')
const cron = async (id: string) => {
  const { definition } = await ann.ask(await ann.signed(), 'workflows.get', { id })
  return definition.trigger.conditions['cron']
}

test('another time is asked about with what it was, and keeps the days that were not said', async () => {
  for (const [sentence, expected] of [
    ["change morning news to 9 o'clock", '0 9 * * 1-5'],
    ['make morning news run at 9:30', '30 9 * * 1-5'],
    ['run morning news at noon instead', '0 12 * * 1-5'],
    ['reschedule the morning news workflow', undefined],
    ['let morning news run every sunday at 8', '0 8 * * 0'],
    ['move morning news to 6 am', '0 6 * * 0'],
    ['set the time of morning news to every friday', '0 6 * * 5'],
  ] as const) {
    const before = await cron(news.id)
    const asked = await text(sentence)
    if (expected === undefined) {
      assert.equal(asked, 'When should it run?')
      await say('no')
      continue
    }
    assert.match(asked, /^Shall “Morning news” run every .*, instead of every .*\?$/, sentence)
    assert.equal(await cron(news.id), before)
    assert.match(await text('yes'), /^“Morning news” runs every .* now\. It runs next /)
    assert.equal(await cron(news.id), expected, sentence)
  }
  await say('undo')
  assert.equal(await cron(news.id), '0 6 * * 0')
})

test('a workflow that is there is moved, and none made that would start it', async () => {
  const before = (await ann.names()).length
  for (const sentence of ['make morning news run every friday at 18:00', 'run morning news every 6 hours']) {
    assert.match(await text(sentence), /^Shall “Morning news” run every .*, instead of every .*\?$/, sentence)
    await text('no')
  }
  assert.equal((await ann.names()).length, before)
})

test('a bare hour is the half of the day that the workflow runs in, and the description says the new time', async () => {
  await text('every morning at 8 make a briefing from my notes')
  await text('yes')
  await text('rename it to paper')
  const { id = '' } =
    (await ann.ask(await ann.signed(), 'workflows.list', {})).workflows.find(
      ({ name }) => name === 'paper',
    ) ?? {}
  const described = async () => (await ann.ask(await ann.signed(), 'workflows.get', { id })).description
  for (const [sentence, expected] of [
    ['make the paper run at 9', '0 9 * * *'],
    ['make it run at six', '0 6 * * *'],
    ['change it to half past 5', '30 5 * * *'],
    ['make it run at 11', '0 11 * * *'],
    ['make it run at 12', '0 12 * * *'],
    ['make it run at 9', '0 9 * * *'],
    ['make it run at 2', '0 14 * * *'],
    ['make it run at 6', '0 18 * * *'],
    ['make it run at 9 am', '0 9 * * *'],
    ['make it run at 6 pm', '0 18 * * *'],
  ] as const) {
    assert.match(await text(sentence), /^Shall “paper” run every day at /, sentence)
    await text('yes')
    assert.equal(await cron(id), expected, sentence)
  }
  assert.equal(await described(), 'Every day at 18:00 make a briefing from my notes')
  await text('undo')
  assert.equal(await described(), 'Every day at 09:00 make a briefing from my notes')
  await ann.ask(await ann.signed(), 'workflows.delete', { id })
})

test('a name that no workflow has is told, and becomes no reminder', async () => {
  assert.match(await text('make the sunrise run at 9'), /^You have no workflow called “the sunrise”\./)
  assert.match(await text('change the schedule of sunrise to 9'), /^You have no workflow called “sunrise”\./)
})

test('what is no time changes nothing and is said', async () => {
  assert.equal(
    await text('make morning news run at 25:00'),
    'I have not changed “Morning news”. 25:00 is no time of the day.',
  )
  assert.match(await text('change morning news to purple'), /^I have not changed “Morning news”\. Say when/)
  assert.equal(await cron(news.id), '0 6 * * 0')
})

test('a workflow that is started by hand gets a schedule of every day', async () => {
  assert.match(
    await text('make tidy run at 18:00'),
    /^Shall “Tidy” run every day at 18:00 .*, instead of when you start it\?$/,
  )
  await say('no')
})

test('what comes next and on a day, what is off, and the last runs are told', async () => {
  assert.match(
    await text('what runs next'),
    /^By schedule next runs “Morning news” on 29 November at 06:00\.$/,
  )
  assert.equal(await text('what runs tomorrow'), 'No workflow runs by its schedule tomorrow.')
  assert.equal(await text('which workflows are off'), 'No workflow is off.')
  await say('turn off tidy')
  assert.equal(await text('which workflows are switched off'), '1 workflow is off: Tidy.')
  assert.equal(await text('which of my workflows are on'), '1 workflow is on: Morning news.')
  assert.equal(await text('show me the history of tidy'), '“Tidy” has never run.')
  for (let run = 0; run < 2; run += 1) await look((await say('run tidy')).workflow_execution_id)
  assert.equal(
    await text('show me the last runs of tidy'),
    'The last 2 runs of “Tidy”: today at 11:00 and completed; today at 11:00 and completed.',
  )
  assert.match(await text('is morning news still there'), /^“Morning news”: Every Sunday at 06:00/)
})

test('all workflows are not switched at once, which is said clearly', async () => {
  await make('Other', { steps: [SET] })
  for (const sentence of [
    'turn all workflows off',
    'pause all workflows',
    'switch off all my automations',
    'turn all workflows back on',
  ]) {
    const said = await text(sentence)
    assert.equal(
      said,
      'Nothing is changed: I switch one workflow at a time. On are “Morning news” and “Other”. Say it for each, such as “turn off Morning news”.',
      sentence,
    )
  }
  assert.deepEqual(await names(), ['Morning news', 'Other', '(Tidy)'])
})
