import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { Workflow } from '../../contract/workflows.ts'
import { LIMIT_BOUNDS } from '../../server/kernel/limits.ts'
import { SLOW, call, hooked, hub, quiet, runs } from './hooks.ts'
import { dataOf, faultOf, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Fields, Target, TargetOptions } from './rig.ts'

async function open(t: TestContext, options: TargetOptions = {}): Promise<Target> {
  const target = await openTarget(options)
  t.after(() => target.remove())
  return target
}

/** A server with the limits that it has outside of tests; a minute has passed since anybody signed in. */
async function limited(t: TestContext): Promise<Target> {
  const target = await open(t, { limits: LIMIT_BOUNDS })
  target.clock.advance(60_000)
  return target
}

const times = (count: number, ask: () => Promise<Answered>) => Promise.all(Array.from({ length: count }, ask))
const statuses = (answers: readonly Answered[]) => answers.map(({ status }) => status)

test('a webhook has a window of its own, neither that of its owner nor that of strangers at its address', async (t) => {
  const target = await limited(t)
  const { token } = target.bob
  const [hook, other] = [
    await hooked(target, { method: 'GET' }, { by: target.bob }),
    await hooked(target, {}, { by: target.bob }),
  ]
  target.clock.advance(60_000)
  // Refused for its method, so that the daily quota is not what is used up.
  const wrong = () => call(target, hook, {})
  assert.deepEqual(new Set(statuses(await times(60, wrong))), new Set([405]))
  const last = await wrong()
  assert.equal(outcomeOf(last), '429 GENERAL_002')
  const { 'x-ratelimit-limit': limit, 'x-ratelimit-type': type, 'retry-after': retry } = last.headers
  assert.deepEqual([limit, type, retry], ['60', 'user', '60'])
  assert.equal((await call(target, other)).status, 202)
  assert.equal((await target.http('GET /api/auth/me', { token })).headers['x-ratelimit-remaining'], '59')
  // Sixty strangers at this address have not been counted yet.
  const stranger = () => call(target, { webhook_path: '/api/hooks/x' })
  assert.deepEqual(new Set(statuses(await times(60, stranger))), new Set([404]))
  assert.equal(outcomeOf(await stranger()), '429 GENERAL_002')
  assert.equal((await call(target, other)).status, 202)
  target.clock.advance(60_000)
  assert.deepEqual([(await wrong()).status, (await stranger()).status], [405, 404])
})

test('when the quota of the day is used up, a call is refused and recorded without its body, and runs when it is sent again', async (t) => {
  const target = await limited(t)
  const hook = await hooked(target, {}, { by: target.bob })
  const other = await hooked(target, {}, { by: target.bob })
  assert.deepEqual(new Set(statuses(await times(50, () => call(target, hook)))), new Set([202]))
  await quiet(target)
  target.clock.advance(60_000)
  const bob = await target.signIn(target.bob.email)
  const send = () => call(target, other, { body: { secret_plan: 'x' }, headers: { 'webhook-id': 'd' } })
  const [refused, again] = [await send(), await send()]
  for (const { body, headers } of [refused, again]) {
    assert.deepEqual(
      [
        faultOf(body).code,
        faultOf(body).details?.['window'],
        headers['x-ratelimit-limit'],
        headers['retry-after'],
      ],
      ['GENERAL_002', 'workflow_executions_per_day', '50', '86340'],
    )
  }
  const recorded = await runs(target, other, bob)
  // Of an hour there is one.
  assert.equal(recorded.length, 1)
  for (const { status, error, trigger, input, started_at } of recorded) {
    assert.deepEqual(
      [status, trigger, input, started_at],
      ['failed', { type: 'webhook', source: 'webhook' }, null, null],
    )
    assert.match(error ?? '', /^GENERAL_002: Too many calls: 50 workflow executions per day/)
  }
  await target.app.kernel.audit.flush()
  const line = target.app.kernel.audit
    .lines(undefined, 1_000)
    .find(({ request_id }) => request_id === refused.headers['x-request-id'])
  assert.deepEqual([line?.status, line?.outcome, line?.target], [429, 'GENERAL_002', other.id])
  target.clock.advance(86_400_000)
  assert.equal((await send()).status, 202)
  assert.equal((await send()).status, 409)
})

test('whoever asks to wait gets the results when the run has ended in time, and else the receipt', async (t) => {
  const target = await open(t)
  const [quick, slow] = [await hooked(target), await hooked(target, {}, { steps: [SLOW] })]
  const bad = { id: 'bad', agent_number: 0, action: 'set', parameters: { value: '{{input.a.b.c}}' } }
  const failing = await hooked(target, {}, { steps: [bad] })
  const ask = (hook: { webhook_path: string }, query: string, prefer?: string) =>
    target.http(`POST ${hook.webhook_path}${query}`, { headers: { prefer } })
  for (const [query, prefer] of [
    ['?wait=60'],
    ['?wait'],
    ['?wait='],
    ['', 'wait=5'],
    ['', 'respond-async, Wait = "7"; x'],
  ] as const) {
    const { status, body } = await ask(quick, query, prefer)
    const { status: how, results } = body['data'] as { status: string; results: Fields }
    assert.deepEqual(
      [status, how, Object.keys(results)],
      [200, 'completed', ['show', 'rest']],
      query + prefer,
    )
  }
  const failed = await ask(failing, '?wait')
  assert.deepEqual([failed.status, dataOf(failed)['status']], [200, 'failed'])
  for (const [query, prefer] of [
    [''],
    ['', 'wait=0'],
    ['', 'wait=x'],
    ['', 'waiting'],
    ['', 'return=minimal; wait=5'],
  ] as const)
    assert.equal((await ask(quick, query, prefer)).status, 202, query + prefer)
  for (const query of [
    '?wait=0',
    '?wait=61',
    '?wait=1.5',
    '?wait=-1',
    '?wait=+5',
    '?wait=1e1',
    '?wait=5&wait=5',
    '?wait=x',
  ])
    assert.equal(outcomeOf(await ask(quick, query)), '400 GENERAL_001', query)
  let count = 0
  for (const [query, prefer, seconds] of [
    ['?wait=7', 'wait=3', 7],
    ['?wait', undefined, 30],
    ['', 'wait=600', 60],
  ] as const) {
    let answered: Answered | undefined
    const asking = ask(slow, query, prefer).then((one) => (answered = one))
    await waited(target, slow, (count += 1))
    target.clock.advance(seconds * 1000 - 1)
    await quiet(target)
    assert.equal(answered, undefined, query)
    target.clock.advance(1)
    const { status, body } = await asking
    assert.deepEqual([status, Object.keys(body['data'] as object)], [202, ['execution_id', 'status']])
  }
})

/** Resolves once so many runs of a workflow wait, and whoever waits for them. */
async function waited(target: Target, hook: Workflow, count: number): Promise<void> {
  for (let looks = 0; ; looks += 1) {
    assert.ok(looks < 1_000, 'nobody waits')
    const states = (await runs(target, hook)).flatMap(({ steps }) => steps.map(({ status }) => status))
    if (states.filter((one) => one === 'waiting').length === count) break
  }
  await quiet(target)
}

test('who waits holds nothing that another call needs', async (t) => {
  const target = await open(t, { limits: { calls_max: 1 } })
  const slow = await hooked(target, {}, { steps: [SLOW] })
  const waiting = target.http(`POST ${slow.webhook_path}?wait=60`)
  await waited(target, slow, 1)
  const { token } = target.ann
  assert.equal((await target.http('GET /api/workflows', { token })).status, 200)
  assert.equal((await call(target, slow)).status, 202)
  const open_runs = await runs(target, slow)
  assert.deepEqual(
    open_runs.map(({ status }) => status),
    ['executing', 'executing'],
  )
  const [, first] = open_runs
  await target.perform(operations['workflows.stop'], { id: first?.execution_id }, { token })
  const { status, body } = await waiting
  assert.deepEqual([status, (body['data'] as Fields)['status']], [200, 'stopped'])
})

test('a delivery is known after a restart, and path and secret are the same', async (t) => {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-hooks-'))
  t.after(() => rmSync(data_dir, { recursive: true, force: true }))
  const before = await openTarget({ app: { data_dir } })
  const hook = await hooked(before, { signed: true })
  const { webhook_secret = '' } = hook
  const asked = {
    body: '{}',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'd', ...hub(webhook_secret, '{}') },
  }
  const { execution_id } = dataOf(await call(before, hook, asked))
  await before.close()
  const after = await openTarget({ app: { data_dir } })
  const again = await call(after, hook, asked)
  assert.deepEqual([again.status, faultOf(again.body).details], [409, { execution_id }])
  const shown = dataOf<Workflow>(
    await after.http(`GET /api/workflows/${hook.id}`, { token: after.ann.token }),
  )
  assert.deepEqual([shown.webhook_path, shown.webhook_secret], [hook.webhook_path, webhook_secret])
  await after.close()
})

test("an agent's own webhook starts the workflow that it names, as long as both are switched on", async (t) => {
  const target = await open(t)
  const { token } = target.ann
  const workflow = await hooked(target)
  const conditions = { workflow_id: workflow.id, method: 'PUT', signed: true }
  const input = { name: 'Door', config: { workflow_triggers: [{ type: 'webhook', conditions }] } }
  const made = await target.perform(operations['agents.create'], input, { token })
  const { id: agent_id } = dataOf<{ id: string }>(made)
  const page = async () => dataOf<Workflow>(await target.http(`GET /api/workflows/${workflow.id}`, { token }))
  const [own, ...more] = (await page()).agent_webhooks ?? []
  assert.deepEqual([own?.agent_id, more], [agent_id, []])
  const { path = '', secret = '' } = own ?? {}
  assert.notEqual(path, workflow.webhook_path)
  const send = (id: string, key = secret) =>
    call(target, { webhook_path: path }, { headers: { ...hub(key, ''), 'webhook-id': id } }, 'PUT')
  assert.equal((await send('d')).status, 202)
  assert.equal((await send('d')).status, 409)
  assert.equal((await send('e', 'x')).status, 401)
  // The same id at the workflow's own webhook is another delivery.
  assert.equal((await call(target, workflow, { headers: { 'webhook-id': 'd' } })).status, 202)
  assert.equal((await runs(target, workflow)).length, 2)
  const turn = (name: 'workflows.update' | 'agents.update', id: string, is_active: boolean) =>
    target.perform(operations[name], { id, is_active }, { token })
  for (const [name, id] of [
    ['workflows.update', workflow.id],
    ['agents.update', agent_id],
  ] as const) {
    await turn(name, id, false)
    assert.equal((await send(`${name} off`.replaceAll(' ', '-'))).status, 404, name)
    await turn(name, id, true)
    assert.equal((await send(`${name} on`.replaceAll(' ', '-'))).status, 202, name)
  }
  await target.perform(operations['workflows.delete'], { id: workflow.id }, { token })
  assert.equal((await send('f')).status, 404)
  const elsewhere = { name: 'Other', config: { workflow_triggers: [{ type: 'webhook', conditions }] } }
  const bobs = await target.perform(operations['agents.create'], elsewhere, { token: target.bob.token })
  assert.equal(outcomeOf(bobs), '422 AGENT_004')
})
