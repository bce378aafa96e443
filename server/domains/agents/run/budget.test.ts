import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { START } from '../../../../test/app.ts'
import { execution, openServer, refusal } from '../fixture.ts'
import type { Person, Server } from '../fixture.ts'
import { FACTORIES, deed, openProbe, skill } from '../probe/fixture.ts'

const PROBE = 19
const HOUR_S = 3_600

const budgetOf = (budget: unknown) => ({ config: { preferences: { skill: 'probe', budget } } })

/** A server whose probe has a budget. */
async function openSpender(
  context: TestContext,
  budget: unknown,
  options: Parameters<typeof openServer>[1] = {},
): Promise<Server> {
  const server = await openServer(context, { prepare: openProbe().install, ...options })
  await server.ask(server.ann.token, 'agents.update', { id: '19', ...budgetOf(budget) })
  return server
}

/** Rows of what was spent. */
function rows({ app }: Pick<Server, 'app'>): Record<string, unknown>[] {
  const columns = 'day, calls, tokens, money, seconds'
  const { connection } = app.kernel.store.reader
  return connection.all(`SELECT ${columns} FROM agent_spending ORDER BY day`, []).map((row) => ({ ...row }))
}

const echo = (who: Person) => execution(who, PROBE, 'echo', {}, { wait_for_completion: true })

/** `done`, or the code and details of the refusal with the seconds to wait. */
async function outcome({ call }: Pick<Server, 'call'>, who: Person): Promise<unknown> {
  const reply = await call(who.token, 'agents.execute', echo(who))
  if (reply.ok) return 'done'
  const { status, code, details } = refusal(reply)
  return { status, code, ...details, retry_after_s: reply.retry_after_s }
}

const MALFORMED: readonly (readonly [budget: unknown, path: string])[] = [
  ['10', ''],
  [10, ''],
  [[], ''],
  [{ calls: -1 }, '/calls'],
  [{ calls: '5' }, '/calls'],
  [{ calls: 1.5 }, '/calls'],
  [{ tokens: 0.5 }, '/tokens'],
  [{ money: 1_000_000_001 }, '/money'],
  [{ seconds: null }, '/seconds'],
  [{ call: 1 }, '/call'],
]

test('a malformed budget is refused with its place when an agent is made and when it is changed', async (context) => {
  const { call, own, ann } = await openServer(context)
  const { id } = await own()
  for (const [budget, path] of MALFORMED) {
    const config = { preferences: { budget } }
    const replies = [
      await call(ann.token, 'agents.create', { name: 'Spender', config }),
      await call(ann.token, 'agents.update', { id, config }),
    ]
    for (const reply of replies) {
      const { status, code, details } = refusal(reply)
      const [issue] = details['issues'] as { path: string }[]
      assert.deepEqual(
        [status, code, details['field'], issue?.path],
        [422, 'AGENT_004', 'config.preferences.budget', `/config/preferences/budget${path}`],
        JSON.stringify(budget),
      )
    }
  }
})

test('a budget that bounds nothing, or is none, is well formed', async (context) => {
  const { own } = await openServer(context)
  const fine = [{}, null, { calls: 0 }, { calls: 3, tokens: 9, money: 0.5, seconds: 1.5 }]
  for (const [index, budget] of fine.entries())
    await own({ name: `Spender ${index}`, config: { preferences: { budget } } })
})

test('exactly as many executions as the budget has calls, and then none until midnight of the user', async (context) => {
  const server = await openSpender(context, { calls: 3 })
  for (let time = 0; time < 3; time += 1) assert.equal(await outcome(server, server.ann), 'done')
  assert.deepEqual(await outcome(server, server.ann), {
    status: 429,
    code: 'GENERAL_002',
    budget: 'calls',
    limit: 3,
    used: 3,
    resets_at: '2026-11-22T23:00:00Z',
    // It is eleven in Berlin.
    retry_after_s: 13 * HOUR_S,
  })
  assert.deepEqual(rows(server), [{ day: '2026-11-22', calls: 3, tokens: 0, money: 0, seconds: 0 }])
  const agent = await server.ask(server.ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([agent.execution_count, agent.status.state], [3, 'idle'])
})

test('midnight gives the whole budget back, and not a moment before', async (context) => {
  const server = await openSpender(context, { calls: 1 })
  await outcome(server, server.ann)
  server.clock.jump(13 * HOUR_S * 1_000 - 1)
  await server.signIn()
  const { retry_after_s } = (await outcome(server, server.ann)) as { retry_after_s: number }
  assert.equal(retry_after_s, 1)
  server.clock.jump(1)
  assert.equal(await outcome(server, server.ann), 'done')
  assert.equal(typeof (await outcome(server, server.ann)), 'object')
})

/** Half an hour after the midnight of a day on which the clocks of the zone are changed, and the hours that are left. */
const CHANGES: readonly (readonly [zone: string, from: string, resets_at: string, hours: number])[] = [
  ['America/New_York', '2027-03-14T05:30:00Z', '2027-03-15T04:00:00Z', 22.5],
  ['Europe/Berlin', '2027-03-27T23:30:00Z', '2027-03-28T22:00:00Z', 22.5],
  ['Pacific/Auckland', '2027-04-03T11:30:00Z', '2027-04-04T12:00:00Z', 24.5],
  // There is no midnight after this day: the clocks go from 23:59 to 1:00.
  ['Africa/Cairo', '2027-04-29T12:00:00Z', '2027-04-29T22:00:00Z', 10],
  ['Europe/Berlin', '2027-10-30T22:30:00Z', '2027-10-31T23:00:00Z', 24.5],
]
test('a day ends at the midnight of its zone, also when the clocks are changed on it', async (context) => {
  const server = await openSpender(context, { calls: 1 })
  for (const [timezone, from, resets_at, hours] of CHANGES) {
    server.clock.jump(Date.parse(from) - server.clock.now())
    await server.signIn()
    await server.ask(server.ann.token, 'auth.preferences', { timezone })
    assert.equal(await outcome(server, server.ann), 'done', timezone)
    const refused = (await outcome(server, server.ann)) as Record<string, unknown>
    assert.deepEqual([refused['resets_at'], refused['retry_after_s']], [resets_at, hours * HOUR_S], timezone)
  }
})

test('two users in two zones have a budget and a midnight each, whatever zone a command names', async (context) => {
  const server = await openSpender(context, { calls: 1 })
  const bob = await server.bob()
  await server.ask(bob.token, 'agents.update', { id: '19', ...budgetOf({ calls: 1 }) })
  await server.ask(bob.token, 'auth.preferences', { timezone: 'Asia/Tokyo' })
  assert.equal(await outcome(server, server.ann), 'done')
  assert.equal(await outcome(server, bob), 'done')
  const hours = async (who: Person) =>
    ((await outcome(server, who)) as { retry_after_s: number }).retry_after_s / HOUR_S
  assert.deepEqual([await hours(server.ann), await hours(bob)], [13, 5])
  const abroad = { context: { user_preferences: { timezone: 'Pacific/Kiritimati' } } }
  const reply = await server.call(
    server.ann.token,
    'agents.execute',
    execution(server.ann, PROBE, 'echo', {}, abroad),
  )
  assert.equal(refusal(reply).code, 'GENERAL_002')
})

test('what is spent is kept over a restart, and a budget that is raised or taken away is at once', async (context) => {
  const server = await openSpender(context, { calls: 2 })
  for (let time = 0; time < 2; time += 1) await outcome(server, server.ann)
  await server.restart()
  assert.equal(((await outcome(server, server.ann)) as { used: number }).used, 2)
  await server.ask(server.ann.token, 'agents.update', { id: '19', ...budgetOf({ calls: 3 }) })
  assert.equal(await outcome(server, server.ann), 'done')
  assert.equal(typeof (await outcome(server, server.ann)), 'object')
  await server.ask(server.ann.token, 'agents.update', { id: '19', ...budgetOf(null) })
  assert.equal(await outcome(server, server.ann), 'done')
  assert.equal(rows(server)[0]?.['calls'], 3)
})

test('an agent without a budget spends nothing that is written down, and no budget is that of another', async (context) => {
  const server = await openSpender(context, { calls: 1 })
  const bob = await server.bob()
  await server.done(4, 'list')
  assert.equal(await outcome(server, bob), 'done')
  assert.deepEqual(rows(server), [])
  await outcome(server, server.ann)
  await server.done(4, 'list')
  assert.equal(await outcome(server, bob), 'done')
  assert.equal(rows(server).length, 1)
})

test('a refused execution takes nothing off: wrong parameters, a full queue, an agent that is off', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1, executions_per_agent_max: 1 }
  const server = await openSpender(context, { calls: 9 }, { limits, prepare: probe.install })
  const { ann } = server
  const codeOf = async (action: string, parameters = {}) =>
    refusal(await server.call(ann.token, 'agents.execute', execution(ann, PROBE, action, parameters))).code
  assert.equal(await codeOf('echo', { label: 1 }), 'GENERAL_001')
  assert.equal(await codeOf('fly'), 'AGENT_002')
  await server.act(PROBE, 'wait', {}, { wait_for_completion: false })
  assert.equal(await codeOf('echo'), 'SYSTEM_001')
  await server.ask(ann.token, 'agents.update', { id: '19', is_active: false })
  assert.equal(await codeOf('echo'), 'AGENT_005')
  assert.equal(rows(server)[0]?.['calls'], 1)
})

test('parallel executions together never exceed the calls of the budget', async (context) => {
  const server = await openSpender(context, { calls: 5 })
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(server, server.ann)))
  assert.equal(outcomes.filter((one) => one === 'done').length, 5)
  assert.equal(rows(server)[0]?.['calls'], 5)
})

test('seconds bound the time-out of an execution, and refuse the next one when they are used up', async (context) => {
  const probe = openProbe()
  const server = await openSpender(context, { seconds: 2 }, { prepare: probe.install })
  const first = server.act(PROBE, 'wait', {}, { timeout_ms: 60_000 })
  await probe.waiting(1)
  server.clock.advance(1_500)
  probe.release()
  assert.equal((await first).status, 'completed')
  const second = server.act(PROBE, 'wait', {}, { timeout_ms: 60_000 })
  await probe.waiting(1)
  server.clock.advance(500)
  assert.equal((await second).result?.error, 'AGENT_003: Agent 19 has used up its 2 seconds of today.')
  const refused = (await outcome(server, server.ann)) as Record<string, unknown>
  assert.deepEqual([refused['budget'], refused['used'], refused['limit']], ['seconds', 2, 2])
  assert.equal(server.clock.now() - START, 2_000)
})

test('what was spent is kept for 90 days, and goes when anybody spends later, whosever it was', async (context) => {
  const server = await openSpender(context, { calls: 9 })
  const bob = await server.bob()
  await server.ask(bob.token, 'agents.update', { id: '19', ...budgetOf({ calls: 9 }) })
  const days = () => rows(server).map(({ day }) => day)
  for (const who of [server.ann, bob]) assert.equal(await outcome(server, who), 'done')
  for (const [passed, kept] of [
    [90, ['2026-11-22', '2026-11-22', '2027-02-20']],
    [1, ['2027-02-20', '2027-02-21']],
    [1_000, ['2029-11-17']],
  ] as const) {
    server.clock.jump(passed * 24 * HOUR_S * 1_000)
    await server.signIn()
    assert.equal(await outcome(server, server.ann), 'done')
    assert.deepEqual(days(), kept)
  }
})

test('a budget of nothing lets nothing happen, whatever kind it is of', async (context) => {
  const server = await openSpender(context, {})
  for (const kind of ['calls', 'tokens', 'money', 'seconds']) {
    await server.ask(server.ann.token, 'agents.update', { id: '19', ...budgetOf({ [kind]: 0 }) })
    const refused = (await outcome(server, server.ann)) as Record<string, unknown>
    assert.deepEqual([refused['code'], refused['budget'], refused['used']], ['GENERAL_002', kind, 0])
  }
  assert.deepEqual(rows(server), [])
})

test('a voice command and an alias spend the budget like any other execution', async (context) => {
  const talk = skill({ hum: { ...deed('read', () => ({ data: {}, text: 'Hm.' })), phrases: ['hum a tune'] } })
  const server = await openSpender(
    context,
    { calls: 1 },
    { prepare: (app) => app.agents.skills.install([talk], FACTORIES) },
  )
  const say = () => server.call(server.ann.token, 'agents.voice', { id: '19', text_fallback: 'hum a tune' })
  assert.equal((await say()).ok, true)
  assert.equal(refusal(await say()).code, 'GENERAL_002')
})
