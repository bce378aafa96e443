import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isOwnNetwork, isPublic, notPublic } from './address.ts'

/** First and last address of every network that is nobody’s business, and what else an attacker would try. */
const REFUSED =
  `0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 100.100.100.200 127.0.0.1 127.255.255.255
  168.63.129.16 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.170 192.0.2.1
  192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.0 192.168.255.255 192.175.48.1 198.18.0.0 198.19.255.255 198.51.100.9
  203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
  64:ff9b::10.0.0.1 64:ff9b:1::a00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
  2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2620:4f:8000::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1
  fec0::1 ff02::1`.split(/\s+/)
const TAKEN =
  `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 168.63.129.17
  169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0
  223.255.255.255 2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450:4001::200e 2400:cb00::1`.split(/\s+/)

test('only addresses of the internet are public, by both layers alike', () => {
  for (const address of REFUSED) {
    assert.equal(isPublic(address), false, address)
    assert.ok(isBlocked(address), `${address} passes the second layer`)
  }
  for (const address of TAKEN) {
    assert.equal(isPublic(address), true, address)
    assert.equal(isBlocked(address), false, `${address} does not pass the second layer`)
  }
})

test('an address that hides another behind its last bits is not public', () => {
  for (const address of ['2606:4700::5efe:7f00:1', '2606:4700::200:5efe:a00:1'])
    assert.equal(isPublic(address), false, address)
  assert.equal(isPublic('2606:4700::1:5efe:7f00:1'), true)
})

test('what is no address in full is neither public nor of the own network', () => {
  for (const text of [
    '',
    'localhost',
    '127.1',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '8.8.8.8 ',
    '8.8.8',
    '[::1]',
  ])
    assert.deepEqual([isPublic(text), isOwnNetwork(text)], [false, false], text)
  for (const text of ['fe80::1%eth0', '2606:4700::1%1', '8.8.8.8/32', '１.1.1.1'])
    assert.deepEqual([isPublic(text), isOwnNetwork(text)], [false, false], text)
})

test('a listed name may stand for this machine and its networks, never for a cloud or a whole network', () => {
  for (const address of ['127.0.1.1', '::1', '10.1.2.3', '192.168.1.9', '100.64.1.1', 'fd12::1', '8.8.8.8'])
    assert.equal(isOwnNetwork(address), true, address)
  const never =
    '169.254.169.254 fd00:ec2::254 168.63.129.16 100.100.100.200 169.254.1.1 fe80::1 0.0.0.0 :: 224.0.0.1'
  for (const address of `${never} 255.255.255.255 ::ffff:127.0.0.1 64:ff9b::a00:1 ::7f00:1`.split(' '))
    assert.equal(isOwnNetwork(address), false, address)
})

test('the two layers never differ, whatever the address', () => {
  const any = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom(...REFUSED, ...TAKEN))
  fc.assert(
    fc.property(any, (address) => {
      assert.equal(isPublic(address), !isBlocked(address), address)
    }),
    { numRuns: 2_000 },
  )
})

function isBlocked(address: string): boolean {
  return notPublic(address).check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}
