import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { operations } from '../../contract/index.ts'
import { TIERS } from '../../contract/limits.ts'
import type { LimitKind, Tier } from '../../contract/limits.ts'
import { LIMIT_BOUNDS } from '../../server/kernel/limits.ts'
import { sampleOf } from './inputs.ts'
import { faultOf, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Target, TargetOptions } from './rig.ts'
import { openRobot } from './robot.ts'

const MINUTE_MS = 60_000

/** A server with the limits that it has outside of tests; a minute has passed since anybody signed in. */
async function open(t: TestContext, options: TargetOptions = {}): Promise<Target> {
  const target = await openTarget({ ...options, limits: LIMIT_BOUNDS })
  t.after(() => target.remove())
  target.clock.advance(MINUTE_MS)
  return target
}

const me = (target: Target, token: string | undefined, headers = {}) =>
  target.http('GET /api/auth/me', { token, headers })
/** Asks so often, in the order of the answers. */
async function times(count: number, ask: () => Promise<Answered>): Promise<Answered[]> {
  const answers: Answered[] = []
  for (let left = count; left > 0; left -= 50)
    answers.push(...(await Promise.all(Array.from({ length: Math.min(left, 50) }, ask))))
  return answers
}
const refused = (answers: readonly Answered[]) => answers.filter(({ status }) => status === 429)

/** The headers about limits. */
function told({ headers }: Answered): Record<string, unknown> {
  const names = [
    'x-ratelimit-limit',
    'x-ratelimit-remaining',
    'x-ratelimit-reset',
    'x-ratelimit-type',
    'retry-after',
    'ratelimit',
    'ratelimit-policy',
  ]
  return Object.fromEntries(names.map((name) => [name, headers[name]]))
}

test('J-001: the sixty-first request of a minute is refused, with the exact numbers in every header', async (t) => {
  const target = await open(t)
  const started_s = Math.floor(target.clock.now() / 1000)
  const policy = '"requests_per_minute";q=60;w=60'
  const first = await me(target, target.bob.token)
  assert.deepEqual(told(first), {
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '59',
    'x-ratelimit-reset': String(started_s + 60),
    'x-ratelimit-type': 'user',
    'retry-after': undefined,
    ratelimit: '"requests_per_minute";r=59;t=60',
    'ratelimit-policy': policy,
  })
  target.clock.advance(20_000)
  assert.equal(refused(await times(59, () => me(target, target.bob.token))).length, 0)
  const last = await me(target, target.bob.token)
  assert.equal(outcomeOf(last), '429 GENERAL_002')
  assert.deepEqual(told(last), {
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(started_s + 60),
    'x-ratelimit-type': 'user',
    'retry-after': '40',
    ratelimit: '"requests_per_minute";r=0;t=40',
    'ratelimit-policy': policy,
  })
  target.clock.advance(39_999)
  assert.equal((await me(target, target.bob.token)).status, 429)
  target.clock.advance(1)
  // One has left the window, 59 are in it.
  assert.deepEqual(
    [(await me(target, target.bob.token)).status, (await me(target, target.bob.token)).status],
    [200, 429],
  )
  assert.equal((await me(target, target.ann.token)).status, 200)
})

/** A call that counts in the window, and then comes to nothing. */
const COUNTED: Readonly<Record<LimitKind, (target: Target, token: string) => Promise<Answered>>> = {
  requests_per_minute: (target, token) => target.http('GET /api/agents/9999', { token }),
  voice_commands_per_hour: (target, token) =>
    target.http('POST /api/voice/process', { token, body: { text_input: ' ' } }),
  agent_executions_per_hour: (target, token) => {
    const command = {
      action: 'x',
      parameters: {},
      user_id: target.bob.user_id,
      request_id: String(Math.random()),
      priority: 'low',
    }
    return target.http('POST /api/agents/9999/execute', { token, body: { command } })
  },
  workflow_executions_per_day: (target, token) =>
    target.perform(operations['workflows.execute'], sampleOf(operations['workflows.execute']), { token }),
}
const LENGTH_MS: Readonly<Record<LimitKind, number>> = {
  requests_per_minute: MINUTE_MS,
  voice_commands_per_hour: 60 * MINUTE_MS,
  agent_executions_per_hour: 60 * MINUTE_MS,
  workflow_executions_per_day: 1_440 * MINUTE_MS,
}

for (const tier of Object.keys(TIERS) as Tier[])
  test(`J-002: the four limits of ${tier} are exact at their edge, and open again after their window`, async (t) => {
    const target = await open(t)
    const { token: owner } = target.ann
    await target.http(`PUT /api/users/${target.bob.user_id}`, { token: owner, body: { tier } })
    for (const [kind, limit] of Object.entries(TIERS[tier]) as [LimitKind, number][]) {
      // Every window but the one that is asked about is empty.
      target.clock.advance(86_400_000)
      const { token } = await target.signIn(target.bob.email)
      target.clock.advance(MINUTE_MS)
      const started = target.clock.now()
      const per_minute = TIERS[tier].requests_per_minute
      let left = limit
      while (left > 0) {
        const now = Math.min(left, per_minute)
        const answers = await times(now, () => COUNTED[kind](target, token))
        assert.equal(refused(answers).length, 0, kind)
        left -= now
        if (kind !== 'requests_per_minute') target.clock.advance(MINUTE_MS)
      }
      const last = await COUNTED[kind](target, token)
      assert.equal(outcomeOf(last), '429 GENERAL_002', kind)
      assert.deepEqual(
        [last.headers['x-ratelimit-limit'], faultOf(last.body).details?.['window']],
        [String(limit), kind],
      )
      const reset = Math.ceil((started + LENGTH_MS[kind]) / 1000)
      assert.equal(last.headers['x-ratelimit-reset'], String(reset))
      assert.equal(
        last.headers['retry-after'],
        String(Math.ceil((started + LENGTH_MS[kind] - target.clock.now()) / 1000)),
      )
    }
  })

test('J-003: sixty-one at once, over two sessions and every transport, share one count', async (t) => {
  const target = await open(t)
  const other = await target.signIn(target.bob.email)
  const client = target.open(other.token)
  await client.next('authenticated')
  target.clock.advance(MINUTE_MS)
  const message = {
    id: 'm',
    version: '1.0',
    type: 'request',
    method: 'system.get_state',
    params: {},
    timestamp: '2026-11-22T10:00:00.000Z',
    source: { agent_number: 0, agent_id: '' },
  }
  const ways = [
    async () => outcomeOf(await me(target, target.bob.token)),
    async () => outcomeOf(await me(target, other.token)),
    async () => outcomeOf({ status: 0, body: { ...(await client.ask('workflow:stop', 'x')) } }),
    async () =>
      outcomeOf({
        status: 0,
        body: { ...(await client.ask('workflow:execute', sampleOf(operations['workflows.execute'])['id'])) },
      }),
    async () => outcomeOf(await target.http('POST /api/mcp', { token: target.bob.token, body: message })),
  ]
  // Stopping is never limited, so that the third way counts for nothing.
  const counting = ways.filter((_way, index) => index !== 2)
  const outcomes = await Promise.all(
    Array.from({ length: 61 }, async (_, index) => (await counting[index % counting.length]?.()) ?? ''),
  )
  assert.equal(outcomes.filter((one) => one.includes('GENERAL_002')).length, 1)
  for (const way of counting) assert.match(await way(), /GENERAL_002/)
  assert.doesNotMatch((await ways[2]?.()) ?? '', /GENERAL_002/)
  assert.equal(outcomeOf(await target.http('POST /api/stop', { token: target.bob.token, body: {} })), '200')
})

test('J-005: strangers have sixty a minute from one address, whatever they ask, and users are not held up by them', async (t) => {
  const target = await open(t)
  const answers = await times(60, () => target.http('GET /api/system/health'))
  assert.equal(refused(answers).length, 0)
  for (const place of [
    'GET /api/system/health',
    'GET /api/auth/me',
    'POST /api/auth/login',
    'GET /api/nothing',
  ]) {
    const last = await target.http(place, place.startsWith('POST') ? { body: {} } : {})
    assert.equal(outcomeOf(last), '429 GENERAL_002', place)
    assert.equal(last.headers['x-ratelimit-type'], 'ip')
    assert.deepEqual([last.headers['x-ratelimit-limit'], last.headers['retry-after']], ['60', '60'])
  }
  assert.equal(
    (await target.http('GET /api/system/health', { headers: { 'x-forwarded-for': '203.0.113.7' } })).status,
    429,
  )
  for (const token of ['e30.e30.AAAA', 'not a bearer token'])
    assert.equal((await me(target, token)).status, 429, token)
  assert.equal((await me(target, target.bob.token)).status, 200)
})

test('J-003: what is sent again under its key is a request like any other, and no second execution', async (t) => {
  const target = await open(t)
  const { token, user_id } = target.bob
  const command = { action: 'count', parameters: { text: 'a' }, user_id, request_id: 'same', priority: 'low' }
  const ask = () => target.http('POST /api/agents/6/execute', { token, body: { command } })
  const answers = await times(70, ask)
  assert.deepEqual([answers.length - refused(answers).length, refused(answers).length], [60, 10])
  const taken = answers.filter(({ status }) => status < 300)
  const ids = taken.map(({ body }) => (body['data'] as { execution_id: string }).execution_id)
  assert.equal(new Set(ids).size, 1)
})

test('J-003: an agent has a window of its own, which the header says, and cannot use up its user’s', async (t) => {
  const target = await open(t)
  const { token } = target.bob
  const robot = await openRobot(target, target.bob, 20)
  target.clock.advance(MINUTE_MS)
  const first = await robot.http('POST /api/mcp/heartbeat')
  const standing = [first.headers['x-ratelimit-type'], first.headers['x-ratelimit-remaining']]
  assert.deepEqual(standing, ['agent', '59'])
  const mine = await times(30, () => me(target, token))
  assert.equal(refused(mine).length, 0)
  const answers = await times(60, () => robot.http('GET /api/agents/20/memory'))
  assert.equal(refused(answers).length, 1)
  const last = answers.at(-1)
  assert.deepEqual([last?.status, last?.headers['x-ratelimit-type']], [429, 'agent'])
  assert.equal(refused(await times(30, () => me(target, token))).length, 0)
  const stop = await target.http('POST /api/stop', { token, body: {} })
  assert.equal(stop.status, 200)
})

test('J-006: a tier that a client names is none', async (t) => {
  const target = await open(t)
  const headers = { 'x-tier': 'enterprise', 'x-ratelimit-limit': '1000', 'x-user-tier': 'enterprise' }
  const answered = await me(target, target.bob.token, headers)
  assert.equal(answered.headers['x-ratelimit-limit'], '60')
  const body = { tier: 'enterprise' }
  for (const place of ['PUT /api/auth/preferences', 'POST /api/voice/settings'])
    assert.equal(outcomeOf(await target.http(place, { token: target.bob.token, body })), '400 GENERAL_001')
  assert.equal(
    outcomeOf(await target.http(`PUT /api/users/${target.bob.user_id}`, { token: target.bob.token, body })),
    '403 AUTH_001',
  )
  assert.equal((await me(target, target.bob.token)).headers['x-ratelimit-limit'], '60')
})

test('J-007: a restart forgets no call of the last hour and day', async () => {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-limits-'))
  const first = await openTarget({ app: { data_dir }, limits: LIMIT_BOUNDS })
  first.clock.advance(MINUTE_MS)
  const kinds = ['voice_commands_per_hour', 'workflow_executions_per_day'] as const
  await times(30, () => COUNTED.voice_commands_per_hour(first, first.bob.token))
  await times(20, () => COUNTED.workflow_executions_per_day(first, first.bob.token))
  await first.close()
  const second = await openTarget({ app: { data_dir }, limits: LIMIT_BOUNDS })
  for (const [index, kind] of kinds.entries()) {
    const used = index === 0 ? 30 : 20
    second.clock.advance(MINUTE_MS)
    const left = TIERS.free[kind] - used
    for (let sent = 0; sent < left; sent += 50) {
      const answers = await times(Math.min(50, left - sent), () => COUNTED[kind](second, second.bob.token))
      assert.equal(refused(answers).length, 0, kind)
      second.clock.advance(MINUTE_MS)
    }
    const last = await COUNTED[kind](second, second.bob.token)
    assert.equal(outcomeOf(last), '429 GENERAL_002')
    assert.equal(faultOf(last.body).details?.['window'], kind)
  }
  await second.close()
  rmSync(data_dir, { recursive: true })
})
