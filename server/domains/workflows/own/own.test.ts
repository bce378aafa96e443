import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begun, handling, own, pass, statuses, stepOf } from '../engine/rig.ts'
import { iso } from '../../../kernel/clock.ts'
import { openStage, step } from '../rig.ts'

/** Parameters of a wait that begins at a time, how long it is, and until when. */
const WAITS: ((now: number) => [parameters: Record<string, unknown>, ms: number, until?: string])[] = [
  () => [{ seconds: 0 }, 0],
  () => [{ seconds: 0.25 }, 250],
  () => [{ seconds: 86_399 }, 86_399_000],
  (now) => [{ until: iso(now + 90_000) }, 90_000],
  (now) => [{ until: iso(now + 3_690_000).replace('Z', '+01:00') }, 90_000],
  () => [{ until: '2020-02-29T00:00:00Z' }, 0, '2020-02-29T00:00:00.000Z'],
  () => [{ seconds: '{{input.n * 2}}' }, 60_000],
]

test('a wait is as long as it says, to the millisecond, and tells until when it was', async (t) => {
  const stage = await openStage(t)
  for (const given of WAITS) {
    const now = stage.clock.now()
    const [parameters, ms, waited_until = iso(now + ms)] = given(now)
    const run = await stage.run({ steps: [own('w', 'wait', parameters)], timeout_ms: 86_400_000 }, { n: 30 })
    assert.deepEqual(
      [run.status, run.duration, stepOf(run, 'w').result],
      ['completed', ms, { waited_until }],
      JSON.stringify(parameters),
    )
  }
})

const REFUSED: [action: string, input: unknown, parameters: Record<string, unknown>, error: RegExp][] = [
  ['wait', 'soon', { seconds: '{{input}}' }, /^wait: \/seconds /],
  ['wait', -1, { seconds: '{{input}}' }, /^wait: \/seconds /],
  ['wait', 86_401, { seconds: '{{input}}' }, /^wait: \/seconds /],
  ['wait', null, { seconds: '{{input}}' }, /^wait: \/seconds /],
  ['wait', 'tomorrow', { until: '{{input}}' }, /^wait: \/until /],
  ['wait', '2026-02-30T00:00:00Z', { until: '{{input}}' }, /^wait: /],
  ['wait', '2026-12-31T23:59:60Z', { until: '{{input}}' }, /^wait: /],
  ['notify', '', { text: '{{input}}' }, /^notify: \/text /],
  ['notify', 5, { text: '{{input}}' }, /^notify: \/text /],
  ['notify', 'x'.repeat(2_001), { text: '{{input}}' }, /^notify: \/text /],
  ['notify', 'loud', { text: 'x', severity: '{{input}}' }, /^notify: \/severity /],
  ['wait_for_approval', '', { text: '{{input}}' }, /^wait_for_approval: \/text /],
  ['wait_for_event', 'nothing:known', { event: '{{input}}' }, /^wait_for_event: \/event /],
  ['wait_for_event', [1], { event: 'agent:error', match: '{{input}}' }, /^wait_for_event: \/match /],
]

test('what an action of the engine does not take fails its step at once, without another attempt, and only that', async (t) => {
  const stage = await openStage(t)
  for (const [action, input, parameters, error] of REFUSED) {
    const run = await stage.run(
      {
        steps: [own('x', action, parameters), step('a')],
        retry_policy: { max_attempts: 3, backoff_strategy: 'fixed', delay_ms: 10 },
        ...handling('continue'),
      },
      input,
    )
    const about = `${action} ${String(input).slice(0, 30)}`
    const { status, error: said, attempts } = stepOf(run, 'x')
    assert.deepEqual(
      [status, attempts, stepOf(run, 'a').status, run.duration],
      ['failed', 1, 'completed', 0],
      about,
    )
    assert.match(said ?? '', error, about)
  }
  const { notifications } = await stage.ask(stage.ann.token, 'notifications.list', {})
  assert.deepEqual([notifications, stage.logged], [[], []])
})

test('a notification is told once, with its severity, in the transaction that records the step', async (t) => {
  const stage = await openStage(t)
  const run = await stage.run({
    steps: [
      own('n', 'notify', { text: 'ü'.repeat(2_000), severity: 'critical' }),
      own('m', 'notify', { text: 'Plain.' }),
    ],
  })
  await stage.restart()
  await stage.settle()
  const { notifications } = await stage.ask(stage.ann.token, 'notifications.list', {})
  assert.deepEqual(
    notifications.map(({ notification_id, text, severity, source_agent }) => [
      notification_id,
      text.length,
      severity,
      source_agent,
    ]),
    [
      [(stepOf(run, 'm').result as { notification_id: string }).notification_id, 6, 'info', 0],
      [(stepOf(run, 'n').result as { notification_id: string }).notification_id, 2_000, 'critical', 0],
    ],
  )
})

test('set keeps any value, and null when it is given none', async (t) => {
  const stage = await openStage(t)
  const values = [null, 0, '', false, [], {}, [{ a: [null] }], '{{input}}']
  const steps = values.map((value, n) => own(`s${n}`, 'set', { value }))
  const run = await stage.run({ steps }, { ü: 1 })
  assert.deepEqual(
    run.steps.map(({ result }) => result),
    [...values.slice(0, -1), { ü: 1 }].map((value) => ({ value })),
  )
})

test('waits side by side end each at its own time, and the run takes the longest', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [30, 10, 20].map((seconds) => own(`w${seconds}`, 'wait', { seconds }, { depends_on: [] })),
  })
  const seen = []
  for (let n = 0; n < 3; n += 1) {
    await pass(stage, 10_000)
    seen.push(
      Object.entries(statuses(await stage.look(id))).flatMap(([name, status]) =>
        status === 'completed' ? name : [],
      ),
    )
  }
  assert.deepEqual(seen, [['w10'], ['w10', 'w20'], ['w30', 'w10', 'w20']])
  assert.equal((await stage.look(id)).duration, 30_000)
})

test('actions of agent 0 in workflows are not there for anyone else', async (t) => {
  const stage = await openStage(t)
  for (const action of ['wait', 'set', 'notify']) {
    const definition = { steps: [{ id: 'x', agent_number: 20, action, parameters: { seconds: 1 } }] }
    await assert.rejects(stage.create(definition), { name: 'WORKFLOW_VALIDATION_FAILED' }, action)
  }
})
