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
  assert.equal(
    await text('redo that'),
    'I cannot do that: This needs a passkey, and none is enrolled yet. Make one with: paios passkey add',
  )
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
