import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrol } from '../../../../test/passkeys.ts'
import { FAILS, SET, WAITS, openPlanner } from './rig.ts'

const ann = await openPlanner()
const { say, text, make, look, names, clock } = ann
const DAILY = { type: 'schedule' as const, conditions: { cron: '0 8 * * 1-5' } }
await make('Morning briefing', { trigger: DAILY })
await make('Backup of photos', { steps: [FAILS] })
await make('Backup of letters', { steps: [WAITS] })
await make('Tea', { trigger: { type: 'voice_command', conditions: { phrase: 'make tea' } } })

/** What the same question is answered, however it is put. */
async function all(sentences: readonly string[], answer: string | RegExp): Promise<void> {
  for (const sentence of sentences) {
    const said = await text(sentence, 'all')
    if (typeof answer === 'string') assert.equal(said, answer, sentence)
    else assert.match(said, answer, sentence)
    await say('no', 'all')
  }
}

test('a deletion is asked about with the name and what starts it, and nothing is deleted without a yes', async () => {
  const before = await names()
  await all(
    [
      'delete the workflow morning briefing',
      'remove workflow Morning Briefing',
      'delete the morning briefing workflow',
      'delete the morning briefing',
      'get rid of my morning briefing automation',
    ],
    'Shall I delete “Morning briefing”? It runs every weekday at 08:00.',
  )
  await say('delete the tea workflow', 'other')
  await say('yes', 'elsewhere')
  assert.deepEqual(await names(), before)
})

test('what was deleted comes back with "undo", with its schedule, and is taken back but once', async () => {
  assert.match(await text('delete the morning briefing', 'undo'), /^Shall I delete/)
  assert.equal(await text('yes', 'undo'), 'I have deleted “Morning briefing”. Say “undo” to have it back.')
  assert.ok(!(await names()).includes('Morning briefing'))
  assert.equal(await text('undo', 'undo'), 'Undone: Deleted the workflow Morning briefing.')
  assert.ok((await names()).includes('Morning briefing'))
  assert.match(
    await text('when does the morning briefing run next'),
    /^“Morning briefing” runs next tomorrow at 08:00\./,
  )
  assert.equal(await text('undo', 'undo'), 'That would take back: Created the workflow Tea. Shall I?')
  await say('no', 'undo')
})

test('what runs is stopped by a deletion, which is said before, and an undo does not start it again', async () => {
  const { workflow_execution_id } = await say('run the backup of letters')
  await look(workflow_execution_id)
  assert.equal(
    await text('delete the backup of letters', 'runs'),
    'Shall I delete “Backup of letters”? It runs when you start it. What runs of it is stopped.',
  )
  await say('yes', 'runs')
  assert.equal((await look(workflow_execution_id)).status, 'stopped')
  await say('undo', 'runs')
  assert.equal((await look(workflow_execution_id)).status, 'stopped')
  assert.ok((await names()).includes('Backup of letters'))
})

test('with a passkey a deletion waits for it, and nothing is gone before', async () => {
  const bob = await openPlanner()
  await bob.make('Tidy')
  await enrol(bob, bob.token)
  await bob.say('delete the tidy workflow')
  const waits = await bob.say('yes')
  assert.match(waits.response.text, /^That waits for your passkey/)
  const { approvals } = await bob.ask(bob.token, 'approvals.list', {})
  assert.deepEqual(
    approvals.map(({ operation, status }) => [operation, status]),
    [['workflows.delete', 'pending']],
  )
  assert.deepEqual([waits.workflow_id, await bob.names()], [undefined, ['Tidy']])
})

test('why a workflow failed is told with the reason, and how it fared since', async () => {
  const why = [
    'why did the backup of photos fail',
    'why did the backup of photos workflow fail',
    'what went wrong with the workflow backup of photos',
    'why has the photos backup failed today',
  ]
  await all(why, '“Backup of photos” has never run.')
  await look((await say('run the backup of photos')).workflow_execution_id)
  await all(why, /^“Backup of photos” failed today at 11:00: bad: I cannot find "plutonium" on your lists\.$/)
  await all(
    ['why did the backup of photos fail yesterday'],
    /^“Backup of photos” did not fail yesterday\. It last ran today at 11:00 and failed/,
  )
  await look((await say('run the morning briefing')).workflow_execution_id)
  await all(
    ['why did the morning briefing fail', 'what is wrong with the morning briefing workflow'],
    '“Morning briefing” has not failed. It last ran today at 11:00 and completed.',
  )
})

test('when a workflow runs next is told with what starts it', async () => {
  await all(
    [
      'when does the morning briefing run next',
      'when does the morning briefing run',
      'when will the workflow morning briefing run again',
      'when is the next run of the morning briefing workflow',
    ],
    '“Morning briefing” runs next tomorrow at 08:00. It runs every weekday at 08:00.',
  )
  await all(['when does tea run next'], '“Tea” has no next time. It runs when you say "make tea".')
  await say('turn off tea')
  await all(['when does tea run next'], '“Tea” is switched off, and so does not run.')
  await say('turn tea back on')
})

test('a workflow is switched and shown by every way to say it', async () => {
  for (const [sentence, answer] of [
    ['switch the morning briefing off', '“Morning briefing” is switched off.'],
    [
      'turn the morning briefing back on',
      '“Morning briefing” is switched on. It runs first tomorrow at 08:00.',
    ],
    ['switch off the workflow morning briefing', '“Morning briefing” is switched off.'],
    [
      'turn the workflow morning briefing back on',
      '“Morning briefing” is switched on. It runs first tomorrow at 08:00.',
    ],
    ['turn back on the morning briefing workflow', '“Morning briefing” is switched on already.'],
  ] as const)
    assert.equal(await text(sentence), answer, sentence)
  await all(
    [
      'show me the workflow morning briefing',
      'show me the morning briefing',
      'tell me about the morning briefing workflow',
    ],
    /^“Morning briefing”: Every weekday at 08:00, it runs one step\./,
  )
  clock.advance(60_000)
  await all(
    [
      'how did the morning briefing do',
      'how did the workflow morning briefing go',
      'how is the morning briefing doing',
    ],
    '“Morning briefing” last ran today at 11:00 and completed.',
  )
})

const VERBS = [
  'delete the X workflow',
  'why did the X workflow fail',
  'when does the workflow X run next',
  'show me workflow X',
  'how did the X workflow do',
  'turn the X workflow back on',
  'switch workflow X off',
]

test('of a name that is none the nearest is told, and of one that fits several it is asked which', async () => {
  for (const verb of VERBS) {
    const say_it = (name: string) => text(verb.replace('X', name), 'which')
    assert.equal(
      await say_it('mourning breefings'),
      'You have no workflow called “mourning breefings”. The nearest is “Morning briefing”.',
      verb,
    )
    assert.match(
      await say_it('zeppelin'),
      /^You have no workflow called “zeppelin”\. Yours: “Backup of letters”, /,
      verb,
    )
    assert.equal(await say_it('backup'), 'Which one: “Backup of letters” or “Backup of photos”?', verb)
    await say('no', 'which')
  }
  await say('delete the backup workflow', 'which')
  assert.match(await text('photos', 'which'), /^Shall I delete “Backup of photos”\?/)
})

const onPhrase = (phrase: string) => ({
  steps: [SET],
  trigger: { type: 'voice_command' as const, conditions: { phrase } },
})

test('two workflows with one phrase are both there: which is meant is asked, and only that one starts', async () => {
  const lights = await make('Lights', onPhrase('good night'))
  const doors = await make('Doors', onPhrase('good night [everybody]'))
  const asked = await say('good night', 'phrase')
  assert.equal(asked.response.text, 'Which one: “Doors” or “Lights”?')
  const { workflow_id, workflow_execution_id } = await say('the doors', 'phrase')
  assert.equal(workflow_id, doors.id)
  assert.equal((await look(workflow_execution_id)).status, 'completed')
  assert.equal((await say('good night everybody', 'phrase')).workflow_id, doors.id)
  await say('turn off the doors workflow')
  assert.equal((await say('good night', 'phrase')).workflow_id, lights.id)
  assert.match(
    await text('when I say good night, list my tasks and then list my notes'),
    /^“good night” starts a workflow already/,
  )
})

test('of two phrases with slots each workflow hears its own', async () => {
  await make('Ring', onPhrase('phone {name}'))
  const { id } = await make('Shout', onPhrase('phone {whom}'))
  assert.equal(await text('phone aunt may', 'slots'), 'Which one: “Ring” or “Shout”?')
  const { workflow_id, workflow_execution_id } = await say('shout', 'slots')
  assert.equal(workflow_id, id)
  const { trigger } = await look(workflow_execution_id)
  assert.deepEqual([trigger['name'], trigger['whom']], ['aunt may', 'aunt may'])
})
