import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal } from '../sdk/fixture.ts'
import { AGENT, openDesk } from './fixture.ts'

const USED = { workflows: [{ id: '1', name: 'Morning\nbriefing' }] }

test('an agent is deleted, and how it comes back is said', async (t) => {
  const desk = openDesk({ 'agents.get': () => AGENT, 'agents.delete': () => ({}) })
  t.after(desk.remove)
  await desk.signIn()
  assert.deepEqual(await desk.paios(['agents', 'delete', '3']), {
    exit: 0,
    stdout: 'Deleted agent 3, Reminders & Calendar. Bring it back with: paios undo\n',
    stderr: '',
  })
  assert.equal((await desk.paios(['agents', 'delete'])).exit, 2)
})

test('the workflows that use an agent are named, and --force deletes it all the same', async (t) => {
  const desk = openDesk({
    'agents.get': () => AGENT,
    'agents.delete': ({ force }) => {
      if (force === true) return {}
      throw refusal('VALIDATION_ERROR', 'It is used.', USED)
    },
  })
  t.after(desk.remove)
  await desk.signIn()
  const { exit, stderr } = await desk.paios(['agents', 'delete', '3'])
  assert.equal(exit, 1)
  assert.match(
    stderr,
    /^paios: Nothing was deleted: these workflows use agent 3, .*--force:\n {2}Morning\S* ?briefing\n$/,
  )
  assert.equal((await desk.paios(['agents', 'delete', '3', '--force'])).exit, 0)
})
