import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Credential, Grant, RevealedCredential } from '../../contract/credentials.ts'
import { data, openOffice } from '../rig.ts'

const SECRET = 'sk-Zq7 "ü" \\ end'

/** Somebody with a passkey, at a terminal or as a script. */
async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const say = async (argv: string[], given: Parameters<typeof desk.paios>[1] = { piped: '' }) => {
    const { exit, stdout, stderr } = await desk.paios(['credentials', ...argv], given)
    return [exit, stdout + stderr] as const
  }
  const list = async () =>
    (await data<{ credentials: Credential[] }>(desk, ['credentials', 'list'])).credentials
  return { sit, server, desk, say, list }
}

const end = (id = '') => id.slice(-8)
const lines = (text: string) => text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  '))

test('a secret is typed unseen or piped, listed without it, and printed only where it is asked for', async (t) => {
  const { desk, say, list } = await open(t)
  assert.match((await say([]))[1], /^Nothing is stored\. Store a secret with: /)
  const typed = await desk.paios(['credentials', 'add', 'example.com'], { typed: [SECRET] })
  assert.equal(typed.exit, 0)
  assert.ok(!(typed.stdout + typed.stderr).includes('sk-'))
  const [stored] = await list()
  assert.match(typed.stdout, new RegExp(`^Stored example\\.com, ${end(stored?.id)}\\. Let an agent use it: `))
  assert.deepEqual(lines((await say([]))[1]), [
    'ID  SERVICE  TYPE  USED  EXPIRES',
    `${end(stored?.id)}  example.com  api_key  never  never`,
    '',
  ])
  assert.deepEqual(await say(['reveal', 'example.com']), [0, `${SECRET}\n`])
  const shown = await say(['show', end(stored?.id)])
  assert.match(shown[1], /\nused +just now, 1 in all\n/)
  assert.ok(!shown[1].includes('sk-'))
  const revealed = await data<RevealedCredential>(desk, ['credentials', 'reveal', stored?.id ?? ''])
  assert.deepEqual([revealed.credential_data.value, revealed.metadata.usage_count], [SECRET, 2])
})

test('additional fields are asked for, or come as JSON; a terminal is not moved by what a secret holds', async (t) => {
  const { desk, say, list } = await open(t)
  const argv = ['add', 'mail', '--type', 'password', '--field', 'username', '--expires', '2027-01-31']
  assert.equal((await say(argv, { typed: ['pass word', 'ann'] }))[0], 0)
  const [stored] = await list()
  assert.deepEqual(
    [stored?.credential_type, stored?.metadata.expires_at],
    ['password', '2027-01-31T00:00:00.000Z'],
  )
  assert.deepEqual(await say(['reveal', 'mail', '--field', 'username']), [0, 'ann\n'])
  const none = 'paios: It has no field "__proto__"; it has: username.\n'
  assert.deepEqual(await say(['reveal', 'mail', '--field', '__proto__']), [1, none])
  const json = JSON.stringify({ value: '\u001B[2Jx\ny', additional_fields: { pin: '1' } })
  assert.equal((await say(['update', 'mail', '--json-stdin'], { piped: json }))[0], 0)
  assert.deepEqual(await say(['reveal', 'mail']), [0, '\u001B[2Jx\ny\n'])
  assert.equal((await desk.paios(['credentials', 'reveal', 'mail'])).stdout, '\\u001b[2Jx\ny\n')
  assert.equal((await say(['reveal', 'mail', '--field', 'username']))[0], 1)
})

test('what is said of a secret changes and the secret stays, until a new one is given', async (t) => {
  const { say, list } = await open(t)
  await say(['add', 'one', '--stdin'], { piped: `${SECRET}\r\n` })
  const [before] = await list()
  assert.equal((await say(['update', 'one', '--service', 'two', '--description', 'For tests.']))[0], 0)
  assert.deepEqual(await say(['reveal', 'two']), [0, `${SECRET}\n`])
  assert.deepEqual(await say(['update', 'two', '--secret'], { typed: ['newer'] }), [
    0,
    'Changed two: it has a new secret.\nSecret: \n',
  ])
  assert.deepEqual(await say(['reveal', 'two']), [0, 'newer\n'])
  const [after] = await list()
  assert.deepEqual([after?.id, after?.metadata.description], [before?.id, 'For tests.'])
  assert.equal((await say(['update', 'two']))[0], 2)
})

test('an empty secret, input of another form, and a script that nobody answers store nothing', async (t) => {
  const { say, list } = await open(t)
  const refused: [string[], Parameters<typeof say>[1], number][] = [
    [['--stdin'], { piped: '\n' }, 2],
    [['--json-stdin'], { piped: '{"value": 1}' }, 2],
    [['--json-stdin'], { piped: 'sk-secret' }, 2],
    [['--stdin', '--field', 'a'], { piped: 'x' }, 2],
    [['--stdin', '--json-stdin'], { piped: 'x' }, 2],
    [['--expires', 'soon', '--stdin'], { piped: 'x' }, 2],
    [['--expires', '32', '--stdin'], { piped: 'x' }, 2],
    [[], { piped: '' }, 2],
    [['--stdin'], { typed: [] }, 2],
    [[], { typed: [''] }, 2],
    [[], { typed: [] }, 1],
  ]
  for (const [argv, given, exit] of refused) {
    const [ended, text] = await say(['add', 'x', ...argv], given)
    assert.deepEqual([ended, text.includes('sk-secret')], [exit, false], argv.join(' '))
  }
  assert.deepEqual(await list(), [])
})

test('a deletion and a new key ask first; what an agent uses goes only by force', async (t) => {
  const { desk, say, list } = await open(t)
  await say(['add', 'one', '--stdin'], { piped: SECRET })
  await say(['grant', 'one', '8', '--to', 'https://api.example.com'])
  assert.equal((await say(['delete', 'one']))[0], 2)
  assert.equal((await say(['delete', 'one'], { typed: ['no'] }))[0], 1)
  const [exit, text] = await say(['delete', 'one', '--yes'])
  assert.deepEqual([exit, /used by .*Fetcher/.test(text)], [1, true])
  assert.equal((await say(['rotate']))[0], 2)
  const { encryption_key_id } = await data<{ encryption_key_id: string }>(desk, [
    'credentials',
    'rotate',
    '--yes',
  ])
  assert.match(encryption_key_id, /^kek_/)
  assert.deepEqual(await say(['reveal', 'one']), [0, `${SECRET}\n`])
  assert.deepEqual(await say(['delete', 'one', '--yes', '--force', '--shred']), [0, 'Deleted one.\n'])
  assert.deepEqual(await list(), [])
})

test('a grant names its agent and its place, is listed, and is taken back by the end of its id', async (t) => {
  const { desk, say } = await open(t)
  await say(['add', 'one', '--stdin'], { piped: SECRET })
  assert.equal((await say(['grants']))[1], 'No agent may use a secret.\n')
  const argv = [
    'credentials',
    'grant',
    'one',
    '8',
    '--to',
    'https://api.example.com',
    '--expires',
    '2027-01-31',
  ]
  const grant = await data<Grant>(desk, [...argv, '--query', 'key'])
  assert.deepEqual(grant.destinations, [{ origin: 'https://api.example.com', in: 'query', name: 'key' }])
  const row = `${end(grant.id)}  8  one  https://api.example.com query key  2027-01-31T00:00:00.000Z`
  assert.equal(lines((await say(['grants']))[1])[1], row)
  assert.ok(lines((await say(['show', 'one']))[1]).includes(row))
  const doubted = await say(['grant', 'one', '3', '--to', 'http://b.example'])
  assert.match(
    doubted[1],
    /\nMind: Agent 3 has no integration that .*\nMind: http:\/\/b\.example is plain http: /,
  )
  const missing = await say(['grant', 'one', '8', '--to', 'https://b.example', '--field', 'pin'])
  assert.deepEqual([missing[0], /destinations\/0\/field is no field/.test(missing[1])], [1, true], missing[1])
  assert.equal((await data<Grant>(desk, [...argv, '--query', 'key'])).id, grant.id)
  const [, told] = await say(['grant', 'one', '8', '--to', 'https://b.example'])
  assert.match(told, /^Agent 8, Fetcher, may send one to https:\/\/b\.example header authorization\./)
  assert.equal(
    (await say(['grant', 'one', '8', '--to', 'https://b.example', '--query', 'a', '--body', 'b']))[0],
    2,
  )
  assert.equal((await say(['grant', 'one', '9999', '--to', 'https://b.example']))[0], 1)
  assert.equal((await say(['revoke', end(grant.id)]))[0], 0)
  assert.equal((await say(['revoke', end(grant.id)]))[0], 1)
  assert.ok(!(await say(['grants']))[1].includes(end(grant.id)))
})

test('without a passkey nothing is stored or shown, and the secrets of somebody else are nothing', async (t) => {
  const { sit, server, say, list } = await open(t)
  await say(['add', 'one', '--stdin'], { piped: SECRET })
  await say(['add', 'one', '--stdin'], { piped: 'another' })
  const [stored] = await list()
  assert.match(
    (await say(['reveal', 'one']))[1],
    /^paios: There is more than one credential for "one": give its id\./,
  )
  await server.app.auth.addUser('bob@example.org', 'correct horse battery staple 9')
  const bob = await sit('bob@example.org')
  const add = await bob.paios(['credentials', 'add', 'x', '--stdin'], { piped: SECRET })
  assert.deepEqual([add.exit, add.stderr.includes('paios passkey add')], [1, true])
  await bob.paios(['passkey', 'add'])
  for (const command of ['show', 'reveal', 'delete'])
    assert.equal((await bob.paios(['credentials', command, stored?.id ?? ''], { piped: '' })).exit, 1)
  await bob.paios(['logout'])
  for (const argv of [['list'], ['add', 'x'], ['show', 'x'], ['grants'], ['rotate'], ['revoke', 'x']])
    assert.equal((await bob.paios(['credentials', ...argv], { piped: '' })).exit, 4, argv.join(' '))
})

test('an end and the wish to be renewed are set and taken away, and the former secret comes back', async (t) => {
  const { say, list } = await open(t)
  await say(['add', 'one', '--stdin', '--expires', '2027-01-31', '--auto-rotate'], { piped: SECRET })
  const metadata = async () => {
    const { expires_at, auto_rotate } = (await list())[0]?.metadata ?? {}
    return [expires_at, auto_rotate]
  }
  assert.deepEqual(await metadata(), ['2027-01-31T00:00:00.000Z', true])
  assert.match((await say(['show', 'one']))[1], /\nrenewed +before it ends, where an integration can\n/)
  const changes: [argv: string[], exit: number, then: unknown[]][] = [
    [['--no-auto-rotate'], 0, ['2027-01-31T00:00:00.000Z', false]],
    [['--no-expiry'], 0, [undefined, false]],
    [['--auto-rotate', '--expires', '2027-02-01'], 0, ['2027-02-01T00:00:00.000Z', true]],
    [['--description', 'x'], 0, ['2027-02-01T00:00:00.000Z', true]],
    [['--expires', '2027-03-01', '--no-expiry'], 2, ['2027-02-01T00:00:00.000Z', true]],
    [['--expires', 'soon'], 2, ['2027-02-01T00:00:00.000Z', true]],
  ]
  for (const [argv, exit, then] of changes) {
    assert.equal((await say(['update', 'one', ...argv]))[0], exit, argv.join(' '))
    assert.deepEqual(await metadata(), then, argv.join(' '))
  }
  assert.match((await say(['restore', 'one']))[1], /There is no former secret of it/)
  await say(['update', 'one', '--stdin'], { piped: 'newer' })
  assert.equal((await say(['restore', 'one']))[0], 0)
  assert.deepEqual(await say(['reveal', 'one']), [0, `${SECRET}\n`])
  assert.equal((await say(['restore', 'one']))[0], 0)
  assert.deepEqual(await say(['reveal', 'one']), [0, 'newer\n'])
})
