import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openProbe } from '../server/domains/agents/probe/fixture.ts'
import { data, openOffice } from './rig.ts'

interface Report {
  agent_executions: string[]
  text: string
}

test('everything that runs is stopped and told; when nothing runs, that is told', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  assert.deepEqual(await desk.paios(['stop']), { exit: 0, stdout: 'Nothing was running.\n', stderr: '' })
  const probe = openProbe()
  probe.install(server.app)
  const client = await server.signIn('ann@example.org')
  const { id, user_id } = await client.ask('agents.create', {
    name: 'Probe',
    config: { preferences: { skill: 'probe' } },
  })
  const run = async (request_id: string) => {
    const command = { action: 'wait', parameters: {}, user_id, request_id, priority: 'normal' as const }
    return (await client.ask('agents.execute', { id, command })).execution_id
  }
  const [first, second, third] = [await run('1'), await run('2'), await run('3')]
  const ended = async (execution_id: string) =>
    (await client.ask('agents.status', { id, execution_id })) as { status: string }
  const one = await data<Report>(desk, ['stop', second])
  assert.deepEqual([one.agent_executions, one.text], [[second], 'Stopped it; nothing was changed here.'])
  assert.notEqual((await ended(first)).status, 'failed')
  assert.equal((await desk.paios(['stop'])).stdout, 'Stopped 2; nothing was changed here.\n')
  for (const execution of [first, second, third]) assert.equal((await ended(execution)).status, 'failed')
  assert.equal((await desk.paios(['stop', third])).stdout, 'Nothing was running.\n')
})

test('what is no execution of the user is refused, and a stranger stops nothing', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const unknown = await desk.paios(['stop', '01890000-0000-7000-8000-000000000001'])
  assert.deepEqual([unknown.exit, unknown.stdout], [1, ''])
  assert.match(unknown.stderr, /^paios: There is no execution 01890000/)
  assert.equal((await desk.paios(['stop', 'everything'])).exit, 1)
  assert.equal((await desk.paios(['stop', 'a', 'b'])).exit, 2)
  await desk.paios(['logout'])
  assert.equal((await desk.paios(['stop'])).exit, 4)
})
