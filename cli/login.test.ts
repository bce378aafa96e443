import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SIGNED_IN, refusal } from '../sdk/fixture.ts'
import { OWNER } from '../sdk/rig.ts'
import { PASSWORD } from '../test/app.ts'
import { openDesk } from './fixture.ts'
import { data, openOffice, signIn } from './rig.ts'

const email = 'ann@example.org'
const open = () =>
  openDesk({
    'system.health': () => ({ status: 'healthy' }),
    'auth.login': ({ password }) => {
      if (password === 'right') return SIGNED_IN
      throw refusal('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.')
    },
    'auth.logout': (_input, { token }) => {
      if (token === 'ended') throw refusal('UNAUTHORIZED', 'The token is not valid.')
      return {}
    },
  })

test('whoever signs in is signed in until they sign out', async (t) => {
  const desk = open()
  t.after(desk.remove)
  const { exit, stdout, stderr } = await desk.paios(['login'], { typed: [` ${email} `, 'right'] })
  assert.deepEqual([exit, stdout], [0, 'Signed in as ann@example.org.\n'])
  assert.equal(stderr.includes('right'), false)
  assert.equal((await desk.paios(['logout'])).stdout, 'Signed out.\n')
  assert.equal(desk.seen.at(-1)?.token, SIGNED_IN.access_token)
  assert.equal((await desk.paios(['logout'])).stdout, 'Nobody was signed in.\n')
})

test('a wrong password is refused with the words of the server, and signs nobody in', async (t) => {
  const desk = open()
  t.after(desk.remove)
  const argv = ['login', '--email', email, '--password-stdin']
  const { exit, stderr } = await desk.paios(argv, { piped: 'wrong\r\n' })
  assert.deepEqual([exit, stderr], [4, 'paios: The e-mail address or the password is wrong.\n'])
  const json = await desk.paios([...argv, '--json'], { piped: 'wrong' })
  assert.deepEqual(JSON.parse(json.stdout), {
    success: false,
    error: {
      code: 'AUTH_004',
      message: 'The e-mail address or the password is wrong.',
      request_id: 'request-1',
    },
  })
  assert.equal((await desk.paios(['agents'])).exit, 4)
})

test('only the end of the line is taken off a password', async (t) => {
  const desk = open()
  t.after(desk.remove)
  await desk.paios(['login', '--email', email, '--password-stdin'], { piped: '  right \n\n' })
  assert.equal(desk.seen.at(-1)?.input['password'], '  right \n')
})

test('signing out of a session that has ended is signing out', async (t) => {
  const desk = open()
  t.after(desk.remove)
  await desk.signIn()
  const ended = openDesk({
    'auth.logout': () => {
      throw refusal('UNAUTHORIZED', 'The token is not valid.')
    },
  })
  t.after(ended.remove)
  await ended.signIn()
  assert.deepEqual(await ended.paios(['logout']), { exit: 0, stdout: 'Signed out.\n', stderr: '' })
  assert.equal((await ended.paios(['logout'])).stdout, 'Nobody was signed in.\n')
})

test('without its server nobody is signed out', async (t) => {
  const desk = openDesk({}, { fetch: () => Promise.reject(new TypeError('fetch failed')) })
  t.after(desk.remove)
  await desk.signIn()
  assert.equal((await desk.paios(['logout'])).exit, 5)
  assert.equal((await desk.paios(['logout'])).exit, 5)
})

interface Added {
  backup_codes: string[]
}

test('a passkey of this machine signs in without a password or an e-mail address', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const none = await desk.paios(['login', '--passkey'])
  assert.deepEqual([none.exit, none.stderr.includes('has no passkey for http://')], [4, true])
  await desk.paios(['passkey', 'add'])
  await desk.paios(['logout'])
  const { exit, stdout } = await desk.paios(['login', '--passkey'], { piped: '' })
  assert.deepEqual([exit, stdout], [0, 'Signed in as ann@example.org.\n'])
  assert.equal((await desk.paios(['agents'])).exit, 0)
  assert.equal((await desk.paios(['login', '--passkey', '--email', 'eve@example.org'])).exit, 4)
})

test('passkeys that were removed elsewhere are passed over', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  for (const name of ['old', 'gone']) await desk.paios(['passkey', 'add', '--name', name])
  const { passkeys } = await data<{ passkeys: { id: string; name: string }[] }>(desk, ['passkey', 'list'])
  const path = join(desk.folder, '.config', 'paios', 'cli-passkeys.json')
  const kept = readFileSync(path)
  await desk.paios(['passkey', 'remove', passkeys.find(({ name }) => name === 'gone')?.id ?? ''])
  writeFileSync(path, kept)
  assert.equal((await desk.paios(['login', '--passkey'])).exit, 0)
  await desk.paios(['passkey', 'remove', passkeys.find(({ name }) => name === 'old')?.id ?? ''])
  writeFileSync(path, kept)
  assert.equal((await desk.paios(['login', '--passkey'])).exit, 4)
})

test('of several users the e-mail address says who', async (t) => {
  const { server, sit } = await openOffice(t)
  await server.app.auth.addUser('bob@example.org', PASSWORD)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  await signIn(desk, 'bob@example.org')
  await desk.paios(['passkey', 'add'])
  const unclear = await desk.paios(['login', '--passkey'])
  assert.deepEqual(
    [unclear.exit, unclear.stderr],
    [2, 'paios: This machine has passkeys of 2 users: say who with --email.\n'],
  )
  for (const who of ['ann@example.org', 'BOB@example.org']) {
    const { stdout } = await desk.paios(['login', '--passkey', '--email', who])
    assert.equal(stdout, `Signed in as ${who.toLowerCase()}.\n`)
  }
})

test('a backup code signs in once, and then a passkey can be made without any other proof', async (t) => {
  const { server, sit } = await openOffice(t)
  const lost = await sit()
  const { backup_codes } = await data<Added>(lost, ['passkey', 'add'])
  const desk = await sit()
  server.clock.advance(301_000)
  assert.equal((await desk.paios(['passkey', 'add'])).exit, 1)
  const [first = '', second = '', third = ''] = backup_codes
  const argv = ['login', '--email', OWNER, '--code']
  const given = await desk.paios([...argv, first.toLowerCase()])
  assert.equal(
    given.stdout,
    'Signed in as ann@example.org. The code is used up. Make a passkey within 15 minutes: paios passkey add\n',
  )
  const again = await desk.paios([...argv, first])
  assert.deepEqual([again.exit, again.stdout], [4, ''])
  assert.equal((await desk.paios(argv, { piped: `${second}\n` })).exit, 0)
  const typed = await desk.paios(['login', '--code'], { typed: [OWNER, third] })
  assert.equal(typed.exit, 0)
  assert.equal(typed.stderr.includes(third), false)
  assert.equal((await desk.paios(['passkey', 'add'])).exit, 0)
})

test('one way in at a time, and nobody is asked where nobody is', async (t) => {
  const desk = openDesk({ 'system.health': () => ({ status: 'healthy' }) })
  t.after(desk.remove)
  const cases: string[][] = [
    ['--passkey', '--code', 'x'],
    ['--passkey', '--password-stdin', '--email', OWNER],
    ['--code', '--password-stdin', '--email', OWNER],
    ['--code', 'x'],
    ['--code'],
  ]
  for (const argv of cases)
    assert.equal((await desk.paios(['login', ...argv], { piped: '' })).exit, 2, argv.join(' '))
  const left = await desk.paios(['login', '--code'], { typed: [OWNER] })
  assert.deepEqual([left.exit, left.stderr.endsWith('paios: Cancelled. Nothing was changed.\n')], [1, true])
  assert.deepEqual(
    desk.seen.filter(({ name }) => name !== 'system.health'),
    [],
  )
})
