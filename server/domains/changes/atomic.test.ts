import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperationName } from '../../../contract/index.ts'
import { queries } from '../../kernel/store/dialect.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openStage, step } from '../workflows/rig.ts'
import type { Stage } from '../workflows/rig.ts'
import { pass } from '../workflows/triggers/rig.ts'
import { callOf, performAs } from './fixture.ts'

class Killed extends Error {}

/** The transaction, which is cut off before one of its statements. */
function cutOff(tx: Tx, at: number): { tx: Tx; seen: () => number } {
  let count = 0
  const counting =
    <A extends unknown[], R>(work: (...given: A) => R) =>
    (...given: A): R => {
      count += 1
      if (count === at) throw new Killed()
      return work(...given)
    }
  const { connection } = tx
  const own = { ...connection, all: counting(connection.all), run: counting(connection.run) }
  const tables = queries(own)
  return { tx: { ...tx, connection: own, tables: () => tables as never }, seen: () => count }
}

/** Everything that is kept, but for the log of calls. */
function dump({ app }: Stage): string {
  const { connection } = app.kernel.store.reader
  const tables = connection.all(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`,
    [],
  )
  const names = tables
    .map(({ name }) => String(name))
    .filter((name) => !name.startsWith('audit') && !name.includes('fts'))
  return JSON.stringify(names.map((name) => [name, connection.all(`SELECT * FROM "${name}"`, [])]))
}

/** Tries a change again and again, cut off one statement later each time, until it comes through. */
async function survive(stage: Stage, name: OperationName, input: Record<string, unknown>): Promise<number> {
  const answer = stage.app.answers[name]
  assert.ok(answer !== undefined && !('read' in answer))
  // What a change before has left to be done is done.
  await pass(stage, 0)
  const before = dump(stage)
  for (let at = 1; at < 500; at += 1) {
    const call = callOf(stage, stage.ann)
    const prepared = await answer.prepare?.(call, input)
    try {
      await stage.write(async (tx) => answer.commit(cutOff(tx, at).tx, call, input, prepared))
      assert.notEqual(dump(stage), before)
      return at
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      assert.equal(dump(stage), before, `${name} cut off at statement ${at}`)
    }
  }
  throw new Error('It does not come through.')
}

const modification = (type: string, target: object, after_state: object) => ({
  type,
  description: 'It.',
  target,
  after_state,
})

test('a modification and a rollback that are cut off at any statement leave everything as it was', async (context) => {
  const stage = await openStage(context)
  const trigger = { type: 'schedule' as const, conditions: { cron: '0 8 * * *' } }
  const { id } = await stage.create({ trigger, steps: [step('a')] }, 'Morning')
  const definition = { trigger: { ...trigger, conditions: { cron: '0 9 * * *' } } }
  const statements = [
    await survive(
      stage,
      'system.modify',
      modification('agent_config', { kind: 'agent', id: '20' }, { name: 'Performer', is_active: false }),
    ),
    await survive(
      stage,
      'system.modify',
      modification('workflow_change', { kind: 'workflow', id }, { definition, name: 'Later' }),
    ),
    await survive(
      stage,
      'system.modify',
      modification('system_setting', { kind: 'setting', id: 'config' }, { deleted_retention_days: 5 }),
    ),
    await survive(stage, 'system.rollback', { steps: 3 }),
    await survive(stage, 'system.config', { retention: { logs_days: 5 } }),
  ]
  for (const count of statements) assert.ok(count > 5, statements.join(' '))
  const { name } = await stage.ask(await stage.signIn(), 'workflows.get', { id })
  assert.equal(name, 'Morning')
  await performAs(stage, stage.ann, 'system.rollback', {})
})
