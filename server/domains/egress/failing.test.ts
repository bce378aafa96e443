import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { listen, openCanary, openTestEgress, refusal, until } from './rig.ts'
import type { Canary, TestEgress } from './rig.ts'

interface Failing extends TestEgress {
  canary: Canary
  url: string
}

async function failing(t: TestContext, listener: RequestListener, bounds = {}): Promise<Failing> {
  const canary = await openCanary(t, listener)
  const opened = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`], hasty_ms: 20_000, bounds })
  return { ...opened, canary, url: `http://127.0.0.1:${canary.port}/` }
}

/** A server that says this to everybody, as it is. */
async function saying(t: TestContext, say: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.once('data', () => say(socket))
    socket.on('error', () => {})
  })
  const { port, hits } = await listen(t, server)
  return {
    ...openTestEgress(t, { lan: [`127.0.0.1:${port}`], hasty_ms: 20_000 }),
    hits,
    url: `http://127.0.0.1:${port}/`,
  }
}

test('R-025: a host that hangs before or within its answer is given up at the time-out, exactly then', async (t) => {
  for (const listener of [
    () => {},
    (_request: unknown, response: { write(text: string): unknown }) => response.write('x'),
  ]) {
    const { ask, canary, clock, url } = await failing(t, listener)
    for (const [given, ms] of [
      [undefined, 20_000],
      [30_000, 30_000],
      [1e9, 60_000],
    ] as const) {
      const asked = refusal(ask({ url, ...(given === undefined ? {} : { timeout_ms: given }) }))
      const before = canary.requests.length
      await until(() => canary.requests.length > before)
      clock.advance(ms - 1)
      const first = await Promise.race([asked, Promise.resolve('waits')])
      assert.equal(first, 'waits')
      clock.advance(1)
      assert.equal(
        await asked,
        `AGENT_TIMEOUT 504: 127.0.0.1:${canary.port} did not answer within ${ms / 1_000} s.`,
      )
    }
  }
})

test('R-025: what says "not now" is tried again with jitter, only if that does no harm, and then answered as it is', async (t) => {
  for (const status of [429, 502, 503, 504]) {
    const { ask, canary, pauses, url } = await failing(t, (_request, response) =>
      response.writeHead(status).end('later'),
    )
    assert.equal((await ask({ url, repeatable: true })).status, status)
    assert.equal(canary.hits(), 3)
    const [, first = -1, second = -1] = pauses
    assert.ok(
      first >= 0 && first < 1_000 && second >= 0 && second < 2_000 && pauses.length === 3,
      String(pauses),
    )
    assert.equal((await ask({ url })).status, status)
    assert.equal(canary.hits(), 4)
  }
  const { ask, canary, url } = await failing(t, (_request, response) => response.writeHead(500).end())
  assert.equal((await ask({ url, repeatable: true })).status, 500)
  assert.equal(canary.hits(), 1)
})

/** Says "not now" once. */
function later(after: string): RequestListener {
  let asked = 0
  return (_request, response) => {
    if (asked++ > 0) response.end('now')
    else response.writeHead(429, { 'retry-after': after }).end()
  }
}

test('R-025: a second try that works is the answer, and Retry-After is waited for unless that is too long', async (t) => {
  const patient = await failing(t, later('7'))
  assert.equal((await patient.ask({ url: patient.url, repeatable: true })).status, 200)
  assert.ok((patient.pauses[1] ?? 0) >= 7_000 && (patient.pauses[1] ?? 0) < 8_000)
  const long = await failing(t, later('21'))
  assert.equal((await long.ask({ url: long.url, repeatable: true })).status, 429)
  assert.equal(long.canary.hits(), 1)
})

test('R-025: after five failures in a row nothing goes to the host until it has rested, then one', async (t) => {
  let works = false
  const { ask, canary, clock, url } = await failing(t, (_request, response) => {
    if (works) response.end()
    else response.destroy()
  })
  const gone = /^AGENT_EXECUTION_FAILED 502: \S+ closed the connection too early\.$/
  for (let failures = 0; failures < 5; failures += 1) assert.match(await refusal(ask(url)), gone)
  assert.match(
    await refusal(ask(url)),
    /failed 5 times in a row and is left alone for 30 s; last: it closed the connection too early\.$/,
  )
  assert.equal(canary.hits(), 5)
  assert.match(await refusal(ask(url, { user_id: 'bob' })), gone)
  assert.equal(canary.hits(), 6)
  clock.advance(30_000)
  works = true
  assert.equal((await ask(url)).status, 200)
  assert.equal((await ask(url)).status, 200)
})

test('a host that answers is asked on: a 500 never shuts it, and a 503 only the twenty-first time', async (t) => {
  let status = 500
  const { ask, canary, url } = await failing(t, (_request, response) => response.writeHead(status).end())
  for (let times = 0; times < 25; times += 1) assert.equal((await ask(url)).status, 500)
  status = 503
  for (let times = 0; times < 20; times += 1) assert.equal((await ask(url)).status, 503)
  assert.match(await refusal(ask(url)), /failed 20 times in a row .* last: it answered 503\.$/)
  assert.equal(canary.hits(), 45)
})

test('tries that open the circuit end with what the host said, and the caller’s own haste does not count', async (t) => {
  const { ask, canary, url } = await failing(t, (_request, response) => response.writeHead(503).end(), {
    failures: 1.25,
  })
  for (const hits of [3, 5]) {
    assert.equal((await ask({ url, repeatable: true })).status, 503)
    assert.equal(canary.hits(), hits)
  }
  const slow = await failing(t, () => {})
  for (let times = 0; times < 6; times += 1)
    assert.match(await refusal(slow.ask({ url: slow.url, timeout_ms: 1 })), /^AGENT_TIMEOUT/)
  assert.match(await refusal(slow.ask({ url: slow.url, timeout_ms: 999 })), /^AGENT_TIMEOUT/)
})

test('R-025: garbage and half an answer are failures of the host, which are named and never shown', async (t) => {
  const rows: [said: string, sentence: RegExp, tries: number][] = [
    ['SSH-2.0-OpenSSH_9 secret\r\n', /answered something that is not HTTP\.$/, 1],
    ['HTTP/1.1 200 OK\r\nsecret : \x01\r\n\r\n', /answered something that is not HTTP\.$/, 1],
    [`HTTP/1.1 200 OK\r\na: ${'secret'.repeat(3_000)}\r\n\r\n`, /headers that are too large\.$/, 1],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsecret', /closed the connection too early\.$/, 3],
    [
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nsecret',
      /closed the connection too early\.$/,
      3,
    ],
    ['', /closed the connection too early\.$/, 3],
  ]
  for (const [said, sentence, tries] of rows) {
    const { ask, url, hits } = await saying(t, (socket) => socket.end(said))
    const refused = await refusal(ask({ url, repeatable: true }))
    assert.match(refused, sentence, said)
    assert.match(refused, /^AGENT_EXECUTION_FAILED 502: 127\.0\.0\.1:\d+ /)
    assert.ok(!refused.includes('secret'))
    assert.equal(hits(), tries, said)
  }
})

test('R-025: ten megabytes without an end of a line, or of headers, are not read', async (t) => {
  const flood = Buffer.alloc(10 * 1_048_576, 'x')
  const line = await saying(t, (socket) =>
    socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), flood])),
  )
  assert.match(await refusal(line.ask(line.url)), /headers that are too large|not HTTP/)
  let sent = 0
  const body = await saying(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    socket.write(flood)
    socket.once('close', () => (sent = socket.bytesWritten))
  })
  assert.match(await refusal(body.ask(body.url)), /more than 1048576 bytes/)
  await until(() => sent > 0)
})

test('nobody there and no such host are told apart, and only the former is tried again', async (t) => {
  const canary = await openCanary(t)
  const gone = await openCanary(t, undefined, '127.0.0.2')
  const { ask, pauses, looked_up } = openTestEgress(t, {
    lan: [`127.0.0.3:${gone.port}`, `a.home:${canary.port}`],
    hasty_ms: 20_000,
  })
  const nobody = await refusal(ask({ url: `http://127.0.0.3:${gone.port}/`, repeatable: true }))
  assert.equal(nobody, `AGENT_EXECUTION_FAILED 502: 127.0.0.3:${gone.port} takes no connections.`)
  assert.equal(pauses.length, 3)
  const unknown = await refusal(ask({ url: `http://a.home:${canary.port}/`, repeatable: true }))
  assert.equal(
    unknown,
    `AGENT_EXECUTION_FAILED 502: a.home:${canary.port} is not known: there is no such host.`,
  )
  assert.deepEqual(looked_up, ['a.home'])
})

test('eight connections go to a host at once, and more wait until they are refused', async (t) => {
  const { ask, canary, egress, url } = await failing(t, () => {}, { waiting: 2 })
  const asked = Array.from({ length: 11 }, () => refusal(ask(url)))
  await until(() => canary.requests.length === 8)
  assert.match(await Promise.race(asked), /^SYSTEM_OVERLOADED 503/)
  assert.equal(canary.hits(), 8)
  await egress.close()
})
