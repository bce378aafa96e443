import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agent } from '../contract/agents.ts'
import { data, openOffice } from './rig.ts'
import type { Desk } from './fixture.ts'

const preferencesOf = async (desk: Desk) =>
  (await data<Agent>(desk, ['agents', 'show', '5'])).config.preferences

test('a budget is set, changed bound by bound and shown; everything else of the agent stays', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  const client = await server.signIn('ann@example.org')
  const grants = [{ agent_number: 20, memory: 'read' }]
  const voice_commands = [{ phrase: 'sum up', action: 'calculate' }]
  await client.ask('agents.update', { id: '5', config: { preferences: { grants }, voice_commands } })
  const said = async (...argv: string[]) => (await desk.paios(['agents', 'budget', '5', ...argv])).stdout
  assert.equal(await said(), 'Agent 5 has no budget.\n')
  assert.equal(
    await said('--seconds', '0.5', '--calls', '200'),
    'Agent 5 may use in a day: 200 calls, 0.5 seconds.\n',
  )
  assert.equal(
    await said('--money', '3', '--calls', '0'),
    'Agent 5 may use in a day: 0 calls, 0.5 seconds, 3 money.\n',
  )
  assert.equal(await said(), 'Agent 5 may use in a day: 0 calls, 0.5 seconds, 3 money.\n')
  assert.equal(await said('--none', '--tokens', '9'), 'Agent 5 may use in a day: 9 tokens.\n')
  assert.deepEqual(await preferencesOf(desk), { grants, budget: { tokens: 9 } })
  assert.deepEqual(await data(desk, ['agents', 'budget', '5', '--none']), { agent_number: 5, budget: null })
  assert.deepEqual(await preferencesOf(desk), { grants })
  const { config } = await data<Agent>(desk, ['agents', 'show', '5'])
  assert.deepEqual(config.voice_commands, voice_commands)
})

test('what a budget leaves is done, and beyond it the agent is refused until the next day of its user', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['agents', 'budget', '5', '--calls', '2'])
  const calculate = () => desk.paios(['ask', 'what is 2 + 2'])
  for (const time of ['once', 'twice']) assert.equal((await calculate()).exit, 0, time)
  const refused = await calculate()
  assert.notEqual(refused.exit, 0)
  assert.match(refused.stdout + refused.stderr, /Agent 5 has used up its 2 calls of today/)
  assert.equal((await desk.paios(['ask', 'remember that the key is in the drawer'])).exit, 0, 'others go on')
  await desk.paios(['agents', 'budget', '5', '--calls', '3'])
  assert.equal((await calculate()).exit, 0, 'what was used before counts, and no more')
  assert.notEqual((await calculate()).exit, 0)
  server.clock.advance(86_400_000)
  assert.equal((await calculate()).exit, 0)
})

test('what is no amount is refused before the server is asked, and what is too much by it', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  for (const amount of ['-1', 'many', '1e3', '', '1.', 'Infinity']) {
    const { exit, stdout, stderr } = await desk.paios(['agents', 'budget', '5', `--calls=${amount}`])
    assert.deepEqual([exit, stdout], [2, ''], amount)
    assert.equal(stderr, `paios: --calls ${JSON.stringify(amount)} is not a number from 0 on.\n`)
  }
  const much = await desk.paios(['agents', 'budget', '5', '--calls', '1000000001'])
  assert.equal(much.exit, 1)
  assert.match(much.stderr, /budget\/calls/)
  assert.deepEqual(await preferencesOf(desk), {})
  assert.equal((await desk.paios(['agents', 'budget', '99', '--calls', '1'])).exit, 1)
  await desk.paios(['logout'])
  assert.equal((await desk.paios(['agents', 'budget', '5'])).exit, 4)
})
