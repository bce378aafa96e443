import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { Fault } from '../../kernel/fault.ts'
import type { NetRequest } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import { bindNet } from './capabilities.ts'
import { openCanary, openTestEgress } from './rig.ts'

const SENDING = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
const READING = ['GET', 'HEAD'] as const
const KEY = '0190a1b2/step-1'

/** What an action with this key reaches the network with, and the keys that two servers of this machine heard. */
async function open(t: TestContext, key: string | undefined, answer?: RequestListener) {
  const canary = await openCanary(t, answer)
  const other = await openCanary(t)
  const { egress } = openTestEgress(t, { lan: [canary, other].map(({ port }) => `127.0.0.1:${port}`) })
  const { request } = bindNet(egress)({ user_id: 'ann', signal: new AbortController().signal, key })
  const heard = (of: typeof canary) =>
    of.requests.map(({ method, headers }) => [method, headers['idempotency-key']])
  return {
    heard: () => heard(canary),
    elsewhere: () => heard(other),
    other: `http://127.0.0.1:${other.port}/`,
    ask: (more: Partial<NetRequest>) => request({ url: `http://127.0.0.1:${canary.port}/`, ...more }),
  }
}

test('whatever is sent carries the key, and what only looks does not', async (t) => {
  const { ask, heard } = await open(t, KEY)
  for (const method of SENDING) await ask({ method, body: 'x', headers: { 'x-a': '1' } })
  for (const method of READING) await ask({ method })
  await ask({})
  assert.deepEqual(heard(), [
    ...SENDING.map((method) => [method, KEY]),
    ...[...READING, 'GET'].map((method) => [method, undefined]),
  ])
})

function refusalOf(error: unknown): [retry_after_s: number | undefined, message: string] {
  assert.ok(error instanceof ActionError && error.cause instanceof Fault)
  return [error.cause.retry_after_s, error.message.replaceAll(/:\d+/gu, '')]
}

test('a refusal is a sentence, and keeps the time after which it makes sense to ask again', async (t) => {
  const { ask } = await open(t, undefined, (_request, response) => response.destroy())
  const refused = () => ask({ method: 'POST' }).then(() => assert.fail(), refusalOf)
  const early = 'closed the connection too early.'
  for (let times = 0; times < 5; times += 1)
    assert.deepEqual(await refused(), [undefined, `127.0.0.1 ${early}`])
  assert.deepEqual(await refused(), [
    30,
    `127.0.0.1 failed 5 times in a row and is left alone for 30 s; last: it ${early}`,
  ])
})

test('without a key none is sent, and a key that the author gave is the one that is', async (t) => {
  const { ask, heard } = await open(t, undefined)
  await ask({ method: 'POST' })
  assert.deepEqual(heard(), [['POST', undefined]])
  const keyed = await open(t, KEY)
  for (const name of ['idempotency-key', 'Idempotency-Key'])
    await keyed.ask({ method: 'POST', headers: { [name]: 'mine' } })
  assert.deepEqual(keyed.heard(), [
    ['POST', 'mine'],
    ['POST', 'mine'],
  ])
})

test('the key goes along to the same origin, and is told to nobody else', async (t) => {
  let location = '/again'
  const { ask, heard, elsewhere, other } = await open(t, KEY, ({ url }, response) => {
    if (url === '/again') response.end()
    else response.writeHead(307, { location }).end()
  })
  await ask({ method: 'POST', body: 'x' })
  location = other
  await ask({ method: 'POST', body: 'x' })
  assert.deepEqual(heard(), [
    ['POST', KEY],
    ['POST', KEY],
    ['POST', KEY],
  ])
  assert.deepEqual(elsewhere(), [['POST', undefined]])
})
