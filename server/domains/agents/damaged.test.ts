import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDamage, run } from '../../../test/damage.ts'
import { openServer } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

for (const config of ['{bad', 'null', '5', '[]', '{"voice_commands":5,"preferences":"x"}'])
  test(`an agent whose configuration is damaged (${config}) is shown, acts and can be set up anew`, async (t) => {
    const server = await openServer(t)
    await run(server, 'UPDATE agents SET config = ? WHERE agent_number = 5', [config])
    const { agents } = await server.ask(server.ann.token, 'agents.list', {})
    assert.deepEqual(agents.find(({ agent_number }) => agent_number === 5)?.config.voice_commands, [])
    await server.restart()
    assert.equal((await server.done(5, 'calculate', { expression: '1 + 1' }))['value'], 2)
    const mended = { id: '5', config: { preferences: { timezone: 'UTC' } } }
    const { config: after } = await server.ask(server.ann.token, 'agents.update', mended)
    assert.deepEqual(after.preferences, { timezone: 'UTC' })
  })

for (const column of ['command', 'result'])
  for (const value of ['{bad', 'null', '{}'])
    test(`an execution whose ${column} is damaged (${value}) keeps no other from being shown`, async (t) => {
      const server = await openServer(t)
      const { execution_id } = await server.act(5, 'calculate', { expression: '1 + 1' })
      await server.act(5, 'calculate', { expression: '2 + 2' })
      await run(server, `UPDATE executions SET ${column} = ? WHERE id = ?`, [value, execution_id])
      const { logs } = await server.ask(server.ann.token, 'agents.logs', { id: '5' })
      assert.deepEqual(
        logs.map(({ message }) => message),
        ['2 + 2 is 4.', column === 'result' ? 'GENERAL_003: Its result is damaged.' : '1 + 1 is 2.'],
      )
      await server.ask(server.ann.token, 'agents.status', { id: '5' })
      const one = await server.ask(server.ann.token, 'agents.status', { id: '5', execution_id })
      assert.equal('status' in one && one.status, 'completed')
    })

test('what waits and is damaged fails with the reason, and does nothing', async (t) => {
  const probe = openProbe()
  const server = await openServer(t, { limits: { executions_at_once: 1 }, prepare: probe.install })
  await server.act(19, 'wait', {}, { wait_for_completion: false })
  const { execution_id } = await server.act(19, 'echo', { label: 'no' }, { wait_for_completion: false })
  await run(server, `UPDATE executions SET command = '{bad' WHERE id = ?`, [execution_id])
  await probe.waiting(1)
  probe.release()
  const { status, result } = await server.ended(execution_id)
  assert.deepEqual([status, probe.performed.includes('no')], ['failed', false])
  assert.match(result?.error ?? '', /asked to do is damaged/)
})

test('whatever is damaged in one execution, the others are shown, and what an agent did is drawn', async (t) => {
  const server = await openServer(t)
  const { execution_id } = await server.act(5, 'calculate', { expression: '1 + 1' })
  await server.act(5, 'calculate', { expression: '2 + 2' })
  const place = { table: 'executions', where: { id: execution_id }, except: ['user_id', 'agent_id'] }
  await eachDamage(server, place, async (damage) => {
    const { token } = server.ann
    const { logs } = await server.ask(token, 'agents.logs', { id: '5' })
    assert.ok(
      logs.some(({ message }) => message === '2 + 2 is 4.'),
      damage,
    )
    await server.ask(token, 'agents.status', { id: '5' })
    await server.ask(token, 'system.architecture', {})
    await server.app.agents.executions.failed(server.ann.user_id, { since: 0, until: server.clock.now() + 1 })
    await server.ask(token, 'system.stop', {})
    server.clock.advance(1_000)
  })
})

test('whatever is damaged in one agent, the others are listed and act, and everything is stopped', async (t) => {
  const server = await openServer(t)
  const { id } = await server.ask(server.ann.token, 'agents.get', { id: '6' })
  await eachDamage(server, { table: 'agents', where: { id }, except: ['user_id'] }, async (damage) => {
    const token = await server.signIn()
    const { agents } = await server.ask(token, 'agents.list', {})
    assert.ok(
      agents.some(({ name }) => name === 'Data'),
      damage,
    )
    assert.equal((await server.done(5, 'calculate', { expression: '1 + 1' }))['value'], 2, damage)
    await server.ask(token, 'system.architecture', {})
    await server.ask(token, 'system.stop', {})
    server.clock.advance(1_000)
  })
})

test('the server starts whatever is damaged in the agents of one user, and others have all of theirs', async (t) => {
  const server = await openServer(t)
  const bob = await server.bob()
  const damages = [
    ['agent_number'],
    ['name', 'agent_number'],
    ['name', 'name_key', 'agent_number'],
    ['skill'],
  ]
  for (const [round, columns] of damages.entries()) {
    const set = columns.map((column) => `${column} = ?`).join(', ')
    const values = columns.map(() => new Uint8Array([0xff, round]))
    const where = `user_id = ? AND typeof(agent_number) = 'integer' AND agent_number = 5`
    await run(server, `UPDATE agents SET ${set} WHERE ${where}`, [...values, server.ann.user_id])
    await server.restart()
    await server.ask(await server.signIn(), 'agents.list', {})
    const { agents } = await server.ask(bob.token, 'agents.list', {})
    assert.equal(agents.length, 9, columns.join())
  }
})

for (const column of ['execution_count', 'executing_count', 'finished_count', 'total_ms', 'outcomes'])
  test(`an agent whose ${column} is damaged still acts and is stopped`, async (t) => {
    const server = await openServer(t)
    await run(server, `UPDATE agents SET ${column} = 'junk' WHERE agent_number = 5`)
    assert.equal((await server.done(5, 'calculate', { expression: '1 + 1' }))['value'], 2)
    await server.ask(server.ann.token, 'system.stop', {})
    assert.equal((await server.done(5, 'calculate', { expression: '1 + 2' }))['value'], 3)
  })
