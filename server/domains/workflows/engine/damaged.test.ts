import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { eachDamage, run } from '../../../../test/damage.ts'
import { begun, own, pass, statuses } from './rig.ts'

const WAIT = own('w', 'wait', { seconds: 60 })

/** Does what nobody should do to a database, and starts the server again. */
async function damage(stage: Stage, sql: string, ...values: unknown[]): Promise<void> {
  await stage.write(({ connection }) => Promise.resolve(connection.run(sql, values)))
  await stage.restart()
  await stage.settle(0)
}

async function two(stage: Stage) {
  const bad = await begun(stage, { steps: [step('a'), WAIT, step('b')] })
  const good = await begun(stage, { steps: [step('a'), WAIT, step('b')] })
  return { bad, good }
}

const DAMAGES: readonly (readonly [what: string, sql: string, error: RegExp])[] = [
  [
    'a result',
    `UPDATE workflow_steps SET result = '{bad' WHERE step_id = 'a' AND run_id = ?`,
    /step a is damaged/,
  ],
  [
    'its tries',
    `UPDATE workflow_steps SET tries = '{bad' WHERE step_id = 'w' AND run_id = ?`,
    /step w is damaged/,
  ],
  [
    'a status',
    `UPDATE workflow_steps SET status = 'odd' WHERE step_id = 'w' AND run_id = ?`,
    /step w is damaged/,
  ],
  [
    'a place',
    `UPDATE workflow_steps SET seq = 'junk' WHERE step_id = 'a' AND run_id = ?`,
    /step a is damaged/,
  ],
  [
    'attempts',
    `UPDATE workflow_steps SET attempts = x'ff' WHERE step_id = 'w' AND run_id = ?`,
    /step w is damaged/,
  ],
  [
    'a wait',
    `UPDATE workflow_steps SET wake = 'junk' WHERE step_id = 'w' AND run_id = ?`,
    /step w is damaged/,
  ],
  [
    'a beginning',
    `UPDATE workflow_steps SET started_at = 'junk' WHERE step_id = 'a' AND run_id = ?`,
    /step a is damaged/,
  ],
  ['when it began', `UPDATE workflow_runs SET started_at = 'junk' WHERE id = ?`, /record is damaged/],
  ['its depth', `UPDATE workflow_runs SET depth = 'junk' WHERE id = ?`, /record is damaged/],
  ['an input', `UPDATE workflow_runs SET input = '{bad' WHERE id = ?`, /started with is damaged/],
  ['its version', 'UPDATE workflow_runs SET version = 99999 WHERE id = ?', /definition is damaged/],
  [
    'its definition',
    `UPDATE workflow_versions SET definition = '{bad' WHERE version = (SELECT version FROM workflow_runs WHERE id = ?)`,
    /definition is damaged/,
  ],
  [
    'a definition that nobody can follow',
    `UPDATE workflow_versions SET definition = replace(definition, '"id":"w"', '"id":"w","condition":"((("')
      WHERE version = (SELECT version FROM workflow_runs WHERE id = ?)`,
    /definition is damaged/,
  ],
  [
    'a definition without parts',
    `UPDATE workflow_versions SET definition = '{"steps":[]}' WHERE version = (SELECT version FROM workflow_runs WHERE id = ?)`,
    /definition is damaged/,
  ],
]

for (const [what, sql, error] of DAMAGES)
  test(`a run whose record is damaged (${what}) fails with the reason, and only it`, async (t) => {
    const stage = await openStage(t)
    const { bad, good } = await two(stage)
    await damage(stage, sql, bad.id)
    const { executions } = await stage.ask(await stage.signIn(), 'workflows.executions', {})
    assert.equal(executions.length, 2)
    await pass(stage, 60_000)
    const [ended, other] = [await stage.look(bad.id), await stage.look(good.id)]
    assert.equal(ended.status, 'failed')
    assert.match(ended.error ?? '', error)
    assert.deepEqual(
      [other.status, statuses(other)],
      ['completed', { a: 'completed', w: 'completed', b: 'completed' }],
    )
  })

for (const [what, sql] of DAMAGES)
  test(`what is damaged (${what}) keeps no list from being shown, and nothing from being stopped`, async (t) => {
    const stage = await openStage(t)
    const { bad, good } = await two(stage)
    await stage.write(({ connection }) => Promise.resolve(connection.run(sql, [bad.id])))
    const { workflows } = await stage.ask(stage.ann.token, 'workflows.list', {})
    assert.equal(workflows.length, 2)
    const { workflow_executions } = await stage.ask(stage.ann.token, 'system.stop', {})
    assert.deepEqual(new Set(workflow_executions), new Set([bad.id, good.id]))
    assert.equal((await stage.look(bad.id)).status, 'stopped')
  })

test('a run that has lost its job is taken up when the server starts', async (t) => {
  const stage = await openStage(t)
  const { bad } = await two(stage)
  await damage(stage, 'DELETE FROM jobs WHERE key = ?', bad.id)
  await pass(stage, 60_000)
  assert.equal((await stage.look(bad.id)).status, 'completed')
})

test('a damaged job ends its run alone, and the server starts', async (t) => {
  const stage = await openStage(t)
  const { bad, good } = await two(stage)
  await damage(stage, `UPDATE jobs SET payload = '{bad', run_at = 1 WHERE key = ?`, bad.id)
  await pass(stage, 60_000)
  assert.deepEqual(
    [(await stage.look(bad.id)).status, (await stage.look(good.id)).status],
    ['failed', 'completed'],
  )
})

test('a damaged wait or trigger hears nothing, and holds up no agent', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [own('e', 'wait_for_event', { event: 'agent:execution_completed' }), step('a')],
  })
  await begun(stage, {
    trigger: { type: 'agent_completion', conditions: { action: 'act' }, source_agent: 20 },
    steps: [own('n', 'set', { value: 1 })],
  })
  await damage(stage, `UPDATE workflow_steps SET input = '{bad' WHERE run_id = ?`, id)
  await damage(stage, `UPDATE workflow_triggers SET conditions = '{bad'`)
  await damage(stage, `UPDATE workflow_triggers SET conditions = 'null'`)
  const other = await stage.run({ steps: [step('x')] })
  assert.equal(other.status, 'completed')
})

test('a damaged schedule keeps no other from another time zone', async (t) => {
  const stage = await openStage(t)
  const at = { type: 'schedule' as const, conditions: { cron: '0 8 * * *' } }
  const steps = [own('n', 'set', { value: 1 })]
  const [bad] = [await stage.create({ trigger: at, steps }), await stage.create({ trigger: at, steps })]
  const damages = ['{bad', 'null', '{}', '{"cron":"a b c"}', '{"cron":"0 8 * * *","timezone":"Mars/Base"}']
  for (const [turn, conditions] of damages.entries()) {
    await stage.write(({ connection }) =>
      Promise.resolve(
        connection.run('UPDATE workflow_triggers SET conditions = ? WHERE workflow_id = ?', [
          conditions,
          bad.id,
        ]),
      ),
    )
    const timezone = turn % 2 === 0 ? 'Asia/Tokyo' : 'Europe/Berlin'
    await stage.ask(await stage.signIn(), 'auth.preferences', { timezone })
  }
})

test('a workflow whose definition is gone is shown as damaged, and starts nothing', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({ steps: [step('a')] })
  await damage(stage, 'UPDATE workflows SET version = 999999 WHERE id = ?', id)
  const token = await stage.signIn()
  assert.match((await stage.ask(token, 'workflows.get', { id })).description, /damaged/)
  const { execution_id } = await stage.ask(token, 'workflows.execute', { id })
  const { status, error } = await stage.look(execution_id)
  assert.deepEqual([status, error], ['failed', 'Its definition is damaged.'])
})

for (const table of ['workflow_runs', 'workflow_steps'])
  test(`whatever is damaged in one of ${table}, everybody's runs are listed and stopped`, async (t) => {
    const stage = await openStage(t)
    const { id: workflow } = await stage.create({ steps: [step('a'), WAIT, step('b')] })
    const { execution_id: bad } = await stage.start(workflow)
    await stage.settle(0)
    const where: Record<string, string> =
      table === 'workflow_runs' ? { id: bad } : { run_id: bad, step_id: 'a' }
    const except = ['user_id', 'run_id', 'step_id']
    await eachDamage(stage, { table, where, except }, async (what) => {
      const token = await stage.signIn()
      const { execution_id: good } = await stage.start(workflow)
      await stage.settle(0)
      await stage.ask(token, 'workflows.executions', {})
      await stage.ask(token, 'system.stop', {})
      assert.equal((await stage.look(good)).status, 'stopped', what)
      // It goes on, so that the next damage meets one that waits.
      await run(stage, `UPDATE workflow_runs SET status = 'executing', ended_at = NULL WHERE id = ?`, [bad])
      stage.clock.advance(1_000)
    })
  })

for (const value of ['junk', new Uint8Array([0xff])])
  test(`a run whose priority is damaged (${typeof value}) is taken up, resumed and replayed`, async (t) => {
    const stage = await openStage(t)
    const { id } = await begun(stage, { steps: [step('a'), WAIT, step('b')] })
    await damage(stage, 'UPDATE workflow_runs SET priority = ? WHERE id = ?', value, id)
    await pass(stage, 60_000)
    assert.equal((await stage.look(id)).status, 'completed')
    const again = await stage.ask(await stage.signIn(), 'workflows.replay', { id })
    await stage.settle(0)
    await pass(stage, 60_000)
    assert.equal((await stage.look(again.execution_id)).status, 'completed')
  })
