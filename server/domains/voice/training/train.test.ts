import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../../test/app.ts'
import { openSpeaker, refusal, refusedPaths } from '../rig.ts'
import { VACUUM, change, gist, sample, train, trained } from './rig.ts'

const opened = await openSpeaker()
const { app, ask, call, token, say, user_id, clock } = opened
const bob = await app.auth.addUser('bob@example.org', PASSWORD)

test('what is taught is understood, and sentences like it, by its user alone', async () => {
  await say('vacuum the attic')
  clock.advance(1)
  const { accuracy_before, accuracy_after, samples, modification_id } = await trained(opened, VACUUM)
  assert.deepEqual([samples, accuracy_before], [6, 0])
  assert.ok(accuracy_after >= 0.8, String(accuracy_after))
  assert.equal(await gist(opened, 'Vacuum DOWNSTAIRS!'), 'learnt 4 add')
  assert.equal(await gist(opened, 'vacuum the attic'), 'statistics 4 add')
  assert.match(await gist(opened, 'vacuum downstairs', bob.id), /^(?:none|statistics) (?!4 add)/)
  const made = await change(opened, modification_id)
  assert.deepEqual(made?.target.kind, 'model')
  assert.deepEqual([made?.before_state, made?.after_state['count']], [{}, 6])
  assert.equal(made?.proof, null)
  assert.equal(
    made?.description,
    'Learnt 6 sentences: “vacuum downstairs” is for agent 4: add; “vacuum the bedroom” is for agent 4: add; “vacuum upstairs please” is for agent 4: add; and 3 more.',
  )
})

test('the impact names the sentences of the history that go elsewhere from then on', async () => {
  const [made] = (await ask(token, 'system.modifications', {})).modifications
  const [route, ...more] = made?.impact.routes ?? []
  assert.equal(route?.text, 'vacuum the attic')
  assert.match(route?.to ?? '', /^Tasks & Lists, add$/)
  assert.deepEqual(more, [])
  assert.match(
    made?.impact_assessment ?? '',
    /^1 of the last sentences would go elsewhere: "vacuum the attic" to Tasks/,
  )
})

test('a single sample is learnt, and shows no gain on itself', async () => {
  const one = [sample('ping the lighthouse', 5, 'calculate')]
  const { accuracy_before, accuracy_after } = await trained(opened, one)
  assert.deepEqual([accuracy_before, accuracy_after], [0, 0])
  assert.equal(await gist(opened, 'ping the lighthouse'), 'learnt 5 calculate')
})

test('what is right already stays right: a phrase of an agent counts before and after', async () => {
  const known = [sample('add milk to my list', 4, 'add'), sample('what is 2 plus 3', 5, 'calculate')]
  const { accuracy_before, accuracy_after } = await trained(opened, known)
  assert.deepEqual([accuracy_before, accuracy_after], [1, 1])
})

test('the same sentence counts once, however it is dressed, and the last lesson counts', async () => {
  const twice = [sample('polish the horn', 4, 'add'), sample('Polish the horn!', 4, 'add')]
  const { modification_id } = await trained(opened, twice)
  assert.equal((await change(opened, modification_id))?.after_state['count'], 1)
  clock.advance(1)
  await trained(opened, [sample('polish the horn', 2, 'remember')])
  assert.equal(await gist(opened, 'polish the horn'), 'learnt 2 remember')
})

test('a command to the system may be taught as what it is', async () => {
  await trained(opened, [sample('stop', 0, 'stop')])
  assert.equal(await gist(opened, 'stop'), 'template 0 stop')
})

const REFUSED: [what: string, samples: Parameters<typeof train>[1], paths: string[]][] = [
  ['an agent that is not there', [sample('x y', 77, 'add')], ['/samples/0/agent_number']],
  [
    'an action of another agent, at its place',
    [sample('x y', 4, 'add'), sample('x z', 4, 'add'), sample('z y', 4, 'remember')],
    ['/samples/2/action'],
  ],
  ['a name that every object has', [sample('x y', 4, 'constructor')], ['/samples/0/action']],
  ['a text without a word', [sample('?! …', 4, 'add')], ['/samples/0/text']],
  ['a sample of nothing', [{ agent_number: 4, action: 'add' }], ['/samples/0/text']],
  [
    'one sentence with two meanings',
    [sample('a b', 4, 'add'), sample('A, b', 2, 'remember')],
    ['/samples/1'],
  ],
  [
    'another meaning of what stops and takes back, in its phrases',
    [sample('x y', 4, 'add'), sample('stop', 4, 'add'), sample('take that back', 2, 'remember')],
    ['/samples/1/text', '/samples/2/text'],
  ],
  ['no samples', [], ['/samples']],
]
for (const [what, samples, paths] of REFUSED) {
  test(`${what} is refused and nothing is learnt`, async () => {
    const before = await app.language.learnt.lessons.of(user_id)
    const reply = await train(opened, samples)
    assert.deepEqual([refusal(reply)?.code, refusal(reply)?.status], ['GENERAL_001', 400])
    assert.deepEqual(refusedPaths(reply), paths)
    assert.equal(await app.language.learnt.lessons.of(user_id), before)
  })
}

test('the refusal of an action says which there are', async () => {
  const reply = await train(opened, [sample('x y', 1, 'sing')])
  assert.match(JSON.stringify(refusal(reply)?.details), /must be one of help, route, clarify, teach_command/)
})

test('sounds are refused for as long as nobody can hear them', async () => {
  const reply = await train(opened, [{ audio_data: 'AAAA', agent_number: 4, action: 'add' }])
  assert.deepEqual(refusal(reply), {
    code: 'VOICE_003',
    status: 503,
    details: { reason: 'no_stt_engine' },
  })
})

test('strangers teach nothing', async () => {
  const reply = await call(undefined, 'voice.train', { samples: VACUUM })
  assert.equal(refusal(reply)?.status, 401)
})
