import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { MCPMessage } from '../../contract/messages.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import type { Reply } from '../../server/transports/dispatch.ts'
import { dataOf, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Fields } from './rig.ts'
import { execution, openRobot, turns } from './robot.ts'
import type { Robot } from './robot.ts'

const target = await openTarget()
after(() => target.remove())
const { ann, bob } = target
const { token } = ann
const act = (agent: number, more: Fields = {}) =>
  target.perform(operations['agents.execute'], execution(ann, agent, 'echo', more), { token })
const send = (id: number, more: Fields = {}) =>
  target.perform(
    operations['messages.to'],
    { id: String(id), message_type: 'post', data: 1, requires_response: false, ...more },
    { token },
  )
const errorOf = (answered: Answered) => dataOf<{ result?: { error?: string } }>(answered).result?.error
const next = async (robot: Robot, input: Fields = {}) =>
  dataOf<{ messages: MCPMessage[] }>(await robot.http('POST /api/mcp/next', input)).messages
const asked = async (client: Client) => ((await client.next('mcp:message'))[0] as MCPMessage).id
const tally = (answers: readonly Answered[]) => {
  const counts: Record<string, number> = {}
  for (const one of answers.map(outcomeOf)) counts[one] = (counts[one] ?? 0) + 1
  return counts
}
/** Others are served all the while. */
const assertAlive = async () => {
  const body = { text_input: 'calculate 6 * 7' }
  const said = await target.http('POST /api/voice/process', { token: bob.token, body })
  assert.match(said.text, /\b42\b/)
}
/** Takes what is sent and acknowledges it, as a program does that is in order. */
function receipts(client: Client): MCPMessage[] {
  const got: MCPMessage[] = []
  client.socket.on('mcp:message', (message: MCPMessage, acknowledge?: () => void) => {
    got.push(message)
    acknowledge?.()
  })
  return got
}
/** Waits for what depends on real connections, at most so many turns. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !isSo(); turn += 1) await turns(1)
  assert.ok(isSo())
}

test('R-020, R-022: far more executions than an agent takes are taken or refused, none is lost, and it recovers', async () => {
  const robot = await openRobot(target, ann, 20)
  const client = await robot.enter()
  const more = { wait_for_completion: false, timeout_ms: 600_000 }
  const answers = await Promise.all(Array.from({ length: 300 }, () => act(20, more)))
  const { '202': taken = 0, '503 SYSTEM_001': refused = 0 } = tally(answers)
  assert.equal(taken + refused, 300, JSON.stringify(tally(answers)))
  assert.ok(taken >= 100 && taken <= 116, `${taken}`)
  const full = answers.filter(({ status }) => status === 503)
  assert.ok(full.every(({ headers }) => /^[1-9]\d*$/.test(headers['retry-after'] ?? '')))
  await assertAlive()
  for (let count = 0; count < taken; count += 1)
    assert.equal(
      (await robot.http(`POST /api/mcp/answers/${await asked(client)}`, { result: count })).status,
      200,
    )
  const ids = answers.filter(({ status }) => status === 202).map((one) => dataOf<Fields>(one)['execution_id'])
  assert.equal(new Set(ids).size, taken)
  await until(() => target.app.agents.executions.running(ann.user_id) === 0)
  const { agent_status } = dataOf<Fields>(await target.http('GET /api/agents/20/status', { token }))
  assert.notEqual((agent_status as Fields | undefined)?.['state'], 'executing')
  const again = act(20)
  await robot.http(`POST /api/mcp/answers/${await asked(client)}`, { result: 'well' })
  assert.equal(errorOf(await again), undefined)
})

test('H-006: a thousand messages wait for an agent, the next is SYSTEM_001, and it gets each of them once, in order', async () => {
  const robot = await openRobot(target, ann, 21)
  const sent: Answered[] = []
  for (let round = 0; round < 21; round += 1)
    sent.push(...(await Promise.all(Array.from({ length: 50 }, () => send(21)))))
  assert.deepEqual(tally(sent), { '200': 1_000, '503 SYSTEM_001': 50 })
  assert.ok(sent.every(({ status, headers }) => status === 200 || Number(headers['retry-after']) > 0))
  await assertAlive()
  const client = target.open(robot.token)
  const got = receipts(client)
  await until(() => got.length >= 1_000)
  await turns()
  const ids = sent.filter(({ status }) => status === 200).map((one) => dataOf<Fields>(one)['message_id'])
  assert.deepEqual(
    got.map(({ id }) => id),
    ids.map(String).toSorted(),
  )
  assert.equal((await send(21)).status, 200)
  await until(() => got.length === 1_001)
})

test('H-006: more mail than a socket takes at once arrives by a socket all the same, and in pages by HTTP', async () => {
  const robot = await openRobot(target, ann, 22)
  const data = 'x'.repeat(262_000)
  const fill = async () => {
    for (let count = 0; count < 20; count += 1) assert.equal((await send(22, { data })).status, 200)
  }
  assert.equal(outcomeOf(await send(22, { data: `${data}${'x'.repeat(200)}` })), '400 GENERAL_001')
  await fill()
  const client = await robot.enter()
  const got = receipts(client)
  await until(() => got.length >= 20)
  assert.equal(client.socket.connected, true)
  client.socket.disconnect()
  await turns()
  await fill()
  const pages: number[] = []
  for (let last: string | undefined, left = 20; left > 0; left -= pages.at(-1) ?? left) {
    const page = await next(robot, last === undefined ? {} : { after: last })
    assert.ok(page.length > 0 && JSON.stringify(page).length < 1_400_000)
    pages.push(page.length)
    last = page.at(-1)?.id
  }
  assert.equal(
    pages.reduce((sum, one) => sum + one, 0),
    20,
  )
})

test('H-006: an agent that is there and fetches nothing keeps nothing that nobody waits for any more', async () => {
  const robot = await openRobot(target, ann, 23)
  const said = { id: '23', message_type: 'ask', data: 1, requires_response: true }
  /** More requests than may be open, whose time is up once they were fetched, or were not. */
  const round = async (fetched: number) => {
    const asking = Array.from({ length: 110 }, () => target.call(token, 'messages.to', said))
    const ended: Reply[] = []
    for (const one of asking) void one.then((reply) => ended.push(reply))
    const found: MCPMessage[] = []
    while (found.length < fetched) found.push(...(await next(robot)))
    await assertAlive()
    while (ended.length < asking.length) {
      await robot.http('POST /api/mcp/heartbeat')
      target.clock.advance(30_000)
      await turns()
    }
    const codes = ended.map((one) => (one.ok ? '' : one.error.error.code))
    assert.deepEqual([...new Set(codes)].toSorted(), ['AGENT_002', 'AGENT_003'])
    return found
  }
  await robot.http('POST /api/mcp/heartbeat')
  for (let count = 0; count < 3; count += 1) await round(0)
  assert.deepEqual(await next(robot), [])
  assert.equal((await round(100)).length, 100)
  const ends = await next(robot)
  assert.deepEqual([ends.length, new Set(ends.map(({ method }) => method))], [100, new Set(['agent.cancel'])])
  assert.deepEqual(await next(robot, { after: ends.at(-1)?.id }), [])
})

test('H-006: what waits to be fetched is handed to the socket that the agent opens instead', async () => {
  const robot = await openRobot(target, ann, 24)
  await robot.http('POST /api/mcp/heartbeat')
  const asking = act(24, { timeout_ms: 600_000 })
  await turns()
  const client = await robot.enter()
  assert.equal(
    (await robot.http(`POST /api/mcp/answers/${await asked(client)}`, { result: 'here' })).status,
    200,
  )
  assert.equal(errorOf(await asking), undefined)
})

const answer = (robot: Robot, to: string, result: unknown = 'stolen') =>
  robot.http(`POST /api/mcp/answers/${to}`, { result }).then(outcomeOf)

test('H-006: an answer counts once, from whom it was asked of, and under its own id alone', async () => {
  const [one, two] = [await openRobot(target, ann, 25), await openRobot(target, ann, 26)]
  const foreign = await openRobot(target, bob, 25)
  const client = await one.enter()
  const asking = act(25, { timeout_ms: 600_000 })
  const id = await asked(client)
  for (const robot of [two, foreign]) assert.equal(await answer(robot, id), '404 GENERAL_001')
  const said = await target.http(`POST /api/mcp/answers/${id}`, { token, body: { result: 'mine' } })
  assert.equal(outcomeOf(said), '403 AUTH_001')
  for (const wrong of ['018f0000-0000-7000-8000-00000000dead', one.agent_id, id.replace(/.$/, 'g')])
    assert.match(await answer(one, wrong), /^40[04] GENERAL_001$/)
  const nested = `{"result":${'['.repeat(40)}${']'.repeat(40)}}`
  for (const body of [nested, '{"result":1,"result":2}', '{"result":1,"more":2}', '{"result":1e999}', '[]'])
    assert.equal(
      outcomeOf(
        await target.http(`POST /api/mcp/answers/${id}`, {
          token: one.token,
          body,
          headers: { 'content-type': 'application/json' },
        }),
      ),
      '400 GENERAL_001',
      body.slice(0, 30),
    )
  assert.equal(await answer(one, id, 'right'), '200')
  assert.equal(await answer(one, id, 'twice'), '404 GENERAL_001')
  assert.equal(dataOf<{ result: Fields }>(await asking).result['data'], 'right')
})

test('R-025: a program that answers five megabytes, half a message or garbage fails its execution and nothing else', async () => {
  const robot = await openRobot(target, ann, 27)
  const huge = 'x'.repeat(5_000_000)
  const garbage = ['x', '51-["mcp:message",{"_placeholder":true,"num":0}]', huge]
  for (const packet of garbage) {
    const client = await robot.enter()
    const asking = act(27, { timeout_ms: 600_000 })
    const id = await asked(client)
    assert.equal(
      outcomeOf(await robot.http(`POST /api/mcp/answers/${id}`, { result: huge })),
      '413 GENERAL_001',
    )
    client.socket.io.engine.write(packet)
    await client.gone
    assert.equal(errorOf(await asking), 'AGENT_003: The agent was lost while it worked on this.')
    await assertAlive()
  }
  const letters: readonly Fields[] = [
    { type: 'error' },
    { type: 'request' },
    { type: 'response', result: 1, error: 7 },
  ]
  const client = await robot.enter()
  const asking = act(27, { timeout_ms: 600_000 })
  const id = await asked(client)
  // What is said of such a message is a message, too, and the request stays open.
  for (const half of ['2["mcp:message"', '2["mcp:message",{"id":', '2["mcp:message",{"a":1,"a":2}]'])
    client.socket.io.engine.write(half)
  for (let count = 0; count < 3; count += 1)
    assert.match(JSON.stringify(await client.next('error')), /GENERAL_001/)
  for (const more of letters) {
    const answered = await client.ask('mcp:message', {
      ...robot.letter('x', {}),
      method: undefined,
      id,
      ...more,
    })
    assert.equal((answered as unknown as MCPMessage).type, 'error', JSON.stringify(more))
  }
  const bare = { id, version: '1.0', type: 'response', timestamp: new Date(target.clock.now()).toISOString() }
  const { agent_number, agent_id } = robot
  await client.ask('mcp:message', { ...bare, source: { agent_number, agent_id } })
  assert.equal(dataOf<{ result: Fields }>(await asking).result['data'], null)
})

test('R-025: a storm of connections that come and go leaves no execution hanging and the agent idle', async () => {
  const robot = await openRobot(target, ann, 28)
  const ends: (string | undefined)[] = []
  for (let round = 0; round < 25; round += 1) {
    const clients = [await robot.enter(), await robot.enter()]
    const asking = act(28, { timeout_ms: 600_000 })
    await asked(clients[1] ?? (clients[0] as Client))
    for (const { socket } of clients) socket.disconnect()
    ends.push(errorOf(await asking))
  }
  assert.deepEqual([...new Set(ends)], ['AGENT_003: The agent was lost while it worked on this.'])
  const client = await robot.enter()
  const asking = act(28)
  await robot.http(`POST /api/mcp/answers/${await asked(client)}`, { result: 'calm' })
  assert.equal(errorOf(await asking), undefined)
  const shown = dataOf<{ status: { state: string } }>(await target.http('GET /api/agents/28', { token }))
  assert.equal(shown.status.state, 'idle')
})

test('H-009: three agents that ask each other in a circle end at the hop limit, by messages and by requests', async () => {
  const circle = [
    await openRobot(target, ann, 30),
    await openRobot(target, ann, 31),
    await openRobot(target, ann, 32),
  ]
  const clients = await Promise.all(circle.map((robot) => robot.enter()))
  const outcomes: string[] = []
  const turn = async (index: number, requires_response: boolean, http: boolean): Promise<string> => {
    const [from, to] = [circle[index % 3], circle[(index + 1) % 3]]
    if (from === undefined || to === undefined) return ''
    const said = { message_type: 'loop', data: index, requires_response }
    const going = http
      ? from.http(`POST /api/agents/${to.agent_number}/messages`, said).then(outcomeOf)
      : from.say('agent.send_message', { ...said, target_agent: to.agent_number })
    return going
  }
  for (const http of [true, false]) {
    outcomes.length = 0
    // Whoever heard nothing has nothing to answer: the first refusal is the end of it.
    for (let index = 0; index < 12 && !/AGENT_002/.test(outcomes.at(-1) ?? ''); index += 1)
      outcomes.push(await turn(index, false, http))
    assert.equal(outcomes.length, 9, outcomes.join())
    target.clock.advance(5_001)
  }
  const open: Promise<string>[] = []
  for (let index = 0; index < 9; index += 1) {
    open.push(turn(index, true, false))
    if (index < 8) await until(() => requestsOf(clients) === index + 1)
  }
  assert.match((await open[8]) ?? '', /AGENT_002/)
  for (const [index, client] of clients.entries())
    for (const id of requestIds(client))
      await circle[index]?.http(`POST /api/mcp/answers/${id}`, { result: 'end' })
  assert.deepEqual(
    await Promise.all(open.slice(0, 8)),
    Array.from({ length: 8 }, () => 'response'),
  )
})

function requestIds({ heard }: Client): string[] {
  return heard
    .filter(([event, one]) => event === 'mcp:message' && (one as MCPMessage).type === 'request')
    .map(([, one]) => (one as MCPMessage).id)
}

function requestsOf(clients: readonly Client[]): number {
  return clients.reduce((sum, client) => sum + requestIds(client).length, 0)
}
