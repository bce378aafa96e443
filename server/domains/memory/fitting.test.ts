import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { keeping, shape } from '../../skills/skill.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openFitting } from './fitting.ts'
import { recordStore } from './record-store.ts'
import type { MemoryTables, RecordRow } from './store.ts'

const ROW = { id: 'r', user_id: 'u', agent_id: 'a', created_at: '2026-01-02T03:04:05.000Z' }
const gear = (body: unknown, more: Partial<RecordRow> = {}): RecordRow => {
  return { ...ROW, collection: 'gear', group_name: '', at: 0, body: JSON.stringify(body), ...more }
}

function openGear() {
  const logged: string[] = []
  const fitting = openFitting({ warn: (_message, details) => void logged.push(JSON.stringify(details)) })
  const body = shape({ teeth: Type.Integer() })
  const odd = { agrees: isOdd, isSound: ({ body: { teeth } }: Toothed) => teeth !== 13 }
  fitting.keep({ keeps: { gear: keeping({ body, ...odd }) } })
  return { ...fitting, logged }
}
interface Toothed {
  body: { teeth: number }
}
function isOdd({ body: { teeth } }: Toothed): boolean {
  return teeth % 2 === 1
}

test('a document fits that is what its collection holds, and the log is told of another one once', () => {
  const { fits, logged } = openGear()
  const rows = [gear({ teeth: 3 }), gear({ teeth: 13 }), gear({}, { collection: 'unknown' })]
  assert.deepEqual([rows.map(fits), logged], [[true, true, true], []])
  const broken = [gear({ teeth: 2 }), gear({ teeth: 2 }), gear(null, { id: 's' })]
  assert.deepEqual(broken.map(fits), [false, false, false])
  assert.equal(logged.length, 2)
  assert.match(logged[0] ?? '', /^\{"record_id":"r","collection":"gear","problem":"Its parts do not agree/)
  assert.match(logged[1] ?? '', /^\{"record_id":"s","collection":"gear","problem":"\/body /)
})

test('of very many documents that do not fit the log is told of a thousand', () => {
  const { fits, logged } = openGear()
  for (let index = 0; index < 1_100; index += 1) fits(gear(null, { id: String(index) }))
  assert.equal(logged.length, 1_000)
})

test('a document from elsewhere has to be sound as well, and of a kind that there is', () => {
  const { problemOf } = openGear()
  const unsound = /^Its parts do not agree with each other\.$/
  for (const [row, problem] of [
    [gear({ teeth: 3 }), /^none$/],
    [gear({ teeth: 4 }), unsound],
    [gear({ teeth: 13 }), unsound],
    [gear({ teeth: 3 }, { at: -8_640_000_000_000_002 }), /^\/at /],
    [gear({ teeth: 3 }, { at: 8_640_000_000_000_000 }), /^none$/],
    [gear({ teeth: 3 }, { group_name: 'x'.repeat(257) }), /^\/group /],
    [gear({}, { collection: 'constructor' }), /^There are no documents of the kind constructor\.$/],
  ] as const)
    assert.match(problemOf(row) ?? 'none', problem)
})

/** Puts documents into the store as an import of an earlier version has, with the job that goes with them. */
async function spoil({ write, ann, ask, app }: Server, agent_number: number, more: Partial<RecordRow>) {
  const { id: agent_id } = await ask(ann.token, 'agents.get', { id: String(agent_number) })
  await write(async (tx) => {
    const { user_id } = ann
    const row = { ...gear({}), id: app.kernel.id(), user_id, agent_id, ...more }
    await recordStore.put(tx.tables<MemoryTables>(), row)
    const kind = agent_number === 3 ? 'agents.alarm' : 'agents.check'
    const job = { kind, key: row.id, user_id, lane: user_id, payload: {}, priority: 'high' } as const
    if (agent_number !== 4) app.kernel.jobs.enqueue(tx, { ...job, run_at: app.kernel.clock.now() })
  })
}

test('one broken document of old stops neither its skill nor others, and nothing of it acts', async (context) => {
  const server = await openServer(context)
  await spoil(server, 3, { collection: 'reminder', group_name: 'waiting', at: 1e300, body: '{"text":"x"}' })
  await spoil(server, 4, { collection: 'item', group_name: 'shopping', body: '{"text":{"a":[]}}' })
  await spoil(server, 7, { collection: 'watch', group_name: 'watching', body: 'null' })
  await spoil(server, 1, { collection: 'taught_phrase', group_name: '3', body: '{}' })
  await server.done(3, 'remind', { text: 'stretch', in_seconds: 3_600 })
  await server.done(4, 'add', { items: ['milk'], list: 'shopping' })
  for (const [agent, action, length] of [
    [3, 'list', 1],
    [4, 'list', 1],
    [7, 'list', 0],
  ] as const) {
    const found = await server.done(agent, action, agent === 4 ? { list: 'shopping' } : {})
    assert.equal(Object.values(found).find(Array.isArray)?.length, length)
  }
  await server.done(3, 'export_ics')
  await server.done(3, 'cancel', { text: 'all' })
  server.clock.advance(60_000)
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  const { connection } = server.app.kernel.store.reader
  assert.deepEqual(
    connection.all(`SELECT key FROM jobs WHERE kind IN ('agents.alarm', 'agents.check')`, []),
    [],
  )
  const { notifications } = await server.ask(server.ann.token, 'notifications.list', {})
  assert.deepEqual(notifications, [])
  const lines = server.logged.filter((line) => line.includes('not what its collection holds'))
  assert.equal(lines.length, 3, lines.join('\n'))
})
