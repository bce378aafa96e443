import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { ActionError } from '../../skills/skill.ts'
import { bindNet } from './capabilities.ts'
import { listen, openCanary, openTestEgress, refusal, until } from './rig.ts'

const context = { user_id: 'ann', signal: new AbortController().signal }

test('a port is open or shut, and an open one is let go at once', async (t) => {
  const { port, hits } = await listen(t, createServer())
  const { egress } = openTestEgress(t, { lan: [`127.0.0.1:${port}`, `127.0.0.2:${port}`] })
  const hops: unknown[] = []
  const asked = { ...context, before: (hop: unknown) => hops.push(hop) }
  assert.deepEqual(await egress.probe({ host: '127.0.0.1', port }, asked), { open: true, ms: 0 })
  assert.deepEqual(await egress.probe({ host: '127.0.0.2', port }, asked), { open: false, ms: 0 })
  assert.equal(hits(), 1)
  assert.deepEqual(
    hops,
    [1, 2].map((last) => ({ method: 'CONNECT', host: `127.0.0.${last}:${port}` })),
  )
})

test('a port that does not answer is shut once its time is over, and a name that is unknown is no port', async (t) => {
  const never = Promise.withResolvers<string[]>()
  let asks = 0
  const slow = openTestEgress(t, { lan: ['nas.home:80'], resolve: () => ((asks += 1), never.promise) })
  const asked = slow.egress.probe({ host: 'nas.home', port: 80, timeout_ms: 700 }, context)
  await until(() => asks === 1)
  slow.clock.advance(700)
  assert.deepEqual(await asked, { open: false, ms: 700 })
  const { egress } = openTestEgress(t, { lan: ['nas.home:80'] })
  assert.match(await refusal(egress.probe({ host: 'nas.home', port: 80 }, context)), /there is no such host/)
})

test('a probe goes nowhere that a request may not go', async (t) => {
  const { port, hits } = await listen(t, createServer())
  const names = { 'a.example': ['127.0.0.1'] }
  const { egress } = openTestEgress(t, { lan: [`127.0.0.1:${port + 1}`], names })
  for (const host of ['127.0.0.1', 'a.example', '::1', '0x7f.1', 'localhost.', '::ffff:127.0.0.1'])
    assert.match(await refusal(egress.probe({ host, port }, context)), /PAIOS_EGRESS_LAN|no such host/, host)
  assert.match(
    await refusal(egress.probe({ host: `127.0.0.1:${port}/`, port }, context)),
    /^VALIDATION_ERROR 400/,
  )
  assert.equal(hits(), 0)
})

test('an action hears a refusal as a sentence, and its own end as it is', async (t) => {
  const canary = await openCanary(t, (_request, response) => response.writeHead(503).end())
  const { egress, pauses } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`], hasty_ms: 20_000 })
  const net = bindNet(egress)(context)
  const url = `http://127.0.0.1:${canary.port}/`
  await assert.rejects(
    net.request({ url: 'http://10.0.0.1/' }),
    (error) =>
      error instanceof ActionError && error.message.endsWith('would list 10.0.0.1:80 in PAIOS_EGRESS_LAN.'),
  )
  await assert.rejects(net.probe({ host: '10.0.0.1', port: 1 }), ActionError)
  const stopped = bindNet(egress)({ ...context, signal: AbortSignal.abort(new RangeError('stopped')) })
  await assert.rejects(stopped.request({ url }), RangeError)
  assert.equal((await net.request({ url, method: 'POST', body: 'x' })).status, 503)
  assert.equal(canary.hits(), 1)
  assert.equal((await net.request({ url })).status, 503)
  assert.deepEqual([canary.hits(), pauses.length], [4, 6])
})
