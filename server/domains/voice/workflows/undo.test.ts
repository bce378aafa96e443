import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrol } from '../../../../test/passkeys.ts'
import { openPlanner } from './rig.ts'

const open = async () => {
  const ann = await openPlanner()
  const list = () => ann.text('what is on my to do list', 'looking')
  const made = async (name: string, conversation?: string) => {
    await ann.say(`make a workflow called ${name} that lists my tasks`, conversation)
    return ann.text('yes', conversation)
  }
  const newest = async () => {
    const { modifications } = await ann.ask(await ann.signed(), 'system.modifications', {})
    return modifications.map((one) => [one.description, one.rollback_available])
  }
  return { ...ann, list, made, newest }
}

test('right after a workflow was made by sentence, undo takes back that and nothing older', async () => {
  const { say, text, names, list, made } = await open()
  await say('add saffron to my list')
  await made('tidy')
  assert.equal(await text('undo that'), 'Undone: Created the workflow Tidy.')
  assert.deepEqual(await names(), [])
  assert.match(await list(), /saffron/)
  assert.match(await text('undo'), /^Undone: .*saffron/)
  assert.doesNotMatch(await list(), /saffron/)
  assert.equal(await text('undo'), 'There is nothing to undo.')
})

test('what was done with a list since is taken back before the workflow', async () => {
  const { say, text, names, made } = await open()
  await made('tidy')
  await say('add saffron to my list')
  assert.match(await text('take that back'), /^Undone: .*saffron/)
  assert.deepEqual(await names(), ['Tidy'])
  assert.equal(await text('take that back'), 'Undone: Created the workflow Tidy.')
  assert.deepEqual(await names(), [])
})

test('switching is taken back by switching, step by step, and each is a rollback in the list of changes', async () => {
  const { say, text, names, made, newest } = await open()
  await made('tidy')
  await say('turn off tidy')
  assert.deepEqual(await names(), ['(Tidy)'])
  assert.equal(await text('undo'), 'Undone: Changed the workflow Tidy.')
  assert.deepEqual(await names(), ['Tidy'])
  assert.equal(await text('undo'), 'That would take back: Created the workflow Tidy. Shall I?')
  assert.equal(await text('yes'), 'Undone: Created the workflow Tidy.')
  assert.deepEqual(await names(), [])
  assert.deepEqual(await newest(), [
    ['Deleted the workflow Tidy.', true],
    ['Changed the workflow Tidy.', false],
    ['Changed the workflow Tidy.', false],
    ['Created the workflow Tidy.', false],
  ])
})

test('a change from elsewhere is named and asked about first, and a no leaves it', async () => {
  const { say, text, names, make, made } = await open()
  await made('tidy', 'kitchen')
  const asked = await say('undo', 'cellar')
  assert.deepEqual(
    [asked.response.text, asked.response.requires_followup, asked.proposal],
    ['That would take back: Created the workflow Tidy. Shall I?', true, undefined],
  )
  assert.equal(await text('no', 'cellar'), 'All right, I leave it.')
  assert.deepEqual(await names(), ['Tidy'])
  await make('Other')
  assert.equal(await text('undo', 'kitchen'), 'That would take back: Created the workflow Other. Shall I?')
  assert.equal(await text('yes', 'kitchen'), 'Undone: Created the workflow Other.')
  assert.deepEqual(await names(), ['Tidy'])
})

test('redo does again what undo took back, as often as one likes, and nothing older', async () => {
  const { say, text, names, list, made } = await open()
  await say('add saffron to my list')
  await text('undo')
  await made('tidy')
  for (let turn = 0; turn < 2; turn += 1) {
    assert.equal(await text('undo'), 'Undone: Created the workflow Tidy.')
    assert.deepEqual(await names(), [])
    assert.equal(await text('redo'), 'Done again: Created the workflow Tidy.')
    assert.deepEqual(await names(), ['Tidy'])
  }
  assert.equal(await text('redo'), 'There is nothing to do again.')
  assert.doesNotMatch(await list(), /saffron/)
})

test('undo after the last undo asks whether that undoing is meant', async () => {
  const { text, names, made } = await open()
  await made('tidy')
  await text('undo that')
  assert.equal(
    await text('undo that'),
    'There is nothing else to undo. Undoing that would do again: Created the workflow Tidy. Shall I?',
  )
  assert.deepEqual(await names(), [])
  assert.equal(await text('yes'), 'Done again: Created the workflow Tidy.')
  assert.deepEqual(await names(), ['Tidy'])
  assert.equal(await text('undo that'), 'Undone: Created the workflow Tidy.')
})

test('with a passkey undo waits for it as a rollback, and a dry run takes back nothing', async () => {
  const ann = await open()
  const { say, text, names, made, token } = ann
  await made('tidy')
  await ann.ask(token, 'voice.process', {
    text_fallback: 'undo',
    context: { conversation_id: 'one' },
    dry_run: true,
  })
  assert.deepEqual(await names(), ['Tidy'])
  await enrol(ann, token)
  const waits = await say('undo')
  assert.match(waits.response.text, /^That waits for your passkey/)
  const { approvals } = await ann.ask(token, 'approvals.list', {})
  assert.deepEqual(
    [approvals[0]?.id, approvals[0]?.operation],
    [waits.details?.approval_id, 'system.rollback'],
  )
  assert.deepEqual(await names(), ['Tidy'])
  assert.match(await text('undo', 'cellar'), /^That would take back: Created the workflow Tidy/)
})

test('another user’s workflow is never what undo means', async () => {
  const { ask, app, made, names } = await open()
  await made('tidy')
  const bob = await app.auth.addUser('bob@example.org', 'correct horse battery staple 9')
  const who = { email: bob.email, password: 'correct horse battery staple 9' }
  const { access_token } = await ask(undefined, 'auth.login', who)
  const { response } = await ask(access_token, 'voice.process', { text_fallback: 'undo' })
  assert.equal(response.text, 'There is nothing to undo.')
  assert.deepEqual(await names(), ['Tidy'])
})
