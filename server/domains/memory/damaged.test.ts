import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDamage, run } from '../../../test/damage.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

const idOf = (server: Server, table: string) =>
  server.write(({ connection }) =>
    Promise.resolve(
      String(connection.all(`SELECT id FROM ${table} ORDER BY id DESC LIMIT 1`, [])[0]?.['id']),
    ),
  )

test('whatever is damaged in one memory, the others are shown, found and exported', async (t) => {
  const server = await openServer(t)
  await server.done(2, 'remember', { text: 'The whole milk is in the cellar.' })
  await server.done(2, 'remember', { text: 'The damaged milk is in the attic.' })
  const place = {
    table: 'memories',
    where: { id: await idOf(server, 'memories') },
    except: ['user_id', 'number'],
  }
  await eachDamage(server, place, async (damage) => {
    const { token } = server.ann
    server.clock.advance(1_000)
    const { memories } = await server.ask(token, 'agents.memory', { id: '2' })
    assert.ok(
      memories.some(({ content }) => JSON.stringify(content).includes('cellar')),
      damage,
    )
    const found = await server.ask(token, 'agents.memory', { id: '2', q: 'milk' })
    assert.ok(
      found.memories.some(({ content }) => JSON.stringify(content).includes('cellar')),
      damage,
    )
    await server.ask(token, 'agents.memory_export', { id: '2' })
    await server.done(2, 'recall', { query: 'cellar' })
  })
})

test('a damaged memory says so, and can be forgotten', async (t) => {
  const server = await openServer(t)
  await server.done(2, 'remember', { text: 'milk' })
  const id = await idOf(server, 'memories')
  await run(server, `UPDATE memories SET content = '{bad', tags = '7' WHERE id = ?`, [id])
  const { token } = server.ann
  const [shown] = (await server.ask(token, 'agents.memory', { id: '2' })).memories
  assert.deepEqual([shown?.content, shown?.tags], ['This entry is damaged.', []])
  await server.ask(token, 'agents.memory_forget', { id: '2', memory_id: id })
  assert.deepEqual((await server.ask(token, 'agents.memory', { id: '2' })).memories, [])
})

test('whatever is damaged in one document, the others are listed and taken along, and the log is told once', async (t) => {
  const server = await openServer(t)
  await server.done(3, 'remind', { text: 'whole', in_seconds: 90_000 })
  await server.done(3, 'remind', { text: 'damaged', in_seconds: 90_000 })
  const place = {
    table: 'records',
    where: { id: await idOf(server, 'records') },
    except: ['user_id', 'agent_id'],
  }
  await eachDamage(server, place, async (damage) => {
    const { records } = await server.ask(server.ann.token, 'account.records', {})
    assert.ok(JSON.stringify(records).includes('whole'), damage)
    assert.ok(JSON.stringify(await server.done(3, 'list', {})).includes('whole'), damage)
  })
  assert.equal(server.logged.filter((line) => line.includes('passed over')).length, 1)
})
