import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { refusal } from '../../agents/fixture.ts'
import { defined, openStage } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { HOUR, SET, pass, runsOf, signIn } from './rig.ts'
import type { TriggerTables } from './store.ts'

/** Everything that is followed of Ann's. */
function followed({ app, ann }: Stage) {
  const db = app.kernel.store.reader.tables<TriggerTables>()
  return db.selectFrom('workflow_triggers').selectAll().where('user_id', '=', ann.user_id).execute()
}

type Given = Omit<WorkflowTrigger, 'type'> & { type?: WorkflowTrigger['type'] }

/** What an agent is refused, when it is changed and when it is made, as path and message. */
async function refusedBoth(stage: Stage, ...given: Given[]): Promise<string> {
  const workflow_triggers = given.map((one) => ({ type: 'schedule' as const, ...one }))
  const config = { preferences: { skill: 'actor' }, workflow_triggers }
  const replies = [
    await stage.call(stage.ann.token, 'agents.update', { id: '20', config: { workflow_triggers } }),
    await stage.call(stage.ann.token, 'agents.create', { name: 'Second', config }),
  ]
  const [first = '', second] = replies.map((reply) => {
    const { status, code, details } = refusal(reply)
    const [{ path, message } = { path: '', message: '' }] = details['issues'] as Record<string, string>[]
    return `${status} ${code} ${path} ${message}`
  })
  assert.equal(first, second)
  return first.replace('422 AGENT_004 /config/workflow_triggers', '')
}

test('a trigger that cannot fire is refused with its path, and nothing of the change is kept', async (context) => {
  const stage = await openStage(context)
  const { id: workflow_id } = await stage.create({ steps: [SET] })
  const deleted = await stage.create({ steps: [SET] })
  await stage.ask(stage.ann.token, 'workflows.delete', { id: deleted.id })
  const bob = await stage.bob()
  const foreign = await stage.write((tx) =>
    stage.app.workflows.create(tx, bob.user_id, { name: 'His', definition: defined({ steps: [SET] }) }),
  )
  const cron = '20 * * * *'
  const none = '/0/conditions/workflow_id It names no workflow of yours.'
  const rows: [Given | Given[], string | RegExp][] = [
    [{ conditions: { cron } }, none],
    [{ conditions: { cron, workflow_id: null } }, none],
    [{ conditions: { cron, workflow_id: 7 } }, none],
    [{ conditions: { cron, workflow_id: [workflow_id] } }, none],
    [{ conditions: { cron, workflow_id: '' } }, none],
    [{ conditions: { cron, workflow_id: ` ${workflow_id}` } }, none],
    [{ conditions: { cron, workflow_id: deleted.id } }, none],
    [{ conditions: { cron, workflow_id: foreign.id } }, none],
    [{ type: 'manual', conditions: {} }, none],
    [{ conditions: { workflow_id } }, /^\/0\/conditions A schedule has one of/],
    [{ conditions: { workflow_id, cron, every_ms: 60_000 } }, /^\/0\/conditions\/every_ms /],
    [{ conditions: { workflow_id, cron: '61 * * * *' } }, /^\/0\/conditions\/cron /],
    [{ conditions: { workflow_id, cron: '0 0 30 2 *' } }, /^\/0\/conditions\/cron /],
    [{ conditions: { workflow_id, every_ms: 59_999 } }, /^\/0\/conditions\/every_ms /],
    [{ conditions: { workflow_id, cron, timezone: 'Europe/Nowhere' } }, /^\/0\/conditions\/timezone /],
    [{ conditions: { workflow_id, at: 'tomorrow' } }, /^\/0\/conditions\/at /],
    [{ conditions: { workflow_id, cron, catch_up: 'some' } }, /^\/0\/conditions\/catch_up /],
    [{ conditions: { workflow_id, cron, phrase: 'x' } }, /^\/0\/conditions\/phrase "phrase" is no condition/],
    [{ conditions: { workflow_id, cron }, source_agent: 2 }, /^\/0\/source_agent /],
    [{ type: 'webhook', conditions: { workflow_id, method: 'HEAD' } }, /^\/0\/conditions\/method /],
    [{ type: 'manual', conditions: { workflow_id, cron } }, /^\/0\/conditions\/cron /],
    [{ type: 'voice_command', conditions: { workflow_id } }, /^\/0\/conditions\/phrase /],
    [{ type: 'agent_completion', conditions: { workflow_id, success: 1 } }, /^\/0\/conditions\/success /],
    [{ type: 'agent_completion', conditions: { workflow_id, match: [] } }, /^\/0\/conditions\/match /],
    [
      { type: 'agent_completion', conditions: { workflow_id }, source_agent: 999 },
      '/0/source_agent There is no agent 999.',
    ],
    [
      [{ conditions: { workflow_id, cron } }, { conditions: { workflow_id, cron: 'x' } }],
      /^\/1\/conditions\/cron /,
    ],
  ]
  for (const [given, expected] of rows) {
    const said = await refusedBoth(stage, ...(Array.isArray(given) ? given : [given]))
    if (typeof expected === 'string') assert.equal(said, expected)
    else assert.match(said, expected)
  }
  assert.deepEqual(await followed(stage), [])
  assert.deepEqual(
    (await stage.ask(stage.ann.token, 'agents.get', { id: '20' })).config.workflow_triggers,
    [],
  )
  await pass(stage, HOUR)
  assert.deepEqual(await runsOf(stage), [])
})

const hook = (workflow_id: string) => ({ type: 'webhook' as const, conditions: { workflow_id } })

test('the triggers that an agent has are not looked at again, the ones that are added are', async (context) => {
  const stage = await openStage(context)
  const [one, two] = [await stage.create({ steps: [SET] }), await stage.create({ steps: [SET] })]
  const give = (...workflow_triggers: WorkflowTrigger[]) =>
    stage.call(stage.ann.token, 'agents.update', { id: '20', config: { workflow_triggers } })
  assert.ok((await give(hook(one.id), hook(two.id))).ok)
  await stage.ask(stage.ann.token, 'workflows.delete', { id: one.id })
  assert.ok((await give(hook(one.id))).ok)
  const { details } = refusal(await give(hook(one.id), { ...hook(one.id), conditions: { workflow_id: 'x' } }))
  assert.equal(
    (details['issues'] as { path: string }[])[0]?.path,
    '/config/workflow_triggers/1/conditions/workflow_id',
  )
  assert.ok((await give(hook(two.id))).ok)
  assert.equal((await give(hook(two.id), hook(one.id))).ok, false, 'once removed it is not known any more')
})

test('the triggers of an agent that is switched off are looked at when it is switched on', async (context) => {
  const stage = await openStage(context)
  const { id: workflow_id } = await stage.create({ steps: [SET] })
  const bad = { type: 'schedule' as const, conditions: { workflow_id, cron: '* *' } }
  const change = async (given: object) =>
    stage.call(await signIn(stage), 'agents.update', { id: '20', ...given })
  assert.ok((await change({ is_active: false, config: { workflow_triggers: [bad] } })).ok)
  const { code, details } = refusal(await change({ is_active: true }))
  const [issue] = details['issues'] as { path: string }[]
  assert.deepEqual([code, issue?.path], ['AGENT_004', '/config/workflow_triggers/0/conditions/cron'])
  assert.deepEqual(await followed(stage), [])
  assert.equal((await stage.ask(stage.ann.token, 'agents.get', { id: '20' })).is_active, false)
  assert.ok((await change({ is_active: true, config: { workflow_triggers: [] } })).ok)
})
