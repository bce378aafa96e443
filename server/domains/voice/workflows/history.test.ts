import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../../test/app.ts'
import { FAILS, SET, openPlanner } from './rig.ts'

const ann = await openPlanner()
const { say, text, make, look, clock } = ann
const bob = await ann.app.auth.addUser('bob@example.org', PASSWORD)
const HOUR = 3_600_000

/** Runs a workflow now and waits for its end. */
async function run(name: string): Promise<void> {
  const { workflow_execution_id } = await say(`run the ${name} workflow`, 'running')
  await look(workflow_execution_id)
}

test('before anything ran, every question is answered by that', async () => {
  await make('Backup', { steps: [FAILS] })
  await make('Briefing', { steps: [SET] })
  assert.equal(await text('what failed last night'), 'Nothing failed last night: no workflow ran.')
  assert.equal(await text('did anything fail'), 'Nothing failed in the last 24 hours: no workflow ran.')
  assert.equal(await text('what ran today'), 'No workflow ran today.')
  assert.equal(await text('did the briefing run'), 'No: “Briefing” has never run.')
})

test('what ran and what failed is told by the clock of the user, each in its time', async () => {
  // From Sunday, 11:00 in Berlin, to Monday.
  await run('briefing')
  clock.advance(8 * HOUR)
  await run('briefing')
  clock.advance(8 * HOUR)
  await run('backup')
  clock.advance(7 * HOUR)
  await run('briefing')
  const why = '“Backup” at 03:00 (bad: There is no plutonium on your to do list)'
  assert.match(
    await text('what failed last night'),
    /^Last night 1 run failed: “Backup” at 03:00 \(.*plutonium.*\)\.$/,
  )
  assert.match(await text('did anything fail today'), /^Today 1 run failed: “Backup” at 03:00/, why)
  assert.equal(await text('what failed yesterday'), 'Nothing failed yesterday: 2 runs started, 2 completed.')
  assert.equal(
    await text('what ran today'),
    'Today 2 runs started: “Briefing” at 10:00 and “Backup” at 03:00 (failed).',
  )
  assert.equal(
    await text('which workflows ran yesterday'),
    'Yesterday 2 runs started: “Briefing” 2 times, the last yesterday at 19:00.',
  )
  assert.equal(
    await text('what ran in the last 2 hours'),
    'In the last 2 hours 1 run started: “Briefing” at 10:00.',
  )
})

test('whether one workflow ran is answered for it alone', async () => {
  assert.match(
    await text('did the backup workflow run'),
    /^“Backup” last ran today at 03:00 and failed \(.*\)\.$/,
  )
  assert.match(
    await text('did the backup workflow run last night'),
    /^Yes: “Backup” ran today at 03:00 and failed/,
  )
  assert.match(
    await text('did the backup workflow run yesterday'),
    /^No: “Backup” did not run yesterday\. It last ran today at 03:00 and failed/,
  )
  assert.equal(
    await text('did the briefing run yesterday'),
    'Yes: “Briefing” ran 2 times yesterday, the last time yesterday at 19:00 and completed.',
  )
  assert.equal(
    await text('when did the briefing last run'),
    '“Briefing” last ran today at 10:00 and completed.',
  )
})

test('no answer from the history is longer than three sentences, and each is only read', async () => {
  const table = `what failed last night|what ran this week|did the backup workflow run on monday|did anything go wrong this morning|
    has anything failed today|did any of my workflows fail today|what did you run yesterday|how did the briefing go today`
  for (const sentence of table.split('|').map((one) => one.trim())) {
    const { response, agent_routing, execution_id, workflow_execution_id } = await say(sentence)
    assert.ok(response.text.split(/\.(?:\s|$)/).length <= 4, response.text)
    assert.ok(agent_routing.global_command, sentence)
    assert.deepEqual([execution_id, workflow_execution_id], [undefined, undefined])
  }
})

test('what failed is told alike for every time and in every way to ask', async () => {
  await say('remove the zeppelin from my list')
  for (const [sentences, said] of [
    [
      'what failed today|what went wrong today|did anything go wrong today|what errors were there today',
      'Today',
    ],
    ['what failed since yesterday|what has failed since yesterday', 'Since yesterday'],
    ['what failed|what went wrong|did anything fail', 'In the last 24 hours'],
    ['what failed in the last 12 hours', 'In the last 12 hours'],
    ['what failed since midnight', 'Since midnight'],
  ] as const)
    for (const sentence of sentences.split('|'))
      assert.match(
        await text(sentence),
        new RegExp(
          `^${said} 1 run failed: “Backup” at 03:00 \\(.*plutonium.*\\)\\. Besides, 1 action failed: Tasks & Lists \\(remove\\) at 10:00 \\(.*zeppelin.*\\)\\.$`,
        ),
        sentence,
      )
  assert.equal((await say('which calls failed')).agent_routing.target_agent, 9)
  assert.doesNotMatch(await text('what failed last night'), /zeppelin/)
})

test('“it” is what failed last, a workflow or an action', async () => {
  for (const sentence of [
    'why did it fail',
    'why did that go wrong',
    'what was the error',
    'why did the last one fail',
  ])
    assert.match(
      await text(sentence),
      /^Tasks & Lists \(remove\) failed today at 10:00: .*zeppelin.*\.$/,
      sentence,
    )
  await run('backup')
  assert.match(await text('why did it fail'), /^“Backup” failed today at 10:00: bad: .*plutonium/)
  assert.match(await text('why did it fail last night'), /^“Backup” failed today at 03:00: bad:/)
  assert.equal(await text('why did it fail on friday'), 'Nothing failed on Friday.')
})

test('what another user ran is in nobody else’s history', async () => {
  const { access_token } = await ann.ask(undefined, 'auth.login', { email: bob.email, password: PASSWORD })
  const asked = async (text_fallback: string) =>
    (await ann.ask(access_token, 'voice.process', { text_fallback })).response.text
  assert.equal(await asked('what ran today'), 'No workflow ran today.')
  assert.equal(
    await asked('which workflows failed last night'),
    'Nothing failed last night: no workflow ran.',
  )
  assert.doesNotMatch(await asked('what failed last night'), /Backup/)
  assert.equal(
    await asked('did the backup workflow run'),
    'You have no workflow called “backup”. You have none yet.',
  )
})

test('a deleted workflow keeps its name in what is told of the past', async () => {
  const { workflows } = await ann.ask(await ann.signed(), 'workflows.list', {})
  const id = workflows.find(({ name }) => name === 'Backup')?.id ?? ''
  await ann.ask(await ann.signed(), 'workflows.delete', { id })
  assert.match(await text('what failed last night'), /“Backup” at 03:00/)
  assert.match(
    await text('run the backup workflow'),
    /^You have no workflow called “backup”\. Yours: “Briefing”\./,
  )
})
