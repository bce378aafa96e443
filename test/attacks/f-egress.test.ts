import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { listen, openCanary, openTestEgress, refusal } from '../../server/domains/egress/rig.ts'
import type { TestEgress } from '../../server/domains/egress/rig.ts'

/** Every way to write this machine that a URL may hold. */
const LOOPBACK =
  '127.0.0.1 localhost [::1] 0.0.0.0 127.1 2130706433 0x7f000001 0177.0.0.1 127.0.0.1. localhost. LOCALHOST 127.0.1 127.255.255.254 0x7f.0.0.1 0x7f.1 017700000001 [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:0001] [::127.0.0.1] [::7f00:1] [::] 0 [64:ff9b::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [::ffff:0:127.0.0.1] [0000::0001] %31%32%37.0.0.1 127%2e0%2e0%2e1 １２７.0.0.1 127。0。0。1 ①②⑦.0.0.1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ loc\u00adalhost'.split(
    ' ',
  )
/** Names that a stranger lets stand for it. */
const NAMES = {
  localhost: ['127.0.0.1', '::1'],
  '127.0.0.1.nip.example': ['127.0.0.1'],
  'six.evil.example': ['::1'],
  'mapped.evil.example': ['::ffff:127.0.0.1'],
  'mixed.evil.example': ['93.184.216.34', '127.0.0.1'],
  'zero.evil.example': ['0.0.0.0'],
  'spelt.evil.example': ['127.1'],
  'metadata.evil.example': ['169.254.169.254'],
}
const TRAPS = [...LOOPBACK, ...Object.keys(NAMES), '127.0.0.1.NIP.example.']
const METADATA = [
  '169.254.169.254',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '168.63.129.16',
  '0xa9fea9fe',
  '[::ffff:a9fe:a9fe]',
]

/** What may reach every public host by every method, and a server that must not hear of it. */
async function openTrap(t: TestContext) {
  const canary = await openCanary(t, undefined, '0.0.0.0')
  return { canary, ...openTestEgress(t, { hosts: ['*'], names: NAMES }) }
}

/** Refused by a rule, before any connection: not because nobody was there. */
const RULED = /^(?:UNAUTHORIZED 403: .* PAIOS_EGRESS_LAN\.|VALIDATION_ERROR 400: .*)$/

test('F-001 to F-008: no spelling of this machine is connected to, by any method, nor is its port tried', async (t) => {
  const { canary, ask, egress } = await openTrap(t)
  const signal = new AbortController().signal
  for (const host of TRAPS) {
    for (const method of ['GET', 'POST'] as const)
      for (const scheme of ['http', 'https'])
        assert.match(await refusal(ask({ url: `${scheme}://${host}:${canary.port}/`, method })), RULED, host)
    const probed = egress.probe({ host, port: canary.port }, { user_id: 'ann', signal })
    assert.match(await refusal(probed), RULED, host)
  }
  assert.equal(canary.hits(), 0)
})

test('F-001 to F-008: tricks with the form of an address lead nowhere either', async (t) => {
  const { canary, ask } = await openTrap(t)
  const { port } = canary
  for (const url of [
    `http://example.org@127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}\\@example.org/`,
    `http://127.0.0.1:${port}#@example.org/`,
    `http://127.0.0.1:${port}?@example.org/`,
    `http:127.0.0.1:${port}/`,
    `http:\\\\127.0.0.1:${port}\\`,
    `\thttp://127.0.0.1:${port}/\n`,
    `ht\ntp://127.0.\t0.1:${port}/`,
    `http://127.0.0.1:0${port}/`,
    `http://[::1%25lo]:${port}/`,
    `http://0x7f.0x0.0x0.0x1:${port}/`,
    `//127.0.0.1:${port}/`,
  ])
    assert.match(await refusal(ask(url)), RULED, url)
  assert.equal(canary.hits(), 0)
})

test('F-001 to F-008: an allowed host cannot send there', async (t) => {
  const { canary } = await openTrap(t)
  let location = ''
  const sender = await openCanary(t, (_request, response) => response.writeHead(302, { location }).end())
  const lan = [`127.0.0.1:${sender.port}`]
  const { ask } = openTestEgress(t, { hosts: ['*'], lan, names: NAMES })
  const traps = TRAPS.map((host) => `http://${host}:${canary.port}/`).filter((url) =>
    /^[\x20-\x7e]*$/.test(url),
  )
  for (location of [
    ...traps,
    `//127.0.0.1:${canary.port}/`,
    `http://x@127.0.0.1:${canary.port}/`,
    'file:///etc/passwd',
  ])
    assert.match(await refusal(ask(`http://127.0.0.1:${sender.port}/`)), RULED, location)
  assert.equal(canary.hits(), 0)
  assert.ok(sender.hits() > 30)
})

test('a name that is public at first and private at the next look is caught at that look', async (t) => {
  const canary = await openCanary(t)
  const answers = [['127.0.0.1'], ['127.0.0.1']]
  const sender = await openCanary(t, (_request, response) =>
    response.writeHead(302, { location: `http://rebinding.example:${canary.port}/` }).end(),
  )
  const { ask } = openTestEgress(t, {
    hosts: ['*'],
    lan: [`rebinding.example:${sender.port}`],
    resolve: async () => answers.shift() ?? [],
  })
  assert.match(await refusal(ask(`http://rebinding.example:${sender.port}/`)), RULED)
  assert.deepEqual([sender.hits(), canary.hits(), answers.length], [1, 0, 0])
})

test('F-015: where clouds hand out keys is refused, by address and by name, even beside the own network', async (t) => {
  const { ask } = await openTrap(t)
  for (const host of METADATA)
    assert.match(await refusal(ask(`http://${host}/latest/meta-data/`)), RULED, host)
  const listed: TestEgress = openTestEgress(t, { lan: ['metadata.evil.example:80'], names: NAMES })
  assert.match(await refusal(listed.ask('http://metadata.evil.example/')), RULED)
})

test('F-018: only http and https are spoken', async (t) => {
  const { ask } = await openTrap(t)
  for (const url of [
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'ftp://x/',
    'data:text/plain,x',
    'unix:/run/x.sock',
  ])
    assert.match(await refusal(ask(url)), /^VALIDATION_ERROR 400: Only http and https are spoken/, url)
})

test('F-019: what the operator lists is reached, and the next port and the other spellings of its host are not', async (t) => {
  const canary = await openCanary(t)
  const other = await listen(t, (await import('node:net')).createServer())
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`], names: NAMES })
  for (const method of ['GET', 'DELETE'] as const)
    assert.equal((await ask({ url: `http://0x7f.1:${canary.port}/`, method })).status, 200)
  for (const url of [
    `http://127.0.0.1:${canary.port + 1}/`,
    `http://127.0.0.1:${other.port}/`,
    `http://127.0.0.1/`,
    `http://127.0.0.2:${canary.port}/`,
    `http://localhost:${canary.port}/`,
    `http://[::ffff:127.0.0.1]:${canary.port}/`,
  ])
    assert.match(await refusal(ask(url)), RULED, url)
  assert.deepEqual([canary.hits(), other.hits()], [2, 0])
})
