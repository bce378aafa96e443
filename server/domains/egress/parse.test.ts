import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../kernel/fault.ts'
import { BOUNDS, within } from './bounds.ts'
import type { EgressRequest } from './index.ts'
import { placeOf, toHop, toPlace } from './parse.ts'

const URL = 'https://example.org/'

/** What a request is refused with, or `taken`. */
function said(request: Partial<EgressRequest>): string {
  try {
    toHop({ url: URL, ...request }, BOUNDS)
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof Fault && error.status === 400 && error.code === 'GENERAL_001')
    return error.message
  }
}

test('F-018: only http and https are spoken, and an address holds neither a user nor a password', () => {
  for (const url of [
    'file:///etc/passwd',
    'gopher://x/',
    'ftp://x/',
    'data:,x',
    'unix:/run/x',
    'ws://x/',
    'blob:x',
  ])
    assert.match(said({ url }), /^Only http and https are spoken, not [a-z]+:$/, url)
  for (const url of ['http://user@example.org/', 'http://:pw@example.org/', 'http://127.0.0.1@example.org/'])
    assert.equal(said({ url }), 'An address may not hold a user name or a password.', url)
  for (const url of [
    '',
    'example.org',
    '//example.org/',
    'http://',
    'http://[::1',
    'http://1.2.3.4.5/',
    'http://a b/',
  ])
    assert.equal(said({ url }), 'The address is not a valid URL.', url)
  for (const url of ['http://./', 'http://example.org../', 'http://a..b/', `http://${'a.'.repeat(130)}org/`])
    assert.equal(said({ url }), 'The address names no host.', url)
  assert.equal(said({ url: `${URL}${'x'.repeat(8_192 - URL.length)}` }), 'taken')
  assert.match(said({ url: `${URL}${'x'.repeat(8_193 - URL.length)}` }), /8192 characters/)
})

test('every spelling of a host becomes one, without the dot at its end and without a fragment', () => {
  const hosts = [
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '１２７.0.0.1',
    '%31%32%37.0.0.1',
  ]
  for (const host of [...hosts, '127。0。0。1', '0x7f.1'])
    assert.equal(toHop({ url: `http://${host}/` }, BOUNDS).url.hostname, '127.0.0.1', host)
  assert.equal(toHop({ url: 'http://LocalHost.:81/a?b#c' }, BOUNDS).url.href, 'http://localhost:81/a?b')
  assert.equal(toHop({ url: 'http://bücher.example/' }, BOUNDS).url.hostname, 'xn--bcher-kva.example')
})

const place = (url: string) => placeOf(toHop({ url }, BOUNDS).url)

test('a port that a scheme implies is a port all the same', () => {
  assert.deepEqual(place('http://a.example/'), { hostname: 'a.example', port: 80 })
  assert.deepEqual(place('https://a.example/'), { hostname: 'a.example', port: 443 })
  assert.deepEqual(place('https://[::1]:80/'), { hostname: '[::1]', port: 80 })
})

test('headers that belong to the connection are refused, and so is what would end one', () => {
  const ours = 'Host cookie Connection keep-alive TE trailer Transfer-Encoding upgrade Content-Length expect'
  for (const name of `${ours} Accept-Encoding Proxy-Authorization proxy-connection HTTP2-Settings`.split(' '))
    assert.equal(
      said({ headers: { [name]: 'x' } }),
      `The header ${JSON.stringify(name.toLowerCase())} may not be given.`,
    )
  for (const name of ['', 'a b', 'a:', 'a\r\nb', 'é', 'a\0'])
    assert.match(said({ headers: { [name]: 'x' } }), /is not the name of a header\.$/, name)
  for (const value of ['a\r\nhost: b', 'a\n', 'a\0', '\x7f', '€', '\u010d\u010a'])
    assert.equal(
      said({ headers: { 'x-a': value } }),
      'The value of the header "x-a" has characters that none may have.',
    )
  assert.equal(said({ headers: { 'x-a': 'a\tb é', Authorization: 'Bearer x' } }), 'taken')
  assert.equal(said({ headers: { Accept: 'a', accept: 'b' } }), 'A header is given twice.')
})

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, '']))

test('headers, bodies and methods have bounds that are reached and not passed', () => {
  assert.equal(said({ headers: many(64) }), 'taken')
  assert.match(said({ headers: many(65) }), /64 headers/)
  assert.equal(said({ headers: { 'x-a': 'a'.repeat(16_381) } }), 'taken')
  assert.match(said({ headers: { 'x-a': 'a'.repeat(16_382) } }), /16384 characters/)
  const body = new Uint8Array(BOUNDS.request_bytes_max)
  assert.equal(said({ method: 'POST', body }), 'taken')
  assert.match(said({ method: 'POST', body: `${'é'.repeat(body.length / 2)}x` }), /more than 1048576 bytes/)
  assert.equal(said({ method: 'GET', body: '' }), 'GET has no body.')
  for (const method of ['TRACE', 'CONNECT', 'get', 'GET /x HTTP/1.1\r\n', ''])
    assert.match(said({ method: method as 'GET' }), /is not a method\.$/, method)
})

test('a port is looked for at a host and nowhere else', () => {
  assert.deepEqual(toPlace('LocalHost.', 22), { hostname: 'localhost', port: 22 })
  assert.deepEqual(toPlace('::1', 80), { hostname: '[::1]', port: 80 })
  assert.deepEqual(toPlace('[::1]', 443), { hostname: '[::1]', port: 443 })
  assert.deepEqual(toPlace('0x7f.1', 1), { hostname: '127.0.0.1', port: 1 })
  for (const host of [
    '',
    'a/b',
    'a:80',
    'u@h',
    'a b',
    'a#',
    'a?b',
    'a\\b',
    '[::1',
    '::1]',
    '[a]',
    'http://a',
  ])
    assert.throws(() => toPlace(host, 80), Fault, host)
  for (const port of [0, -1, 65_536, 1.5, Number.NaN])
    assert.throws(() => toPlace('a', port), Fault, String(port))
})

test('what is asked for is held within its bounds', () => {
  assert.deepEqual(
    [undefined, 5, 0, -1, 1.9, 99, Infinity, Number.NaN].map((asked) => within(asked, 7, 9)),
    [7, 5, 1, 1, 1, 9, 9, 7],
  )
})
