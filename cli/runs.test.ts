import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { WorkflowReceipt, WorkflowStep } from '../contract/workflows.ts'
import { data, openOffice } from './rig.ts'
import type { Desk } from './fixture.ts'
import { short } from './short.ts'

const ASKS: WorkflowStep[] = [
  { id: 'ask', agent_number: 0, action: 'wait_for_approval', parameters: { text: 'Shall I?' } },
  { id: 'answer', agent_number: 0, action: 'set', parameters: { value: '{{steps.ask.result}}' } },
]

async function open(t: TestContext) {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const say = async (...argv: string[]) => {
    const { exit, stdout, stderr } = await desk.paios(['workflows', ...argv])
    return [exit, stdout + stderr] as const
  }
  const make = async (name: string, steps: WorkflowStep[]) => {
    const path = join(desk.folder, `${name}.json`)
    const definition = {
      trigger: { type: 'manual', conditions: {} },
      steps,
      error_handling: { strategy: 'fail_fast', notification_on_error: false },
      timeout_ms: 60_000,
      retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
    }
    writeFileSync(path, JSON.stringify(definition))
    assert.equal((await say('create', path))[0], 0)
  }
  return { desk, say, make }
}

const start = async (desk: Desk, name: string) =>
  (await data<WorkflowReceipt>(desk, ['workflows', 'run', name])).execution_id

/** Waits until the newest run of a workflow is as it should be. */
async function until(desk: Desk, name: string, expected: RegExp): Promise<string> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    const { stdout } = await desk.paios(['workflows', 'history', name, '--limit', '1'])
    if (expected.test(stdout)) return stdout
  }
  throw new Error(`It never was ${String(expected)}.`)
}

test('a workflow runs with its input, and the steps are shown when it has ended', async (t) => {
  const { say, desk } = await open(t)
  await say('add', 'expense_csv_summary')
  const csv = JSON.stringify({ csv: 'category,amount\nfood,2' })
  const [exit, text] = await say('run', 'expense_csv_summary', '--input', csv, '--wait')
  assert.equal(exit, 0)
  assert.match(
    text,
    /^[0-9a-f]{8} completed\n {2}csv +completed +\d+ ms +\{"value":"category,amount\\nfood,2"\}\n {2}empty +skipped(?: +\d+ ms)?\n/,
  )
  assert.match(text, /\n {2}tell +completed +\d+ ms +\{"notification_id":"[^"]+"\}\n$/)
  assert.match((await desk.paios(['notifications'])).stdout, /Expenses, 2\.00 in all: food 2\.00\.\n$/)
  assert.match((await say('list'))[1], /\nexpense_csv_summary +on +by hand +1 \(100 % well\) +just now\n$/)
})

test('a run that fails ends the command as failed, with the reason', async (t) => {
  const { say, make } = await open(t)
  await make('broken', [{ id: 'x', agent_number: 5, action: 'calculate', parameters: { expression: '1 +' } }])
  const [exit, text] = await say('run', 'broken', '--wait')
  assert.equal(exit, 1)
  assert.match(text, /^\S+ failed x: .+\n {2}x +failed +.+\n$/)
  const [, history] = await say('history', 'broken')
  assert.match(history, /^ID +STATUS +STARTED +TOOK +BY +NOTE\n\S+ +failed +just now +\d+ ms +hand +x: .+\n$/)
})

const SUM: WorkflowStep[] = [
  {
    id: 'sum',
    agent_number: 5,
    action: 'calculate',
    parameters: { expression: '{{input.expression}}' },
  },
  { id: 'say', agent_number: 0, action: 'set', parameters: { value: '{{steps.sum.result.value}}' } },
]
const HINT = /\nIt was started without input: give some with --input\.\n$/

test('where input was wanted and none was given, that is said, and not of another null or another error', async (t) => {
  const { say, make } = await open(t)
  await make('sums', SUM)
  const [exit, text] = await say('run', 'sums', '--wait')
  assert.equal(exit, 1)
  assert.match(text, / failed sum: .*There is no expression to read of null/)
  assert.match(text, HINT)
  for (const input of ['null', '{"expression": "1 +"}'])
    assert.doesNotMatch((await say('run', 'sums', '--wait', '--input', input))[1], /without input/)
  const nothing = { id: 'a', agent_number: 0, action: 'set', parameters: { value: null } }
  const value = '{{steps.a.result.value.x}}'
  await make('none', [nothing, { id: 'b', agent_number: 0, action: 'set', parameters: { value } }])
  const [, other] = await say('run', 'none', '--wait')
  assert.match(other, /There is no x to read of null/)
  assert.doesNotMatch(other, /without input/)
})

test('a replay that is waited for ends the command as it ended', async (t) => {
  const { say, make, desk } = await open(t)
  await make('sums', SUM)
  const run = ['workflows', 'run', 'sums', '--input', '{"expression": "1 + 1"}', '--wait']
  const { execution_id } = await data<WorkflowReceipt>(desk, run)
  const [exit, text] = await say('replay', short(execution_id), '--from', 'say', '--wait')
  assert.equal(exit, 0)
  assert.match(
    text,
    /^[0-9a-f]{8} completed\n {2}sum +completed .*\n {2}say +completed +\d+ ms +\{"value":2\}\n$/,
  )
  assert.notEqual(text.slice(0, 8), short(execution_id))
  const [, broken] = await say('run', 'sums', '--wait')
  const again = await say('replay', broken.slice(0, 8), '--wait')
  assert.equal(again[0], 1)
  assert.match(again[1], / failed sum: /)
})

test('a run is shown as it is and as of a step, and whatever it came to that is no failure of the command', async (t) => {
  const { say, make, desk } = await open(t)
  await make('sums', SUM)
  const run = ['workflows', 'run', 'sums', '--input', '{"expression": "1 + 1"}', '--wait']
  const id = short((await data<WorkflowReceipt>(desk, run)).execution_id)
  assert.match(
    (await say('execution', id))[1],
    /^\S+ completed\n {2}sum +completed .*\n {2}say +completed .*\n$/,
  )
  const [exit, then] = await say('execution', id, '--as-of', 'sum')
  assert.equal(exit, 0)
  assert.match(then, /^\S+ executing\n {2}sum +completed +\d+ ms +\{"value":2\}\n {2}say +pending\n$/)
  assert.match((await say('execution', id, '--as-of', 'nothing'))[1], /nothing has no outcome/)
  const [, failed] = await say('run', 'sums', '--wait')
  assert.equal((await say('execution', failed.slice(0, 8)))[0], 0)
})

test('two runs are compared step by step, and only those of one workflow', async (t) => {
  const { say, make, desk } = await open(t)
  await make('sums', SUM)
  await make('asks', ASKS)
  const ids: string[] = []
  for (const expression of ['1 + 1', '1 + 1', '1 +']) {
    const input = JSON.stringify({ expression })
    const argv = ['workflows', 'run', 'sums', '--wait', '--input', input]
    ids.push(short((await data<WorkflowReceipt>(desk, argv)).execution_id))
  }
  const [a = '', b = '', c = ''] = ids
  assert.deepEqual(await say('compare', a, b), [0, 'They are the same, step by step.\n'])
  const [exit, text] = await say('compare', a, c)
  assert.equal(exit, 0)
  assert.deepEqual(
    text.split('\n').map((line) => line.replaceAll(/ {2,}/gu, '|')),
    [
      'They were started with different input.',
      `STEP|${a}|${c}|DIFFERS IN`,
      'the run|completed|failed',
      'sum|completed|failed|status, parameters, result, error',
      'say|completed|stopped|status, attempts, parameters, result',
      '',
    ],
  )
  const other = await start(desk, 'asks')
  assert.equal((await say('compare', a, short(other)))[0], 1)
  assert.equal((await say('compare', a))[0], 2)
})

test('a run that waits says so, and goes on with what is answered', async (t) => {
  const { say, make, desk } = await open(t)
  await make('asks', ASKS)
  for (const [word, approved] of [
    ['yes', true],
    ['no', false],
  ] as const) {
    const id = await start(desk, 'asks')
    assert.match(await until(desk, 'asks', /waits at ask\n$/), new RegExp(`\n${short(id)} +executing `))
    const [exit] = await say('resume', short(id), word, '--note', 'Fine.', '--step', 'ask')
    assert.equal(exit, 0)
    await until(desk, 'asks', /completed/)
    const [, replayed] = await say('replay', id, '--from', 'answer')
    assert.match(replayed, /^Started: /)
    await until(desk, 'asks', new RegExp(`completed.*replay:${short(id)}`))
    const { executions } = await data<{ executions: { steps: { result?: unknown }[] }[] }>(desk, [
      'workflows',
      'history',
      'asks',
    ])
    assert.deepEqual(executions[0]?.steps[1]?.result, { value: { approved, note: 'Fine.' } })
    assert.equal((await say('resume', short(id), word))[0], 1)
  }
})

test('a run is stopped once, and another run of it is not', async (t) => {
  const { say, make, desk } = await open(t)
  await make('asks', ASKS)
  const [first, second] = [await start(desk, 'asks'), await start(desk, 'ASKS')]
  assert.deepEqual(await say('stop', short(first)), [0, 'Stopped.\n'])
  const { executions } = await data<{ executions: { execution_id: string; status: string }[] }>(desk, [
    'workflows',
    'history',
    'asks',
  ])
  assert.deepEqual(
    executions.map(({ execution_id, status }) => [execution_id, status === 'stopped']),
    [
      [second, false],
      [first, true],
    ],
  )
  assert.equal((await say('resume', first, 'yes'))[0], 1)
})

test('what is no workflow, run, answer or input is refused', async (t) => {
  const { say, make } = await open(t)
  await make('asks', ASKS)
  const nobody = '01890000-0000-7000-8000-000000000001'
  assert.deepEqual(await say('run', 'nothing'), [
    1,
    'paios: There is no workflow "nothing". The names of yours: paios workflows list\n',
  ])
  assert.deepEqual(await say('history', 'asks'), [0, 'It has not run yet.\n'])
  for (const argv of [
    ['stop', nobody],
    ['stop', '00000001'],
    ['replay', nobody],
    ['resume', nobody, 'yes'],
    ['history', 'nothing'],
  ])
    assert.equal((await say(...argv))[0], 1, argv.join(' '))
  for (const argv of [
    ['run', 'asks', '--input', '{'],
    ['resume', nobody, 'maybe'],
    ['resume', nobody],
    ['history', 'asks', '--limit', '0'],
    ['run'],
  ])
    assert.equal((await say(...argv))[0], 2, argv.join(' '))
})
