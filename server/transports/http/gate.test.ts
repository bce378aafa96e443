import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { openGate } from './gate.ts'
import type { GateSettings } from './gate.ts'

const request = (remoteAddress: string, headersDistinct: Record<string, string[]> = {}, url = '/') =>
  ({ url, headersDistinct, socket: { remoteAddress } }) as unknown as IncomingMessage
const SETTINGS: GateSettings = {
  public_url: 'https://paios.example',
  behind_proxy: false,
  trusted_proxies: ['127.0.0.0/8', '10.9.0.0/16'],
  allowed_origins: ['https://other.example'],
  tls: undefined,
}
const gateOf = (behind_proxy: boolean, port = 3001) => {
  const server = {
    address: () => ({ port, family: 'IPv4', address: '127.0.0.1' }),
    on: () => server as never,
  }
  return openGate({ ...SETTINGS, behind_proxy }, server)
}
const asked = (origin: string | undefined, more: Record<string, string[]> = {}) =>
  request('127.0.0.1', {
    host: ['localhost:3001'],
    'sec-fetch-site': ['cross-site'],
    ...(origin === undefined ? {} : { origin: [origin] }),
    ...more,
  })
const passes = (port: number, host: string) =>
  gateOf(false, port).check(request('127.0.0.1', { host: [host] }), true) === undefined

test('the address of a caller is that of the connection, whatever the caller says', () => {
  const gate = gateOf(false)
  assert.equal(gate.ip(request('127.0.0.1', { 'x-forwarded-for': ['9.9.9.9'] })), '127.0.0.1')
  assert.equal(gate.ip(request('::ffff:10.0.0.1')), '10.0.0.1')
  assert.equal(gate.ip(request('::1')), '::1')
})

test('behind a proxy it is the one that the proxy saw, not one that was sent to the proxy', () => {
  const gate = gateOf(true)
  const sent = (...values: string[]) => gate.ip(request('127.0.0.1', { 'x-forwarded-for': values }))
  assert.equal(sent('9.9.9.9, 10.0.0.1'), '10.0.0.1')
  assert.equal(sent('9.9.9.9', '10.0.0.2'), '10.0.0.2')
  assert.equal(sent('::ffff:10.0.0.3'), '10.0.0.3')
  assert.equal(sent('evil'), '127.0.0.1')
  assert.equal(gate.ip(request('127.0.0.1')), '127.0.0.1')
})

test('only proxies that are trusted are believed, and through several of them the first stranger counts', () => {
  const gate = gateOf(true)
  const from = (peer: string, ...hops: string[]) => gate.ip(request(peer, { 'x-forwarded-for': hops }))
  assert.equal(from('192.0.2.1', '9.9.9.9'), '192.0.2.1')
  assert.equal(from('10.9.1.1', '6.6.6.6, 9.9.9.9, 10.9.2.2'), '9.9.9.9')
  assert.equal(from('10.9.1.1', '10.9.2.2'), '10.9.1.1')
  assert.equal(from('10.9.1.1', 'unknown, 10.9.2.2'), '10.9.1.1')
})

test('pages of an allowed origin may read answers, and no others, and never with cookies', () => {
  const gate = gateOf(false)
  const allowed = asked('https://other.example')
  assert.equal(gate.check(allowed, true), undefined)
  const headers = gate.sharing(allowed)
  assert.equal(headers['Access-Control-Allow-Origin'], 'https://other.example')
  assert.equal(headers['Vary'], 'Origin')
  assert.equal('Access-Control-Allow-Credentials' in headers, false)
  assert.equal('Access-Control-Allow-Methods' in headers, false)
  const preflight = gate.sharing(asked('https://other.example', { 'access-control-request-method': ['PUT'] }))
  assert.match(preflight['Access-Control-Allow-Methods'] ?? '', /PUT/)
  for (const origin of [
    'https://evil.test',
    'null',
    'http://other.example',
    'https://other.example.evil.test',
  ]) {
    assert.equal(gate.check(asked(origin), true)?.status, 403, origin)
    assert.deepEqual(gate.sharing(asked(origin)), {}, origin)
  }
  assert.deepEqual(gate.sharing(asked('http://localhost:3001')), {})
  assert.equal(gate.check(asked(undefined), true)?.status, 403)
})

test('at port 80 the host may be written with and without it, at another only with it', () => {
  assert.ok(passes(80, 'localhost'))
  assert.ok(passes(80, 'localhost:80'))
  assert.ok(passes(3001, 'localhost:3001'))
  assert.ok(!passes(3001, 'localhost'))
  assert.ok(!passes(3001, 'localhost.:3001'))
  assert.ok(passes(3001, 'paios.example'))
  assert.ok(!passes(3001, 'paios.example:3001'))
})

test('the names follow the port that is listened on, and stay when the server closes', () => {
  const server = createServer()
  const gate = openGate({ ...SETTINGS, public_url: 'http://localhost:0' }, server)
  const check = () => gate.check(request('127.0.0.1', { host: ['localhost:4000'] }), true)?.status
  assert.equal(check(), 403)
  let port: number | undefined = 4000
  server.address = () => (port === undefined ? null : { port, family: 'IPv4', address: '127.0.0.1' })
  server.emit('listening')
  assert.equal(check(), undefined)
  port = undefined
  assert.equal(check(), undefined)
})
