import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from './fixture.ts'
import type { Server } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

async function damage(server: Server, sql: string, values: string[] = []): Promise<void> {
  await server.write(({ connection }) => Promise.resolve(connection.run(sql, values)))
}

for (const config of ['{bad', 'null', '5', '[]', '{"voice_commands":5,"preferences":"x"}'])
  test(`an agent whose configuration is damaged (${config}) is shown, acts and can be set up anew`, async (t) => {
    const server = await openServer(t)
    await damage(server, 'UPDATE agents SET config = ? WHERE agent_number = 5', [config])
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
      await damage(server, `UPDATE executions SET ${column} = ? WHERE id = ?`, [value, execution_id])
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
  await damage(server, `UPDATE executions SET command = '{bad' WHERE id = ?`, [execution_id])
  await probe.waiting(1)
  probe.release()
  const { status, result } = await server.ended(execution_id)
  assert.deepEqual([status, probe.performed.includes('no')], ['failed', false])
  assert.match(result?.error ?? '', /asked to do is damaged/)
})
