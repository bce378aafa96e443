import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { fetcher } from './index.ts'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { bindNet } from '../../domains/egress/capabilities.ts'
import { openCanary, openTestEgress } from '../../domains/egress/rig.ts'

/** Agent 8 before a server of this machine. */
async function open(t: TestContext, answer: RequestListener) {
  const canary = await openCanary(t, answer)
  const { egress } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const net = bindNet(egress)({ user_id: 'ann', signal: new AbortController().signal })
  const can = openInMemory(0, 'UTC', { net })
  const host = `127.0.0.1:${canary.port}`
  const url = `http://${host}/`
  return {
    canary,
    host,
    post: (more = {}) => ask(fetcher, 'post', can, { url, body: 'x', ...more }),
    webhook: (more = {}) => ask(fetcher, 'webhook', can, { url, payload: {}, ...more }),
    get: (more = {}) => ask(fetcher, 'get', can, { url, ...more }),
  }
}

test('what was posted is said to be answered, and to be cut when its answer is over a million bytes', async (t) => {
  for (const [length, truncated] of [
    [990_000, undefined],
    [1_000_001, true],
    [3_000_000, true],
  ] as const) {
    const { canary, host, post } = await open(t, (_request, response) =>
      response.writeHead(201, { 'content-type': 'text/plain' }).end('x'.repeat(length)),
    )
    const { data, text } = await post()
    assert.deepEqual([data['status'], data['truncated'], data['encoding']], [201, truncated, 'text'])
    assert.match(String(data['body']), /^x+$/)
    const beginning = truncated === true ? '; only its beginning is kept' : ''
    assert.equal(text, `${host} answered${beginning}.`)
    assert.equal(canary.requests.length, 1)
  }
})

test('a webhook was called, whatever and however much it answers', async (t) => {
  for (const [status, length] of [
    [202, 100_000],
    [202, 100_001],
    [500, 5_000_000],
  ] as const) {
    const { canary, host, webhook } = await open(t, (_request, response) =>
      response.writeHead(status).end('x'.repeat(length)),
    )
    const { data, text } = await webhook()
    assert.deepEqual(data, { status })
    assert.equal(text, `${host} answered${status === 500 ? ' with status 500' : ''}.`)
    assert.equal(canary.requests.length, 1)
  }
})

test('what was fetched is refused when it is too long: half of it is easily taken for the whole', async (t) => {
  const { get } = await open(t, (_request, response) => response.end('x'.repeat(1_000_001)))
  await assert.rejects(
    get(),
    (error) =>
      error instanceof ActionError && error.message.endsWith('answered with more than 1000000 bytes.'),
  )
})

test('an answer that means trouble is a failure for whoever says that it must succeed, and for nobody else', async (t) => {
  for (const [status, isGood] of [
    [204, true],
    [299, true],
    [404, false],
    [410, false],
  ] as const) {
    const { host, get, post, webhook } = await open(t, (_request, response) =>
      response.writeHead(status).end(),
    )
    for (const act of [get, post, webhook, () => get({ status_only: true })])
      assert.equal((await act()).data['status'], status)
    const message = `${host} answered with status ${status}.`
    for (const act of [get, post, webhook]) {
      const demanded = act({ must_succeed: true })
      if (isGood) assert.equal((await demanded).data['status'], status)
      else await assert.rejects(demanded, new ActionError(message))
    }
    const only = get({ must_succeed: true, status_only: true })
    await (isGood ? only : assert.rejects(only, new ActionError(message)))
  }
})
