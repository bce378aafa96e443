import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCanary, openTestEgress } from './rig.ts'

const post = (port: number) => ({ url: `http://127.0.0.1:${port}/`, method: 'POST' as const, body: 'x' })
const refusal = { name: 'UNAUTHORIZED', status: 403 }

test('a place that the operator named for one thing is open to that alone, by its exact port', async (t) => {
  const [named, other] = [await openCanary(t), await openCanary(t)]
  const { ask } = openTestEgress(t)
  const place = `127.0.0.1:${named.port}`
  assert.equal((await ask(post(named.port), { place })).status, 200)
  await assert.rejects(ask(post(other.port), { place }), refusal)
  await assert.rejects(ask(post(named.port)), refusal)
  await assert.rejects(ask(`http://127.0.0.1:${named.port}/`), refusal)
  assert.deepEqual([named.requests.length, other.requests.length], [1, 0])
})

test('a place that sends elsewhere opens nothing there', async (t) => {
  const other = await openCanary(t)
  const named = await openCanary(t, (_request, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end()
  })
  const { ask } = openTestEgress(t)
  await assert.rejects(ask(post(named.port), { place: `127.0.0.1:${named.port}` }), refusal)
  assert.equal(other.requests.length, 0)
})
