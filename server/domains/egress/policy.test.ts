import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../kernel/fault.ts'
import { permitted, reachOf } from './policy.ts'
import type { Place, Rules } from './policy.ts'

const at = (hostname: string, port = 443): Place => ({ hostname, port })
const rules = (hosts?: readonly string[], lan: readonly string[] = []): Rules => ({ hosts, lan })

/** Where it leads, or the setting that the refusal names. */
function verdict(given: Rules, place: Place, method: string, more?: readonly string[]): string {
  try {
    return reachOf(given, place, method, more)
  } catch (error) {
    assert.ok(error instanceof Fault && error.status === 403 && error.code === 'AUTH_001')
    const setting = String(error.details?.['setting'])
    assert.ok(error.message.includes(setting) && error.message.includes(place.hostname), error.message)
    return setting
  }
}

test('without a list every public host is read from and none is sent to', () => {
  for (const method of ['GET', 'HEAD'])
    assert.equal(verdict(rules(), at('example.org', 8080), method), 'public')
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT'])
    assert.equal(verdict(rules(), at('example.org'), method), 'PAIOS_EGRESS_HOSTS', method)
})

test('a list is all there is, for every method; a star stands for labels before a name, or alone for everything', () => {
  const rows: [pattern: string, hostname: string, allowed: boolean][] = [
    ['example.org', 'example.org', true],
    ['example.org', 'www.example.org', false],
    ['example.org', 'example.org.evil.example', false],
    ['example.org', 'notexample.org', false],
    ['*.example.org', 'a.b.example.org', true],
    ['*.example.org', 'example.org', false],
    ['*.example.org', 'evilexample.org', false],
    ['*.example.org', 'a.example.org.evil', false],
    ['EXAMPLE.org', 'example.org', true],
    ['*', 'anything.example', true],
  ]
  for (const [pattern, hostname, allowed] of rows)
    for (const method of ['GET', 'POST']) {
      const expected = allowed ? 'public' : 'PAIOS_EGRESS_HOSTS'
      assert.equal(
        verdict(rules([pattern]), at(hostname), method),
        expected,
        `${pattern} ${hostname} ${method}`,
      )
      assert.equal(verdict(rules(['x.example']), at(hostname), method, [pattern]), expected)
    }
  assert.equal(verdict(rules([]), at('example.org'), 'GET'), 'PAIOS_EGRESS_HOSTS')
})

test('no list of public hosts opens a private address, and an entry for the own network only its own port', () => {
  for (const hostname of ['127.0.0.1', '[::1]', '10.0.0.1', '169.254.169.254', '[::ffff:127.0.0.1]'])
    for (const hosts of [undefined, ['*'], [hostname]])
      assert.equal(verdict(rules(hosts), at(hostname, 80), 'GET', [hostname]), 'PAIOS_EGRESS_LAN')
  const lan = rules(undefined, ['127.0.0.1:8080', '[::1]:8080', 'nas.home:80'])
  for (const hostname of ['127.0.0.1', '[::1]'])
    assert.deepEqual(
      [8080, 8081, 80].map((port) => verdict(lan, at(hostname, port), 'DELETE')),
      ['own network', 'PAIOS_EGRESS_LAN', 'PAIOS_EGRESS_LAN'],
    )
  assert.equal(verdict(lan, at('nas.home', 80), 'POST'), 'own network')
  assert.equal(verdict(lan, at('www.nas.home', 80), 'POST'), 'PAIOS_EGRESS_HOSTS')
})

test('one private address among several makes a public name a trap, which says nothing about the address', () => {
  assert.deepEqual(permitted(at('a.example'), 'public', ['8.8.8.8', '1.1.1.1']), ['8.8.8.8', '1.1.1.1'])
  assert.deepEqual(permitted(at('a.example'), 'public', []), [])
  for (const found of [['10.9.8.7'], ['8.8.8.8', '10.9.8.7'], ['10.9.8.7', '8.8.8.8'], ['x'], ['127.1']])
    assert.throws(
      () => permitted(at('a.example'), 'public', found),
      (error) => error instanceof Fault && error.status === 403 && !error.message.includes('10.9.8.7'),
    )
})

test('a listed name may stand for the own network, and a listed address only for itself', () => {
  const nas = at('nas.home', 80)
  assert.deepEqual(permitted(nas, 'own network', ['fe80::1', '192.168.1.2']), ['192.168.1.2'])
  assert.throws(() => permitted(nas, 'own network', ['169.254.169.254']), Fault)
  const literal = at('169.254.169.254', 80)
  assert.deepEqual(permitted(literal, 'own network', ['169.254.169.254']), ['169.254.169.254'])
})
