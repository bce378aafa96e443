import assert from 'node:assert/strict'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { systemClock } from '../../kernel/clock.ts'
import { dial } from './dial.ts'
import { listen, openTestEgress, refusal, selfSigned } from './rig.ts'

const good = selfSigned(['nas.home', 'other.home'])
const expired = selfSigned(['nas.home'], true)
const stranger = selfSigned(['nas.home'])
const NAMES = { 'nas.home': ['127.0.0.1'], 'third.home': ['127.0.0.1'] }

/** An https server of this machine, and an egress that trusts the first two certificates alone. */
async function openSecure(
  t: TestContext,
  pair = good,
  listener: RequestListener = (_, response) => response.end('ok'),
) {
  const before = getCACertificates('default')
  setDefaultCACertificates([good.cert, expired.cert])
  t.after(() => setDefaultCACertificates(before))
  const names: unknown[] = []
  const server = createServer(pair, listener)
  server.on('secureConnection', (socket: TLSSocket & { servername?: unknown }) =>
    names.push(socket.servername),
  )
  const { port } = await listen(t, server)
  const hosts = ['nas.home', 'third.home', '127.0.0.1']
  return { ...openTestEgress(t, { lan: hosts.map((host) => `${host}:${port}`), names: NAMES }), port, names }
}

test('https asks the checked address for the name, which its certificate must be for', async (t) => {
  const { ask, port, names } = await openSecure(t)
  let bytes = 0
  const { status } = await ask(`https://nas.home:${port}/`, { measured: (some) => (bytes += some) })
  assert.deepEqual([status, names], [200, ['nas.home']])
  assert.ok(bytes > 500, String(bytes))
  for (const host of ['third.home', '127.0.0.1'])
    assert.equal(
      await refusal(ask(`https://${host}:${port}/`)),
      `AGENT_EXECUTION_FAILED 502: ${host}:${port} has a certificate for another name.`,
    )
})

test('a certificate that has expired or that nobody vouches for is refused, whatever the environment says', async (t) => {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  t.after(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'])
  for (const [pair, sentence] of [
    [expired, 'that has expired'],
    [stranger, 'that nobody vouches for'],
  ] as const) {
    const { ask, port } = await openSecure(t, pair)
    assert.equal(
      await refusal(ask(`https://nas.home:${port}/`)),
      `AGENT_EXECUTION_FAILED 502: nas.home:${port} has a certificate ${sentence}.`,
    )
  }
})

test('a host that speaks no TLS is named as such', async (t) => {
  const { port } = await listen(t, createPlainServer())
  const { ask } = openTestEgress(t, { lan: [`nas.home:${port}`], names: NAMES })
  assert.match(
    await refusal(ask(`https://nas.home:${port}/`)),
    /does not speak TLS as it should: if it has none, write http:\/\/ before its name\.$|too early\.$/,
  )
})

test('what was asked for by https is not asked for by http', async (t) => {
  const plain = await listen(t, createPlainServer())
  const location = `http://nas.home:${plain.port}/`
  const { ask, port } = await openSecure(t, good, (_, response) =>
    response.writeHead(302, { location }).end(),
  )
  assert.match(await refusal(ask(`https://nas.home:${port}/`)), /^UNAUTHORIZED 403: .* from https to http/)
  assert.equal(plain.hits(), 0)
})

test('the second layer keeps the socket itself from private addresses, with TLS and without', async (t) => {
  const { port, hits } = await listen(t, createPlainServer())
  const { signal } = new AbortController()
  for (const tls of [false, true])
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1']) {
      const place = { hostname: 'a.example', port }
      const target = { place, addresses: [address], reach: 'public', tls } as const
      await assert.rejects(dial(target, systemClock, signal), { code: 'ERR_IP_BLOCKED' }, address)
    }
  assert.equal(hits(), 0)
})
