import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { openStage } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { HOUR, MINUTE, SET, dataOf, duesOf, pass, rollBack, runsOf, signIn } from './rig.ts'

const at = (...times: string[]) => times.map((time) => `2026-11-22T${time}:00.000Z`)

/** Gives the agent of the stage its triggers. */
async function give(stage: Stage, ...workflow_triggers: WorkflowTrigger[]): Promise<void> {
  await stage.ask(await signIn(stage), 'agents.update', { id: '20', config: { workflow_triggers } })
}

const target = (stage: Stage, name?: string) => stage.create({ steps: [SET] }, name)
const cron = (workflow_id: string, text = '20 * * * *', more: object = {}): WorkflowTrigger => ({
  type: 'schedule',
  conditions: { workflow_id, cron: text, ...more },
})
const hook = (workflow_id: string, more: object = {}): WorkflowTrigger => ({
  type: 'webhook',
  conditions: { workflow_id, ...more },
})
const done = (workflow_id: string, more: object = {}, source_agent?: number): WorkflowTrigger => ({
  type: 'agent_completion',
  conditions: { workflow_id, ...more },
  ...(source_agent === undefined ? {} : { source_agent }),
})

/** The paths of the webhooks that agents have for a workflow. */
async function pathsOf(stage: Stage, id: string): Promise<string[]> {
  const { agent_webhooks = [] } = await stage.ask(await stage.signIn(), 'workflows.get', { id })
  return agent_webhooks.map(({ path }) => path).toSorted()
}

const isThere = ({ app }: Stage, path: string): boolean =>
  app.workflows.hooks.find(path.replace('/api/hooks/', '')) !== undefined

test("an agent's own triggers start the workflows that they name", async (context) => {
  const stage = await openStage(context)
  stage.script = () => ({ result: { n: 1 } })
  const [timed, own, other, called, never] = await Promise.all([1, 2, 3, 4, 5].map(() => target(stage)))
  const ids = [timed, own, other, called, never].map((workflow) => workflow?.id ?? '')
  await give(
    stage,
    cron(ids[0] ?? ''),
    done(ids[1] ?? '', { action: 'act', match: { n: 1 } }),
    done(ids[2] ?? '', {}, 2),
    hook(ids[3] ?? ''),
    { type: 'manual', conditions: { workflow_id: ids[4] ?? '' } },
  )
  await stage.act(20, 'act', { step: 'a' })
  await stage.act(20, 'send', { step: 'a' })
  await stage.act(2, 'recall', { query: 'milk' })
  await pass(stage, HOUR)
  const [path = ''] = await pathsOf(stage, ids[3] ?? '')
  assert.ok(isThere(stage, path))
  const runs = await runsOf(stage)
  assert.deepEqual(
    runs.map((run) => [ids.indexOf(run.workflow_id), run.trigger_source, run.status, dataOf(run)['type']]),
    [
      [1, 'agent:20', 'completed', 'agent_completion'],
      [2, 'agent:2', 'completed', 'agent_completion'],
      [0, 'schedule', 'completed', 'schedule'],
    ],
  )
  assert.deepEqual(await duesOf(stage, ids[0] ?? ''), at('10:20'))
})

test('an agent can be made with triggers, and waits for itself unless they say another', async (context) => {
  const stage = await openStage(context)
  const { id } = await target(stage)
  const config = { preferences: { skill: 'actor' }, workflow_triggers: [done(id), cron(id)] }
  const agent = await stage.own({ name: 'Second', config })
  const { result } = await stage.act(21, 'act', { step: 'a' })
  await stage.act(20, 'act', { step: 'a' })
  await pass(stage, HOUR)
  assert.deepEqual(
    (await runsOf(stage, id)).map((run) => [
      run.id === result?.metadata.workflow_triggered?.[0],
      run.trigger_source,
    ]),
    [
      [true, 'agent:21'],
      [false, 'schedule'],
    ],
  )
  assert.deepEqual(agent.config.workflow_triggers, config.workflow_triggers)
})

test('a webhook stays the same wherever it stands in the list, and never goes to another trigger', async (context) => {
  const stage = await openStage(context)
  const [one, two] = [(await target(stage)).id, (await target(stage)).id]
  await give(stage, hook(one), hook(two))
  const [[first = ''], [second = '']] = [await pathsOf(stage, one), await pathsOf(stage, two)]
  assert.notEqual(first, second)
  const paths = async () => [await pathsOf(stage, one), await pathsOf(stage, two)]
  await give(stage, cron(one), hook(two), cron(two), hook(one))
  assert.deepEqual(await paths(), [[first], [second]], 'others before, between and behind, in another order')
  await give(stage, hook(two))
  assert.deepEqual(await paths(), [[], [second]], 'the one before it removed')
  assert.deepEqual([isThere(stage, first), isThere(stage, second)], [false, true])
  await give(stage, hook(two, { method: 'GET', signed: true }))
  const [changed = ''] = await pathsOf(stage, two)
  assert.ok(![first, second].includes(changed), 'what is changed is another')
  assert.equal(isThere(stage, second), false)
  await give(stage, hook(one), {
    type: 'webhook',
    conditions: { signed: true, method: 'GET', workflow_id: two },
  })
  assert.deepEqual(await paths(), [[first], [changed]], 'written again, in whatever order, it is there again')
})

test('the same trigger of two agents is two, and the same one twice in a list is one', async (context) => {
  const stage = await openStage(context)
  const { id } = await target(stage)
  await give(stage, hook(id), cron(id), hook(id), cron(id))
  assert.equal((await pathsOf(stage, id)).length, 1)
  await stage.own({ name: 'Second', config: { workflow_triggers: [hook(id), cron(id)] } })
  assert.equal(new Set(await pathsOf(stage, id)).size, 2)
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), at('10:20', '10:20'))
})

test('what stays in the list goes on as it was when others come and go', async (context) => {
  const stage = await openStage(context)
  const { id } = await target(stage)
  const every: WorkflowTrigger = { type: 'schedule', conditions: { workflow_id: id, every_ms: HOUR } }
  await give(stage, every)
  await pass(stage, 30 * MINUTE)
  await give(stage, hook(id), every)
  await pass(stage, HOUR)
  await give(stage, every)
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), at('11:00', '12:00'))
})

test('switched off or deleted, an agent starts nothing; on again or brought back it goes on from then', async (context) => {
  const stage = await openStage(context)
  const { id } = await target(stage)
  await give(stage, cron(id, '20 * * * *', { catch_up: 'all' }), hook(id), done(id, {}, 2))
  const [path = ''] = await pathsOf(stage, id)
  const isSilent = async (): Promise<void> => {
    const before = (await runsOf(stage, id)).length
    await pass(stage, HOUR)
    await stage.signIn()
    await stage.act(2, 'recall', { query: 'milk' })
    assert.equal((await runsOf(stage, id)).length, before)
    assert.deepEqual([isThere(stage, path), await pathsOf(stage, id)], [false, []])
  }
  const starts = async (due: string): Promise<void> => {
    const before = (await runsOf(stage, id)).length
    await pass(stage, HOUR)
    await stage.signIn()
    await stage.act(2, 'recall', { query: 'milk' })
    const added = (await runsOf(stage, id))
      .slice(before)
      .map((run) => dataOf(run)['due'] ?? run.trigger_source)
    assert.deepEqual(added, [...at(due), 'agent:2'])
    assert.deepEqual([isThere(stage, path), await pathsOf(stage, id)], [true, [path]])
  }
  await starts('10:20')
  await stage.ask(await signIn(stage), 'agents.update', { id: '20', is_active: false })
  await isSilent()
  await stage.ask(await signIn(stage), 'agents.update', { id: '20', is_active: true })
  await starts('12:20')
  await stage.ask(await signIn(stage), 'agents.delete', { id: '20', force: true })
  await isSilent()
  await rollBack(stage)
  await starts('14:20')
  await give(stage)
  await isSilent()
  await rollBack(stage)
  await starts('16:20')
})

test('a workflow that is switched off or deleted is not started, and its agent can be changed all the same', async (context) => {
  const stage = await openStage(context)
  const { id } = await target(stage)
  await give(stage, cron(id, '20 * * * *', { catch_up: 'all' }), hook(id), done(id))
  const tryAll = async (): Promise<number> => {
    const before = (await runsOf(stage, id)).length
    await stage.signIn()
    await stage.act(20, 'act', { step: 'a' })
    await pass(stage, HOUR)
    return (await runsOf(stage, id)).length - before
  }
  assert.equal(await tryAll(), 2)
  await stage.ask(await signIn(stage), 'workflows.update', { id, is_active: false })
  assert.equal(await tryAll(), 0)
  await stage.ask(await signIn(stage), 'workflows.update', { id, is_active: true })
  assert.equal(await tryAll(), 2, 'and nothing is made up for')
  await stage.ask(await signIn(stage), 'workflows.delete', { id })
  await stage.ask(await signIn(stage), 'agents.update', { id: '20', name: 'Renamed' })
  assert.equal(await tryAll(), 0)
  await rollBack(stage, 2)
  assert.equal(await tryAll(), 2)
  await stage.ask(await signIn(stage), 'workflows.delete', { id })
  await stage.ask(await signIn(stage), 'agents.update', { id: '20', is_active: false })
  await stage.ask(await signIn(stage), 'agents.delete', { id: '20', force: true })
})
