import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './workflows/rig.ts'

async function open() {
  const ann = await openPlanner()
  const agents = async () => (await ann.ask(await ann.signed(), 'agents.list', {})).agents
  const named = async (number: number) => {
    const found = (await agents()).find(({ agent_number }) => agent_number === number)
    return found && (found.is_active ? found.name : `(${found.name})`)
  }
  return {
    ...ann,
    named,
    own: async (name: string) => ann.ask(await ann.signed(), 'agents.create', { name }),
  }
}

test('an agent is renamed by its number or by its name, and undo gives the old name back', async () => {
  const { text, named } = await open()
  assert.equal(await text('rename agent 2 to diary'), 'Agent 2 is called diary now.')
  assert.equal(await named(2), 'diary')
  assert.equal(await text('rename diary to "Big Book"'), 'Agent 2 is called Big Book now.')
  assert.equal(await text('undo that'), 'Undone: Changed agent 2, diary.')
  assert.equal(await named(2), 'diary')
  assert.equal(await text('redo that'), 'Done again: Changed agent 2, diary.')
  assert.equal(await named(2), 'Big Book')
  assert.equal(await text('undo'), 'Undone: Changed agent 2, diary.')
  assert.equal(await named(2), 'diary')
})

test('an agent is switched off, said to be off, found though it is off, and switched on', async () => {
  const { text, named } = await open()
  assert.equal(await text('turn off agent 7'), 'Watcher is off.')
  assert.equal(await named(7), '(Watcher)')
  assert.equal(await text('turn agent 7 off'), 'Watcher is off already.')
  assert.equal(await text('turn agent watcher back on'), 'Watcher is on again.')
  assert.equal(await named(7), 'Watcher')
  assert.equal(await text('undo'), 'Undone: Changed agent 7, Watcher.')
  assert.equal(await named(7), '(Watcher)')
})

test('an agent is deleted only after a yes, and undo makes it anew', async () => {
  const { text, named, own } = await open()
  await own('Butler')
  assert.equal(await text('delete agent 20'), 'That deletes agent 20, Butler. Shall I?')
  assert.equal(await text('no'), 'All right, I leave it.')
  assert.equal(await named(20), 'Butler')
  await text('delete agent butler')
  assert.equal(await text('yes'), 'Agent 20, Butler, is deleted.')
  assert.equal(await named(20), undefined)
  assert.equal(await text('undo'), 'Undone: Deleted agent 20, Butler.')
  assert.ok((await named(20)) === 'Butler' || (await named(21)) === 'Butler')
})

test('what is no agent, or a name that is taken, changes nothing and says why', async () => {
  const { text, named } = await open()
  assert.match(await text('rename agent 99 to x'), /^You have no agent 99\. Your agents: 1 /)
  assert.match(await text('rename agent 2 to watcher'), /^I cannot do that: .*Watcher/i)
  assert.equal(await named(2), 'Notes & Memory')
  assert.doesNotMatch(await text('turn off the lights'), /is off/)
})

test('without a new name it is asked for, and the number of another agent is none', async () => {
  const { text, named } = await open()
  for (const sentence of [
    'rename agent 7 to',
    'rename agent 7',
    'rename watcher to',
    'rename the agent 7 as',
  ]) {
    assert.equal(await text(sentence), 'What should it be called?', sentence)
    await text('no')
  }
  await text('rename agent 7 to')
  assert.equal(await text('Lookout'), 'Agent 7 is called Lookout now.')
  assert.equal(
    await text('rename agent 7 to agent 2'),
    'I cannot do that: The name agent 2 reads as the agent of the number 2, and this is agent 7.',
  )
  assert.equal(await named(7), 'Lookout')
})

test('what changed is told with values and with names of now, an undo as one, and only of the time that was said', async () => {
  const { text, clock, make } = await open()
  await text('rename agent 7 to diary')
  await text('rename agent 7 to journal')
  await text('undo')
  await make('Old')
  assert.equal(
    await text('what changed today'),
    'Changed today: made workflow Old; undid: agent 7: name diary -> journal; agent 7: name diary -> journal; agent 7: name Watcher -> diary.',
  )
  assert.match(await text('rename old to fresh'), /fresh/)
  assert.match(
    await text('what changed'),
    /^Last changes: workflow fresh: name Old -> fresh; made workflow fresh, Old; undid: /,
  )
  clock.advance(86_400_000)
  assert.equal(await text('what changed today'), 'Nothing was changed today.')
  assert.match(await text('what changed yesterday'), /^Changed yesterday: workflow fresh: /)
})

test('what is said to an agent that is off, or that only it can do, is done by nobody and answered with how to switch it on', async () => {
  const { text, say } = await open()
  await text('turn off agent 7')
  const off = 'Agent 7, Watcher, is switched off. To switch it on, say: turn on agent 7.'
  for (const sentence of [
    'agent 7, what are you watching',
    'watcher: what are you watching',
    'what are you watching',
    'watch https://example.org/news for changes every hour',
    'could you keep an eye on the page https://example.org for me',
  ]) {
    const { response, command_understood, execution_id } = await say(sentence)
    assert.deepEqual([response.text, command_understood, execution_id], [off, false, undefined], sentence)
  }
  assert.match(await text('what is on my list'), /to do list/)
  assert.equal(
    await text('agent 97, what are you watching'),
    'I did not understand that. There is no agent 97.',
  )
  assert.equal(await text('turn the watcher on'), 'Watcher is on again.')
  assert.doesNotMatch(await text('what are you watching'), /switched off/)
})
