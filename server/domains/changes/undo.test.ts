import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openUndoing, stateOf } from './fixture.ts'

const add = (server: Server, ...items: string[]) => server.act(4, 'add', { items })
const items = async ({ done }: Server) =>
  ((await done(4, 'list'))['items'] as { text: string }[]).map(({ text }) => text)

test('an older deed is undone by its id while the newer ones stay', async (context) => {
  const server = await openUndoing(context)
  const { execution_id: id } = await add(server, 'milk')
  await add(server, 'eggs')
  const undone = await server.ask(server.ann.token, 'agents.undo', { id })
  assert.deepEqual([undone.undone, undone.text], [id, 'Undone: Added milk to your to do list.'])
  assert.deepEqual(await items(server), ['eggs'])
  assert.equal((await server.undo()).text, 'Undone: Added eggs to your to do list.')
})

test('an undo is undone by its own id, which does the deed again', async (context) => {
  const server = await openUndoing(context)
  const { execution_id: id } = await add(server, 'milk')
  const undone = await server.ask(server.ann.token, 'agents.undo', { id })
  const redone = await server.ask(server.ann.token, 'agents.undo', { id: undone.execution_id })
  assert.deepEqual(
    [redone.undone, redone.text],
    [undone.execution_id, 'Done again: Added milk to your to do list.'],
  )
  assert.deepEqual(await items(server), ['milk'])
})

test('nothing is undone twice', async (context) => {
  const server = await openUndoing(context)
  const { execution_id: id } = await add(server, 'milk')
  await server.ask(server.ann.token, 'agents.undo', { id })
  const again = await server.call(server.ann.token, 'agents.undo', { id })
  const details = { conflicts: [{ id }] }
  assert.deepEqual(refusal(again), { status: 409, code: 'SYSTEM_003', details })
})

test('a later change of the same thing stands in the way, and the refusal changes nothing', async (context) => {
  const server = await openUndoing(context)
  const { execution_id: id } = await add(server, 'milk', 'eggs')
  await server.done(4, 'done', { items: ['eggs'] })
  const before = stateOf(server)
  const { status, code, details } = refusal(await server.call(server.ann.token, 'agents.undo', { id }))
  assert.deepEqual([status, code], [409, 'SYSTEM_003'])
  const [conflict] = details['conflicts'] as { kind: string; id: string }[]
  assert.equal(conflict?.kind, 'record')
  assert.deepEqual(stateOf(server), before)
  await server.undo()
  await server.ask(server.ann.token, 'agents.undo', { id })
  assert.deepEqual(await items(server), [])
})

test('a note that was tagged since is not taken away by undoing the remembering of it', async (context) => {
  const server = await openUndoing(context)
  const { execution_id: id } = await server.act(2, 'remember', { text: 'Karin likes tulips' })
  await server.done(2, 'tag', { tags: ['flowers'] })
  assert.equal(refused(await server.call(server.ann.token, 'agents.undo', { id })), '409 SYSTEM_003')
  await server.undo()
  await server.ask(server.ann.token, 'agents.undo', { id })
  assert.deepEqual((stateOf(server) as { memories: object[] }).memories, [])
})

test('something new ends what could be done again, also when that is undone itself', async (context) => {
  const server = await openUndoing(context)
  await add(server, 'milk')
  await server.undo()
  await add(server, 'eggs')
  await assert.rejects(server.redo(), { status: 404 })
  await server.undo()
  assert.equal((await server.redo()).text, 'Done again: Added eggs to your to do list.')
  await assert.rejects(server.redo(), { status: 404 })
  assert.deepEqual(await items(server), ['eggs'])
})

test('several undos are done again one after the other, in the order of the doing', async (context) => {
  const server = await openUndoing(context)
  for (const text of ['a', 'b', 'c']) await add(server, text)
  for (let turn = 0; turn < 3; turn += 1) await server.undo()
  assert.deepEqual(await items(server), [])
  await server.redo()
  assert.deepEqual(await items(server), ['a'])
  await server.redo()
  await server.undo()
  await server.redo()
  await server.redo()
  assert.deepEqual(await items(server), ['a', 'b', 'c'])
})

test('with nothing done there is nothing to undo, and with nothing undone nothing to do again', async (context) => {
  const server = await openUndoing(context)
  await assert.rejects(server.undo(), { code: 'GENERAL_001', status: 404 })
  await assert.rejects(server.redo(), { code: 'GENERAL_001', status: 404 })
  await add(server, 'milk')
  await assert.rejects(server.redo(), { status: 404 })
  const absent = '01900000-0000-7000-8000-000000000000'
  assert.equal(refused(await server.call(server.ann.token, 'agents.undo', { id: absent })), '404 GENERAL_001')
  assert.equal(refused(await server.call(server.ann.token, 'agents.undo', { id: '4' })), '400 GENERAL_001')
})

test('everybody undoes their own deeds alone', async (context) => {
  const server = await openUndoing(context)
  const { user_id } = await server.bob()
  await add(server, 'milk')
  await assert.rejects(
    server.write((tx) => server.app.changes.undo.undo(tx, user_id)),
    { status: 404 },
  )
  assert.deepEqual(await items(server), ['milk'])
})

test('the last 200 entries can be undone, and those before are forgotten with what they did', async (context) => {
  const server = await openUndoing(context)
  const { execution_id: first } = await add(server, 'item 0')
  for (let index = 1; index <= 200; index += 1) await add(server, `item ${index}`)
  assert.equal(refused(await server.call(server.ann.token, 'agents.undo', { id: first })), '404 GENERAL_001')
  const { connection } = server.app.kernel.store.reader
  const count = (table: string) => connection.all(`SELECT count(*) AS n FROM ${table}`, [])[0]?.['n']
  assert.deepEqual([count('undo_entries'), count('undo_steps')], [200, 200])
})
