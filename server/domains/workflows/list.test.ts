import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../agents/fixture.ts'
import { own } from './engine/rig.ts'
import { defined, openStage } from './rig.ts'
import { workflowStore } from './store.ts'
import type { WorkflowTables } from './store.ts'

const large = (bytes: number) => [own('a', 'set', { value: 'x'.repeat(bytes) })]

test('a list of large workflows comes in pages of about a megabyte, and nothing is lost between them', async (context) => {
  const { create, ask, ann } = await openStage(context)
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  for (const name of names) await create({ steps: large(250_000) }, name)
  const first = await ask(ann.token, 'workflows.list', {})
  assert.deepEqual(
    first.workflows.map(({ name }) => name),
    ['a', 'b', 'c', 'd'],
  )
  assert.deepEqual([first.total_count, first.active_count], [7, 7])
  const { workflows, next_cursor } = await ask(ann.token, 'workflows.list', {
    cursor: first.next_cursor ?? '',
  })
  assert.deepEqual([workflows.map(({ name }) => name), next_cursor], [['e', 'f', 'g'], undefined])
  const few = await ask(ann.token, 'workflows.list', { limit: 2 })
  assert.deepEqual([few.workflows.length, few.next_cursor === undefined], [2, false])
})

test('where definitions are veiled none of them is read', async (context) => {
  const { create, app, ann } = await openStage(context)
  await create({ steps: large(1) }, 'a')
  const listed = async (veiled: boolean) => {
    const db = app.kernel.store.reader.tables<WorkflowTables>()
    const rows = await workflowStore.list(db, ann.user_id, { veiled })
    return rows.map(({ name, definition }) => [name, definition.length > 2])
  }
  assert.deepEqual(await listed(true), [['a', false]])
  assert.deepEqual(await listed(false), [['a', true]])
  const [seen] = await app.workflows.shown(ann.user_id, 'a program')
  assert.deepEqual([seen?.name, seen?.definition.steps], ['a', []])
})

test('a workflow that is too large is not saved, neither new nor changed', async (context) => {
  const { create, call, ask, ann } = await openStage(context)
  const definition = defined({ steps: large(262_144) })
  assert.equal(
    refused(await call(ann.token, 'workflows.create', { name: 'Large', definition })),
    '422 WORKFLOW_003',
  )
  const { id } = await create({ steps: large(1) })
  assert.equal(refused(await call(ann.token, 'workflows.update', { id, definition })), '422 WORKFLOW_003')
  assert.equal((await ask(ann.token, 'workflows.list', {})).total_count, 1)
})
