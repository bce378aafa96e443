import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refused } from './fixture.ts'
import type { Server } from './fixture.ts'

const ROBOT = {
  agent_number: 40,
  name: 'Robot',
  capabilities: ['echo'],
  voice_commands: [],
  config_schema: {},
}
const AWAY = 'The program of Robot is turned away: its token is good for nothing, and nobody performs'

/** What the newest change of Ann was found to come to. */
async function newest({ ask, ann }: Server) {
  const { modifications } = await ask(ann.token, 'system.modifications', { limit: 1 })
  const { problems = [], irreversible = [] } = modifications[0]?.impact ?? {}
  return { problems, irreversible, says: modifications[0]?.impact_assessment ?? '' }
}

test('deleting a program’s agent says that its token and actions go, and what waits for it for good', async (context) => {
  const server = await openServer(context)
  const { ask, call, ann } = server
  const { token = '' } = await ask(ann.token, 'messages.register', ROBOT)
  const message = { id: '40', message_type: 'hello', data: {}, requires_response: false }
  await ask(ann.token, 'messages.to', message)
  await ask(ann.token, 'agents.delete', { id: '40' })
  const { says, ...impact } = await newest(server)
  assert.deepEqual(impact, {
    problems: [`${AWAY} echo`],
    irreversible: ['1 message that waits for Robot'],
  })
  assert.ok(
    says.startsWith(`One thing would break: ${AWAY} echo. No rollback brings back: 1 message that waits`),
    says,
  )
  assert.equal(refused(await call(token, 'messages.next', {})), '401 AUTH_001')
})

test('switching it off says so, too, and nothing of what is kept; an agent of another kind loses no token', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const actions = [{ name: 'flip' }, { name: 'shout' }]
  await ask(ann.token, 'messages.register', { ...ROBOT, capabilities: ['flip', 'shout'], actions })
  await ask(ann.token, 'agents.update', { id: '40', is_active: false })
  assert.deepEqual((await newest(server)).problems, [`${AWAY} flip, shout`])
  await ask(ann.token, 'agents.update', { id: '40', is_active: true })
  assert.deepEqual((await newest(server)).problems, [])
  await ask(ann.token, 'agents.create', { name: 'Plain' })
  await ask(ann.token, 'agents.delete', { id: '20' })
  assert.deepEqual(await newest(server), {
    problems: [],
    irreversible: [],
    says: 'Nothing else is touched.',
  })
})

test('a number whose log is still there is refused with what to do', async (context) => {
  const { ask, call, act, ann } = await openServer(context)
  await ask(ann.token, 'messages.register', ROBOT)
  await act(40, 'echo', {}, { wait_for_completion: false })
  await ask(ann.token, 'agents.delete', { id: '40' })
  const reply = await call(ann.token, 'messages.register', ROBOT)
  assert.equal(refused(reply), '409 AGENT_004')
  assert.match(JSON.stringify(reply), /The number 40 is taken, .*: choose another, or undo that deletion\./)
})
