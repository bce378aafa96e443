import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { system } from '../../../contract/system.ts'
import { Fault } from '../../kernel/fault.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { performAs } from './fixture.ts'
import { defined, openStage, step } from '../workflows/rig.ts'

type Wanted = Input<typeof system.modify>

const renamed = (after_state: Record<string, unknown>, more: Partial<Wanted> = {}): Wanted => ({
  type: 'agent_config',
  description: 'A change.',
  target: { kind: 'agent', id: '2' },
  after_state,
  ...more,
})

const modify = (server: Server, wanted: Wanted) => performAs(server, server.ann, 'system.modify', wanted)

test('a modification is merged into the agent, recorded under its description, and rolled back like any other', async (context) => {
  const server = await openServer(context)
  const { ask, app, ann, write } = server
  const before = await ask(ann.token, 'agents.get', { id: '2' })
  const config = { preferences: { tone: 'dry' } }
  const made = await modify(server, renamed({ name: 'Diary', config }))
  assert.deepEqual(
    [made.type, made.description, made.applied_by, made.rollback_available, made.target.id],
    ['agent_config', 'A change.', ann.user_id, true, before.id],
  )
  assert.deepEqual([made.before_state['name'], made.after_state['name']], [before.name, 'Diary'])
  assert.deepEqual(
    made.patch.map(({ op, path }) => `${op} ${path}`),
    ['add /config/preferences/tone', 'replace /name'],
  )
  const now = await ask(ann.token, 'agents.get', { id: '2' })
  assert.deepEqual([now.name, now.config.preferences['tone']], ['Diary', 'dry'])
  const [kept] = (await ask(ann.token, 'system.modifications', {})).modifications
  assert.equal(kept?.id, made.id)
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  const back = await ask(ann.token, 'agents.get', { id: '2' })
  assert.deepEqual({ ...back, updated_at: before.updated_at }, before)
})

test('null takes a field away, and what is not named stays', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const preferences = { a: 1, b: { c: 2, d: 3 } }
  await ask(ann.token, 'agents.update', { id: '2', config: { preferences } })
  const made = await modify(server, renamed({ config: { preferences: { a: null, b: { c: null } } } }))
  assert.deepEqual((await ask(ann.token, 'agents.get', { id: '2' })).config.preferences, { b: { d: 3 } })
  assert.deepEqual(
    made.patch.map(({ op, path }) => `${op} ${path}`),
    ['remove /config/preferences/a', 'remove /config/preferences/b/c'],
  )
})

test('a modification that is only tried changes nothing and says the same', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const tried = await modify(server, renamed({ name: 'Diary' }, { dry_run: true }))
  assert.equal((await ask(ann.token, 'agents.get', { id: '2' })).name, 'Notes & Memory')
  assert.deepEqual((await ask(ann.token, 'system.modifications', {})).modifications, [])
  const made = await modify(server, renamed({ name: 'Diary' }))
  assert.deepEqual(
    [tried.impact, tried.impact_assessment, tried.patch],
    [made.impact, made.impact_assessment, made.patch],
  )
})

test('what is not as the client took it to be is refused, and so is what is already so', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const conflict = { name: 'MODIFICATION_FAILED', code: 'SYSTEM_002', status: 409 }
  const wrong = { before_state: { name: 'Other', is_active: true } }
  await assert.rejects(modify(server, renamed({ name: 'Diary' }, wrong)), {
    ...conflict,
    details: { fields: ['name'] },
  })
  await modify(server, renamed({ name: 'Diary' }, { before_state: { name: 'Notes & Memory' } }))
  await assert.rejects(modify(server, renamed({ name: 'Diary' })), conflict)
  assert.equal((await ask(ann.token, 'system.modifications', {})).modifications.length, 1)
})

test('a modification names one thing that can be modified, with fields that it has', async (context) => {
  const server = await openServer(context)
  const WRONG: [Partial<Wanted>, string, number][] = [
    [{ type: 'workflow_change' }, '/type', 400],
    [{ target: { kind: 'grant', id: 'x' } }, '/target/kind', 400],
    [{ after_state: { id: '3', name: 'X' } }, '/after_state/id', 400],
    [{ after_state: { color: 'red' } }, '/after_state/color', 400],
    [{ after_state: { name: 7 } }, '/after_state/name', 400],
    [{ after_state: { name: null } }, '/after_state/name', 400],
    [{ after_state: { agent_number: 5 } }, '/after_state/agent_number', 400],
  ]
  for (const [more, path, status] of WRONG) {
    const problem = await modify(server, renamed({ name: 'X' }, more)).catch((error: unknown) => error)
    assert.ok(problem instanceof Fault, JSON.stringify(more))
    assert.ok(problem.details, String(problem) + JSON.stringify(more))
    const { issues = [] } = problem.details as { issues?: { path: string }[] }
    assert.deepEqual([problem.status, issues[0]?.path], [status, path], JSON.stringify(more))
  }
  const gone = { name: 'AGENT_NOT_FOUND', status: 404 }
  const bob = await server.bob()
  const { id: his } = await server.ask(bob.token, 'agents.get', { id: '2' })
  for (const id of ['77', his])
    await assert.rejects(modify(server, renamed({ name: 'X' }, { target: { kind: 'agent', id } })), gone)
  await assert.rejects(modify(server, renamed({ config: { preferences: { skill: 'none' } } })), {
    name: 'AGENT_CONFIG_INVALID',
  })
})

test('without a target the id is in the state, and settings need none', async (context) => {
  const server = await openServer(context)
  const { id: agent } = await server.ask(server.ann.token, 'agents.get', { id: '2' })
  const made = await modify(server, {
    type: 'agent_config',
    description: 'By id.',
    after_state: { id: agent, name: 'Diary' },
  })
  assert.equal(made.target.id, agent)
  const settings = { type: 'system_setting', description: 'Stricter.' } as const
  const set = await modify(server, { ...settings, after_state: { deleted_retention_days: 10 } })
  assert.deepEqual(
    [set.target, set.patch.map(({ path }) => path)],
    [{ kind: 'setting', id: 'config' }, ['/deleted_retention_days']],
  )
  await assert.rejects(
    performAs(server, await server.bob(), 'system.modify', {
      ...settings,
      after_state: { deleted_retention_days: 10 },
    }),
    { status: 403 },
  )
})

test('a workflow is modified as it is changed: what is invalid is refused with all that is wrong', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ steps: [step('a')] }, 'One')
  const wanted = { type: 'workflow_change', description: 'More.', target: { kind: 'workflow', id } } as const
  const cycle = defined({ steps: [step('a', { depends_on: ['b'] }), step('b', { depends_on: ['a'] })] })
  await assert.rejects(modify(stage, { ...wanted, after_state: { definition: cycle } }), {
    name: 'WORKFLOW_VALIDATION_FAILED',
  })
  const definition = defined({ steps: [step('a'), step('b')] })
  const made = await modify(stage, { ...wanted, after_state: { definition, name: 'Two' } })
  const { name, definition: kept } = await stage.ask(stage.ann.token, 'workflows.get', { id })
  assert.deepEqual(
    [name, kept.steps.length, made.patch.map(({ path }) => path)],
    ['Two', 2, ['/definition/steps', '/name']],
  )
})

test('what is only tried is refused where the change itself would be, and leaves nothing', async (context) => {
  const server = await openServer(context)
  const { ask, app, ann } = server
  await server.own({ name: 'Mine' })
  const before = app.kernel.events.since(ann.user_id, 0)
  const dry = (wanted: Wanted) => modify(server, { ...wanted, dry_run: true })
  await assert.rejects(dry(renamed({ name: 'MINE' })), { code: 'AGENT_004', status: 409 })
  const tried = await dry(renamed({ name: 'Diary', is_active: false }))
  assert.deepEqual([tried.after_state['name'], tried.rollback_available], ['Diary', false])
  assert.equal((await ask(ann.token, 'agents.get', { id: '2' })).name, 'Notes & Memory')
  assert.equal((await ask(ann.token, 'system.modifications', {})).modifications.length, 1)
  const told = await app.kernel.events.since(ann.user_id, 0)
  assert.equal(told.events.length, (await before).events.length)
  const made = await modify(server, renamed({ name: 'Diary', is_active: false }))
  assert.equal(made.state_hash, tried.state_hash)
})
