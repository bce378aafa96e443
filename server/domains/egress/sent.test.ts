import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bindNet } from './capabilities.ts'
import { openCanary, openTestEgress, refusal, until } from './rig.ts'

const SENDING = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
const BYTES_MAX = 1_000

/** Sends to a server that does what it is asked for and then answers like this. */
async function sending(t: TestContext, answer: RequestListener) {
  const canary = await openCanary(t, answer)
  const opened = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`], hasty_ms: 20_000 })
  const url = `http://127.0.0.1:${canary.port}/`
  const request = { url, method: 'POST', bytes_max: BYTES_MAX } as const
  return { ...opened, canary, url, request, send: () => opened.ask(request) }
}

test('what was sent has been done, however long the answer is: it is cut, and says so', async (t) => {
  for (const headers of [{ 'content-length': '2000' }, { 'transfer-encoding': 'chunked' }]) {
    const { ask, canary, request } = await sending(t, (_request, response) =>
      response.writeHead(201, headers).end('ab'.repeat(1_000)),
    )
    for (const method of SENDING) {
      const { status, body, cut } = await ask({ ...request, method })
      assert.deepEqual([status, Buffer.from(body).toString(), cut], [201, 'ab'.repeat(500), true], method)
    }
    assert.match(await refusal(ask({ ...request, method: 'GET' })), /answered with more than 1000 bytes\.$/)
    assert.equal((await ask({ ...request, method: 'HEAD' })).cut, undefined)
    const asked = canary.requests.map(({ method }) => method)
    assert.deepEqual(asked, [...SENDING, 'GET', 'HEAD'])
  }
})

test('an answer that is not too long is whole and does not speak of being cut', async (t) => {
  for (const length of [0, 999, 1_000]) {
    const { send } = await sending(t, (_request, response) => response.end('x'.repeat(length)))
    const answer = await send()
    assert.deepEqual([answer.body.length, 'cut' in answer], [length, false])
  }
})

test('an answer without an end is left as soon as it is too long', async (t) => {
  const { send, canary } = await sending(t, (_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(700)));
      response.once('drain', more)
    }
    more()
  })
  const { body, cut } = await send()
  assert.deepEqual([body.length, cut], [BYTES_MAX, true])
  await until(() => canary.open() === 0)
})

test('what unfolds to too much is cut where that begins, and what unfolds to nothing is not read for ever', async (t) => {
  for (const [packed, length] of [
    [gzipSync(Buffer.alloc(8 * 1_048_576)), BYTES_MAX],
    [Buffer.alloc(200_000, gzipSync('')), 0],
  ] as const) {
    const { send } = await sending(t, (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    const { status, body, cut } = await send()
    assert.deepEqual([status, body.length, cut], [200, length, true])
  }
})

test('an answer that breaks off or cannot be read is what there is of it, once its status has come', async (t) => {
  const rows: [said: RequestListener, body: string][] = [
    [(_request, response) => response.writeHead(202, { 'content-encoding': 'zstd' }).end('??'), ''],
    [(_request, response) => response.writeHead(202, { 'content-encoding': 'gzip' }).end('no gzip'), ''],
    [
      (request, response) =>
        response.writeHead(202, { 'content-length': '9' }).write('half', () => request.destroy()),
      'half',
    ],
  ]
  for (const [said, expected] of rows) {
    const { send, canary } = await sending(t, said)
    const { status, body, cut } = await send()
    assert.deepEqual([status, Buffer.from(body).toString(), cut], [202, expected, true])
    assert.equal(canary.hits(), 1)
  }
})

test('what was sent on to an address to look at has been done, too', async (t) => {
  for (const status of [301, 302, 303, 307]) {
    const { send, canary } = await sending(t, (request, response) => {
      if (request.url === '/') response.writeHead(status, { location: '/made' }).end()
      else response.end('x'.repeat(1_001))
    })
    const { url, body, cut } = await send()
    assert.deepEqual([new URL(url).pathname, body.length, cut], ['/made', BYTES_MAX, true])
    assert.deepEqual(
      canary.requests.map(({ method }) => method),
      ['POST', status === 307 ? 'POST' : 'GET'],
    )
  }
})

test('one that is broken off by its own user or the time-out is not said to be answered', async (t) => {
  const stop = new AbortController()
  const { ask, clock, request } = await sending(t, (_request, response) => response.write('half'))
  let read = 0
  const chunk = (bytes: Uint8Array): Uint8Array => ((read += bytes.length), bytes)
  const heard = () => ({ chunk, end: () => new Uint8Array(0) })
  const stopped = refusal(ask(request, { signal: stop.signal, redact: heard }))
  await until(() => read >= 'half'.length)
  stop.abort(new Error('enough'))
  assert.equal(await stopped, 'Error: enough')
  read = 0
  const late = refusal(ask({ ...request, timeout_ms: 30_000 }, { redact: heard }))
  await until(() => read >= 'half'.length)
  clock.advance(30_000)
  assert.match(await late, /^AGENT_TIMEOUT 504: .* did not answer within 30 s\.$/)
})

/** Holds back what may be the beginning of SECRET. */
function redact() {
  let held = ''
  const chunk = (bytes: Uint8Array): Uint8Array => {
    const text = (held + Buffer.from(bytes).toString()).replaceAll('SECRET', '***')
    held = text.slice(-5)
    return Buffer.from(text.slice(0, -5))
  }
  return { chunk, end: () => Buffer.from(held) }
}

test('a secret that is cut in two shows neither half', async (t) => {
  for (const at of [995, 997, 999]) {
    const { ask, request } = await sending(t, (_request, response) =>
      response.end(`${'x'.repeat(at)}SECRET${'x'.repeat(100)}`),
    )
    const { body, cut } = await ask(request, { redact })
    assert.deepEqual([Buffer.from(body).toString(), cut], ['x'.repeat(995), true])
  }
})

function breakAt(bytes: Uint8Array): Uint8Array {
  if (Buffer.from(bytes).toString() === 'body') throw new TypeError('broken')
  return bytes
}
function broken() {
  return { chunk: breakAt, end: () => new Uint8Array(0) }
}

test('a redactor that fails is not taken for the end of an answer', async (t) => {
  const { ask, request } = await sending(t, (_request, response) => response.end('body'))
  assert.equal(await refusal(ask(request, { redact: broken })), 'TypeError: broken')
})

test('long answers are no failures of the host', async (t) => {
  const { send, canary } = await sending(t, (_request, response) => response.end('x'.repeat(5_000)))
  for (let times = 0; times < 7; times += 1) assert.equal((await send()).cut, true)
  assert.equal(canary.hits(), 7)
})

test('what may have reached the host is sent once, however it fails; what only looks is tried again', async (t) => {
  const context = { user_id: 'ann', signal: new AbortController().signal }
  const failures: RequestListener[] = [
    (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end('later'),
    (_request, response) => response.writeHead(429).end(),
    (request) => request.socket.resetAndDestroy(),
    (request) => request.socket.end(),
    (_request, response) =>
      response.writeHead(200, { 'content-length': '9' }).write('half', () => response.destroy()),
  ]
  for (const [index, fail] of failures.entries()) {
    for (const [method, hits] of [...SENDING.map((one) => [one, 1] as const), ['GET', 3] as const]) {
      const canary = await openCanary(t, (request, response) =>
        request.resume().on('end', () => fail(request, response)),
      )
      const { ask, egress } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`], hasty_ms: 20_000 })
      const body = method === 'GET' ? {} : { body: 'x' }
      const request = { url: `http://127.0.0.1:${canary.port}/`, method, ...body }
      await refusal(bindNet(egress)(context).request(request))
      assert.deepEqual([canary.hits(), canary.requests.length], [hits, hits], `${index} ${method}`)
      // Nor where the caller calls it harmless.
      await refusal(ask({ ...request, repeatable: true }, { user_id: 'bob' }))
      assert.equal(canary.requests.length, 2 * hits, `${index} ${method}`)
    }
  }
})
