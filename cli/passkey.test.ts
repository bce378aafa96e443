import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Passkey } from '../contract/auth.ts'
import { refusal } from '../sdk/fixture.ts'
import { openDesk } from './fixture.ts'
import type { Desk } from './fixture.ts'
import { keyFile } from './keys.ts'
import type { OwnKey } from './keys.ts'
import { data, openOffice, signIn } from './rig.ts'

const pathOf = ({ folder }: Desk) => join(folder, '.config', 'paios', 'cli-passkeys.json')
const keysOf = (desk: Desk) =>
  (JSON.parse(readFileSync(pathOf(desk), 'utf8')) as { passkeys: OwnKey[] }).passkeys
const passkeys = async (desk: Desk) =>
  (await data<{ passkeys: Passkey[] }>(desk, ['passkey', 'list'])).passkeys
/** Longer than a password sign-in counts as proof. */
const LATER_MS = 301_000
const CODE = /^ {2}(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/gm

test('a passkey is made, enrolled and kept privately; its backup codes are shown this once', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  const { exit, stdout, stderr } = await desk.paios(['passkey', 'add', '--name', 'Keller ü'])
  assert.deepEqual([exit, stderr], [0, ''])
  assert.match(stdout, /^Added Keller ü: from now on commands on this machine prove themselves with it\.\n/)
  assert.equal(stdout.match(CODE)?.length, 10)
  assert.equal(statSync(pathOf(desk)).mode & 0o777, 0o600)
  const [key] = keysOf(desk)
  const { port } = new URL(server.url)
  assert.deepEqual(
    [key?.origin, key?.email, keysOf(desk).length],
    [`http://localhost:${port}`, 'ann@example.org', 1],
  )
  const [passkey] = await passkeys(desk)
  assert.deepEqual(
    [passkey?.name, passkey?.software, passkey?.credential_id],
    ['Keller ü', true, key?.credential_id],
  )
  assert.equal(stdout.includes(key?.private_key ?? ''), false)
})

test('commands prove themselves with it; a machine without it is told how to go on', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const other = await sit()
  server.clock.advance(LATER_MS)
  const argv = ['users', 'add', 'bob@example.org', '--password-stdin']
  const refused = await other.paios(argv, { piped: 'correct horse battery 1' })
  assert.equal(refused.exit, 1)
  assert.match(refused.stderr, /^paios: .*This machine has none: add --approve, and approve it where/)
  const added = await desk.paios(argv, { piped: 'correct horse battery 1' })
  assert.deepEqual([added.exit, added.stderr], [0, ''])
  const second = await desk.paios(['passkey', 'add', '--name', 'second'])
  assert.deepEqual([second.exit, second.stdout.match(CODE)], [0, null])
  assert.equal(keysOf(desk).length, 2)
})

test('a passkey that could not be enrolled is not kept', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  server.clock.advance(LATER_MS)
  const { exit, stderr } = await desk.paios(['passkey', 'add'])
  assert.equal(exit, 1)
  assert.match(stderr, /The command is: paios login\n$/)
  assert.deepEqual(keysOf(desk), [])
  await signIn(desk)
  assert.equal((await desk.paios(['passkey', 'add'])).exit, 0)
  const long = await desk.paios(['passkey', 'add', '--name', 'x'.repeat(81)])
  assert.deepEqual([long.exit, keysOf(desk).length], [1, 1])
})

test('passkeys are listed with where they are, renamed, and removed here as well', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  assert.equal(
    (await desk.paios(['passkey', 'list'])).stdout,
    'No passkey yet. Make one here: paios passkey add\n',
  )
  await desk.paios(['passkey', 'add', '--name', 'one'])
  const [{ id } = { id: '' }] = await passkeys(desk)
  const other = await sit()
  assert.match(
    (await other.paios(['passkey', 'list'])).stdout,
    /\n\S+ +one +another machine +http:\/\/localhost/,
  )
  const renamed = await desk.paios(['passkey', 'rename', id.slice(-8), 'two\u001B[2J'])
  assert.equal(renamed.stdout, 'It is called two\\u001b[2J now.\n')
  assert.match((await desk.paios(['passkey', 'list'])).stdout, /\n\S+ +two\S+ +here +http:\/\/localhost/)
  const unknown = await desk.paios(['passkey', 'remove', '01890000-0000-7000-8000-000000000001'])
  assert.deepEqual([unknown.exit, keysOf(desk).length], [1, 1])
  const removed = await desk.paios(['passkey', 'remove', id.slice(-8)])
  assert.match(
    removed.stdout,
    /^Removed two\S+ All other sessions were ended\. It was the last one, so the backup/,
  )
  assert.deepEqual([await passkeys(desk), keysOf(desk)], [[], []])
})

test('new backup codes void the old ones', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const none = await desk.paios(['passkey', 'codes'])
  assert.deepEqual([none.exit, none.stderr.endsWith('paios passkey add\n')], [1, true])
  const { backup_codes: old } = await data<{ backup_codes: string[] }>(desk, ['passkey', 'add'])
  const made = (await desk.paios(['passkey', 'codes'])).stdout
  assert.match(made, /\nThe old ones are void\.\n$/)
  const codes = made.match(CODE) ?? []
  assert.equal(codes.length, 10)
  const login = (code: string) => desk.paios(['login', '--email', 'ann@example.org', '--code', code])
  assert.equal((await login(old[0] ?? '')).exit, 4)
  assert.equal((await login(codes[0]?.trim() ?? '')).exit, 0)
})

test('a key file that others can read proves nothing', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  server.clock.advance(LATER_MS)
  chmodSync(pathOf(desk), 0o644)
  const { exit, stderr } = await desk.paios(['passkey', 'codes'])
  assert.deepEqual([exit, stderr.includes('Others can read')], [1, true])
})

test('for another page nothing is signed, and nothing for a passkey that the server does not name', async (t) => {
  const challenge = {
    challenge: 'c',
    operation: 'credentials.backup',
    expires_at: '2026-11-22T10:02:00.000Z',
  }
  const asked = { rp_id: 'evil.example', allow_credentials: ['mine'] }
  const desk = openDesk({
    'credentials.backup': () => {
      throw refusal('BIOMETRIC_REQUIRED', 'Prove it.', { reason: 'proof_missing', ...challenge, ...asked })
    },
  })
  t.after(desk.remove)
  await desk.signIn()
  const key = { credential_id: 'mine', private_key: 'x', user_id: 'u', email: 'a@b.example' }
  keyFile(pathOf(desk), 'http://localhost:3001').add({ ...key, origin: 'http://localhost:3001' })
  const { exit, stderr } = await desk.paios(['passkey', 'codes'])
  assert.equal(exit, 1)
  assert.match(stderr, /evil\.example asks for a passkey that belongs to .*Nothing was signed\.\n$/)
  asked.allow_credentials = ['another']
  assert.match((await desk.paios(['passkey', 'codes'])).stderr, /^paios: Prove it\. This machine has none/)
  assert.equal(
    desk.seen.every(({ headers }) => !headers.has('x-biometric-proof')),
    true,
  )
})

test('nothing is made for somebody who is not signed in', async (t) => {
  const desk = openDesk({})
  t.after(desk.remove)
  for (const argv of [['add'], ['list'], ['rename', 'x', 'y'], ['remove', 'x'], ['codes']])
    assert.equal((await desk.paios(['passkey', ...argv])).exit, 4, argv.join(' '))
  assert.equal(existsSync(pathOf(desk)), false)
  assert.equal((await desk.paios(['passkey'])).exit, 2)
})
