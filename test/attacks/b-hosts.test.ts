import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { raw } from '../../server/transports/http/client.ts'
import { openMachine } from '../journeys/process.ts'
import { none, openTarget, outcomeOf } from './rig.ts'
import type { Asked } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const { ann, port } = target
const HANDSHAKE = 'GET /socket.io/?EIO=4&transport=polling'
const PLACES = [
  'GET /api/auth/me',
  'GET /api/system/health',
  'GET /',
  'GET /docs',
  'GET /api/openapi.json',
  'POST /api/mcp',
  HANDSHAKE,
]

/** Asks everywhere with these headers; answers where it was not refused so. */
async function letIn(headers: Asked['headers'], expected: RegExp, places = PLACES): Promise<string[]> {
  const wrong: string[] = []
  for (const place of places) {
    const answered = await target.http(place, {
      token: ann.token,
      ...(headers === undefined ? {} : { headers }),
    })
    if (!expected.test(outcomeOf(answered))) wrong.push(`${place}: ${outcomeOf(answered)}`)
  }
  return wrong
}

test('B-007, B-008: no other name of this machine reaches anything', async () => {
  const hosts = [
    'attacker.test',
    `attacker.test:${port}`,
    `localhost.evil.test:${port}`,
    `127.0.0.1.nip.io:${port}`,
    'localhost:1',
    'localhost',
    '127.0.0.1',
    `localhost.:${port}`,
    `0.0.0.0:${port}`,
    `localhost:${port}@evil.test`,
    `evil.test@localhost:${port}`,
    `localhost:${port}, evil.test`,
    `[::ffff:127.0.0.1]:${port}`,
    `2130706433:${port}`,
    ' ',
  ]
  for (const host of hosts)
    none((await letIn({ host }, /^40[03] GENERAL_001$/)).map((one) => `${JSON.stringify(host)} ${one}`))
  for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
    assert.equal(
      (await target.http('GET /api/auth/me', { token: ann.token, headers: { host } })).status,
      200,
      host,
    )
})

test('B-008: two hosts, none, and an address that names another one are refused', async () => {
  const own = `Host: localhost:${port}`
  const heads = [
    ['GET /api/system/health HTTP/1.1', own, own],
    ['GET /api/system/health HTTP/1.1', own, 'Host: evil.test'],
    ['GET /api/system/health HTTP/1.1'],
    ['GET /api/system/health HTTP/1.0'],
    ['GET /api/system/health HTTP/1.1', 'Host:'],
    ['GET http://evil.test/api/system/health HTTP/1.1', own],
    [`GET http://localhost:${port}/api/system/health HTTP/1.1`, own],
    ['GET //evil.test/api/system/health HTTP/1.1', 'Host: evil.test'],
    ['GET /api/system/health HTTP/1.1', `Host : localhost:${port}`],
    ['GET /api/system/health HTTP/1.1', `X: y\r\n Host: localhost:${port}`],
    ['CONNECT localhost:1 HTTP/1.1', own],
  ]
  const wrong: string[] = []
  for (const head of heads) {
    const text = await raw(target, [...head, 'Connection: close', '', ''].join('\r\n'))
    if (!/^HTTP\/1\.1 40[035] |^$/.test(text)) wrong.push(`${head.join(' | ')}: ${text.slice(0, 60)}`)
    if (text.includes('healthy')) wrong.push(`${head.join(' | ')}: answered`)
  }
  none(wrong)
  assert.match(
    await raw(target, `GET /api/system/health HTTP/1.1\r\n${own}\r\nConnection: close\r\n\r\n`),
    /^HTTP\/1\.1 200 /,
  )
})

test('B-009: what a proxy is said to have forwarded changes no link and no origin', async () => {
  const evil = {
    'x-forwarded-host': 'evil.test',
    forwarded: 'host=evil.test;proto=https',
    'x-forwarded-proto': 'https',
    'x-original-url': '/api/users',
    'x-rewrite-url': '/api/users',
  }
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`]
  for (const place of [...PLACES, 'GET /nothing'])
    for (const host of hosts) {
      const { headers, text } = await target.http(place, { token: ann.token, headers: { ...evil, host } })
      assert.equal(`${JSON.stringify(headers)} ${text}`.includes('evil.test'), false, place)
    }
  const body = { purpose: 'setup' }
  const challenge = await target.http('POST /api/auth/biometric/challenge', {
    token: ann.token,
    body,
    headers: evil,
  })
  assert.equal((challenge.body['data'] as { rp_id: string }).rp_id, 'localhost')
  const moved = await target.http('GET /docs?a=1', { headers: { ...evil, host: `127.0.0.1:${port}` } })
  if (moved.status >= 300 && moved.status < 400)
    assert.equal(moved.headers.location?.startsWith(target.origin), true)
})

test('B-010, B-011: a server listens on loopback alone, and does not start elsewhere without TLS or a proxy', async () => {
  const machine = openMachine()
  const [served, ...refused] = await Promise.all([
    machine.serve(),
    machine.paios(['serve'], { environment: { PAIOS_HOST: '0.0.0.0', PAIOS_PORT: '0' } }),
    machine.paios(['serve'], { environment: { PAIOS_HOST: '::', PAIOS_PORT: '0' } }),
  ])
  const addresses = Object.values(networkInterfaces()).flatMap((own = []) =>
    own.filter(({ internal, scopeid }) => !internal && !scopeid),
  )
  const reached = await Promise.all(addresses.map(({ address }) => isOpen(address, served.port)))
  const own = await isOpen('127.0.0.1', served.port)
  await machine.remove()
  assert.deepEqual([own, reached.includes(true)], [true, false])
  for (const { exit, stderr, stdout } of refused) {
    assert.equal(exit, 2)
    assert.match(stderr, /PAIOS_HOST: \S+ is not loopback/)
    assert.equal(stdout.includes('ready'), false)
  }
})

function isOpen(host: string, port_: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port: port_ }, () => resolve(true))
  socket.on('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
