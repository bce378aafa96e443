import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SystemModification } from '../../../contract/system.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer, refused } from '../agents/fixture.ts'
import { EMPTY_CONFIG } from '../agents/view.ts'

test('creating, changing and deleting an agent are one modification each, with both states', async (context) => {
  const { ask, ann, own, clock } = await openServer(context)
  const { id } = await own({ name: 'One', config: { preferences: { tone: 'dry' } } })
  clock.advance(1_000)
  await ask(ann.token, 'agents.update', { id, name: 'Two' })
  await ask(ann.token, 'agents.delete', { id })
  const { modifications } = await ask(ann.token, 'system.modifications', {})
  for (const one of modifications) assert.deepEqual(findIssues(SystemModification, one), [])
  const config = { ...EMPTY_CONFIG, preferences: { tone: 'dry' } }
  const state = (name: string) => ({ name, description: '', config, is_active: true, voice_enabled: true })
  const seen = modifications.map(({ type, description, before_state, after_state }) => [
    type,
    description,
    before_state,
    after_state,
  ])
  assert.deepEqual(seen, [
    ['agent_config', 'Deleted agent 20, Two.', state('Two'), {}],
    ['agent_config', 'Changed agent 20, One.', state('One'), state('Two')],
    ['agent_config', 'Created agent 20, One.', {}, state('One')],
  ])
  const who = modifications.map(({ applied_by, applied_at, target }) => [applied_by, applied_at, target])
  const target = { kind: 'agent', id }
  const [then, later] = ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:01.000Z']
  assert.deepEqual(who, [
    [ann.user_id, later, target],
    [ann.user_id, later, target],
    [ann.user_id, then, target],
  ])
})

test('a modification can be rolled back as long as nothing later stands in the way, and says so', async (context) => {
  const { app, ask, ann, write } = await openServer(context)
  const available = async () =>
    (await ask(ann.token, 'system.modifications', {})).modifications.map((one) => one.rollback_available)
  await ask(ann.token, 'agents.update', { id: '5', name: 'Numbers' })
  await ask(ann.token, 'agents.update', { id: '6', name: 'Letters' })
  assert.deepEqual(await available(), [true, true])
  await ask(ann.token, 'agents.update', { id: '5', name: 'Sums' })
  assert.deepEqual(await available(), [true, true, false])
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  assert.deepEqual(await available(), [true, false, true, true])
})

test('the list is filtered by type, target and author, and read page by page', async (context) => {
  const { ask, ann, own } = await openServer(context)
  const { id } = await own()
  for (const name of ['a', 'b', 'c']) await ask(ann.token, 'agents.update', { id: '5', name })
  const list = async (filter: object) => ask(ann.token, 'system.modifications', filter)
  const counted = async (filter: object) => (await list(filter)).modifications.length
  assert.deepEqual(
    [
      await counted({ target: id }),
      await counted({ type: 'agent_config' }),
      await counted({ applied_by: ann.user_id }),
    ],
    [1, 4, 4],
  )
  for (const filter of [{ target: 'x' }, { type: 'workflow_change' }, { applied_by: 'agent:5' }])
    assert.equal(await counted(filter), 0, JSON.stringify(filter))
  const first = await list({ limit: 3 })
  const rest = await list({ limit: 3, cursor: first.next_cursor })
  assert.deepEqual(
    [first.modifications.length, rest.modifications.length, rest.next_cursor],
    [3, 1, undefined],
  )
  const newest = [...first.modifications, ...rest.modifications].map((one) => one.id)
  assert.deepEqual(newest, newest.toSorted().toReversed())
})

test('filters and pages that make no sense are malformed', async (context) => {
  const { call, ann } = await openServer(context)
  for (const filter of [
    { type: 'magic' },
    { limit: 0 },
    { limit: 501 },
    { cursor: '!' },
    { target: '' },
    { by: 'x' },
  ])
    assert.equal(
      refused(await call(ann.token, 'system.modifications', filter as object)),
      '400 GENERAL_001',
      JSON.stringify(filter),
    )
})

test('nobody sees the modifications of others, not even the owner', async (context) => {
  const { ask, ann, bob } = await openServer(context)
  const { token } = await bob()
  await ask(token, 'agents.create', { name: 'Hers' })
  await ask(ann.token, 'agents.create', { name: 'Mine' })
  for (const [who, name] of [
    [ann.token, 'Mine'],
    [token, 'Hers'],
  ] as const) {
    const { modifications } = await ask(who, 'system.modifications', {})
    assert.deepEqual(
      modifications.map(({ description }) => description),
      [`Created agent 20, ${name}.`],
    )
  }
})

test('recent changes are told in a sentence each, the newest first', async (context) => {
  const { app, ask, ann } = await openServer(context)
  for (const name of ['a', 'b', 'c']) await ask(ann.token, 'agents.update', { id: '5', name })
  assert.deepEqual(await app.changes.recent(ann.user_id, 2), ['agent 5: name b -> c', 'agent 5: name a -> b'])
})
