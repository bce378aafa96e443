import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from '../rig.ts'
import { talk } from './rig.ts'

const opened = await openSpeaker()
const { app, ask, token, user_id, clock, say } = opened
const lessons = () => app.language.learnt.lessons.of(user_id)
const learnt = async () =>
  (await lessons()).map(({ text, agent_number, action, source }) => [text, agent_number, action, source])

test('"no, agent 2" asks what it should do where that is not clear, and leaves all as it was', async () => {
  const heard = await talk(opened, ['add milk to my list', 'no, I meant the notes'], 'notes')
  assert.match(
    heard[1]?.[1] ?? '',
    /What should agent 2, Notes & Memory, do with it: .*remember.*\? Say for instance: no, /,
  )
  assert.deepEqual(await learnt(), [])
})

test('the action that is named then is done, the wrong one undone, and it is learnt', async () => {
  const [[place, answer] = []] = await talk(opened, ['no, remember'], 'notes')
  assert.equal(place, '2 remember')
  assert.equal(
    answer,
    'Undone: Added milk to your to do list. I will remember that. I will remember: milk to your list.',
  )
  assert.deepEqual(await learnt(), [['add milk to my list', 2, 'remember', 'correction']])
  const [made] = (await ask(token, 'system.modifications', {})).modifications
  assert.deepEqual(
    [made?.target.kind, made?.description, made?.before_state],
    ['model', 'Learnt from a correction: “add milk to my list” is for agent 2: remember.', {}],
  )
})

test('what was wrong is taken back once there is something in its place, and stays where that is left', async () => {
  const heard = await talk(opened, ['jot down the gate squeaks', 'no, remind me', 'never mind'], 'stays')
  assert.match(heard[1]?.[1] ?? '', /^When should I remind you\?$/)
  assert.match((await say('find my note about the gate', 'look')).response.text, /the gate squeaks/)
  const moved = await talk(opened, ['jot down call the plumber', 'no, remind me', 'at 17:00'], 'moves')
  assert.match(moved[1]?.[1] ?? '', /^When should I remind you\?$/)
  assert.match(moved[2]?.[1] ?? '', /^Undone: .*I will remind you to /)
  assert.doesNotMatch((await say('find my note about the plumber', 'look')).response.text, /call the plumber/)
})

test('the next time the same sentence goes where it was corrected to', async () => {
  const { agent_routing, intent } = await say('Please add milk to my list!', 'next')
  assert.deepEqual([agent_routing.target_agent, intent.action], [2, 'remember'])
  assert.equal(agent_routing.reason, 'You have taught me that this is for agent 2, Notes & Memory.')
})

test('back again: the last correction counts', async () => {
  const [, [place, answer] = []] = await talk(opened, ['add milk to my list', 'that was for agent 4'])
  assert.equal(place, '4 add')
  assert.match(answer ?? '', /I will remember that\. Added milk to your to do list\.$/)
  assert.equal((await say('add milk to my list', 'again')).agent_routing.target_agent, 4)
})

test('what was only asked about is done at once when its action is named, and learnt', async () => {
  const heard = await talk(opened, ['dentist at 4pm', 'no, remind me'])
  assert.match(heard[0]?.[1] ?? '', /\?$/)
  assert.deepEqual(heard[1], ['3 remind', 'I will remember that. I will remind you to dentist at 16:00.'])
})

test('the same for another agent undoes nothing and teaches nothing', async () => {
  const before = await lessons()
  clock.advance(1)
  const heard = await talk(opened, ['what is 2 plus 3', 'the same for agent 6'])
  assert.ok(!(heard[1]?.[1] ?? '').includes('Undone'))
  assert.equal(await lessons(), before)
})

test('a correction that was declined is not learnt', async () => {
  const before = await lessons()
  await talk(opened, ['add cheese to my list', 'no, agent 2'], 'declined')
  const heard = await talk(opened, ['no, forget', 'no'], 'declined')
  assert.equal(heard[1]?.[1], 'All right, I leave it.', JSON.stringify(heard))
  assert.equal(await lessons(), before)
})

test('with nothing said before, or an agent that is not there, nothing is corrected', async () => {
  const before = await lessons()
  for (const text of ['no, agent 4', 'that was for agent 3']) await say(text, `fresh ${text}`)
  await talk(opened, ['add ham to my list', 'no, agent 77', 'no, I meant the kitchen'])
  assert.equal(await lessons(), before)
})

test('"undo" after a correction takes back what was done, and "undo" again what was learnt', async () => {
  const before = await lessons()
  const heard = await talk(opened, ['is the kettle on at 5pm', 'no, add'], 'undo')
  assert.equal(heard[1]?.[0], '4 add')
  const undone = await talk(opened, ['undo', 'undo', 'redo'], 'undo')
  assert.match(undone[0]?.[1] ?? '', /^Undone: Added /)
  const what = 'Learnt from a correction: “is the kettle on at 5pm” is for agent 4: add.'
  assert.deepEqual(undone.slice(1), [
    ['0 undo', `Undone: ${what}`],
    ['0 redo', `Done again: ${what}`],
  ])
  assert.equal((await lessons()).length, before.length + 1)
})
