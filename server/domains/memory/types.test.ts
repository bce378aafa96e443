import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

const AGENT = '2'

const keep = async (server: Server, memory_type: string, content: string): Promise<string> =>
  (await server.ask(server.ann.token, 'agents.memory_store', { id: AGENT, memory_type, content })).id
const counted = async (server: Server, memory_type: string) =>
  (await server.ask(server.ann.token, 'agents.memory', { id: AGENT, memory_type, limit: 1 })).total_count
/** That what is counted is what there is. */
async function agrees(server: Server, types: readonly string[]): Promise<void> {
  for (const type of types) {
    const { connection } = server.app.kernel.store.reader
    const [row] = connection.all('SELECT count(*) AS n FROM memories WHERE memory_type = ?', [type])
    assert.equal(await counted(server, type), Number(row?.['n']), type)
  }
}

test('the entries of a type are counted as they come, change their type, go, and come back', async (context) => {
  const server = await openServer(context)
  const types = ['fact', 'a "quoted".[0] type', '日本', 'never']
  const ids: string[] = []
  for (let n = 0; n < 12; n += 1) ids.push(await keep(server, types[n % 3] ?? '', `entry ${n}`))
  await agrees(server, types)
  assert.deepEqual([await counted(server, 'fact'), await counted(server, 'never')], [4, 0])
  const update = { id: AGENT, memory_id: ids[0] ?? '', memory_type: 'never' }
  await server.ask(server.ann.token, 'agents.memory_update', update)
  assert.deepEqual([await counted(server, 'fact'), await counted(server, 'never')], [3, 1])
  await server.ask(server.ann.token, 'agents.memory_forget', { id: AGENT, memory_id: ids[3] ?? '' })
  await agrees(server, types)
  await server.restart()
  await agrees(server, types)
  await server.ask(server.ann.token, 'agents.memory_clear', { id: AGENT, memory_type: '日本' })
  assert.equal(await counted(server, '日本'), 0)
})

test('more types than are counted apart are counted all the same', async (context) => {
  const server = await openServer(context)
  const types = Array.from({ length: 60 }, (_value, n) => `type ${n} ${'x'.repeat(40)}`)
  for (const type of types) await keep(server, type, `of ${type}`)
  const { connection } = server.app.kernel.store.reader
  const [scope] = connection.all(`SELECT types FROM memory_scopes WHERE types = ''`, [])
  assert.ok(scope)
  await keep(server, types[7] ?? '', 'one more')
  assert.equal(await counted(server, types[7] ?? ''), 2)
  await agrees(server, types)
})
