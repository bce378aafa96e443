import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../contract/auth.ts'
import type { Account } from '../contract/users.ts'
import { OWNER } from '../sdk/rig.ts'
import { PASSWORD } from '../test/app.ts'
import type { Desk } from './fixture.ts'
import { data, openOffice } from './rig.ts'

const NEXT = 'another long password 7'
const sessionsOf = async (desk: Desk) => (await data<{ sessions: Session[] }>(desk, ['sessions'])).sessions
const usersOf = async (desk: Desk) => (await data<{ users: Account[] }>(desk, ['users', 'list'])).users

test('sessions are listed, another one is ended, and the own one is a sign-out', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const other = await sit()
  const { stdout } = await desk.paios(['sessions'])
  assert.match(stdout, /^ID +WITH +FROM +SIGNED IN +LAST USED\n/)
  assert.match(stdout, /\n\S+ +paios \(\S+\) +\S+ +just now +now, here\n/)
  const theirs = (await sessionsOf(other)).find(({ current }) => current)?.id ?? ''
  assert.equal((await desk.paios(['sessions', 'end', theirs.slice(-8)])).stdout, 'Signed out there.\n')
  assert.equal((await other.paios(['agents'])).exit, 4)
  assert.equal((await desk.paios(['sessions', 'end', theirs])).exit, 1)
  assert.equal((await desk.paios(['sessions', 'end', theirs.slice(-8)])).exit, 1)
  const own = (await sessionsOf(desk)).find(({ current }) => current)?.id ?? ''
  assert.equal((await desk.paios(['sessions', 'end', own])).stdout, 'Signed out here.\n')
  assert.equal((await desk.paios(['sessions'])).exit, 4)
})

test('a changed password ends the sessions elsewhere and keeps this one', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const other = await sit()
  const { exit, stdout, stderr } = await desk.paios(['password'], { typed: [PASSWORD, NEXT, NEXT] })
  assert.deepEqual([exit, stdout], [0, 'The password is changed, and all your other sessions were ended.\n'])
  assert.doesNotMatch(stderr, /horse|another/)
  assert.equal((await desk.paios(['agents'])).exit, 0)
  assert.equal((await other.paios(['agents'])).exit, 4)
  const argv = ['login', '--email', OWNER, '--password-stdin']
  assert.equal((await other.paios(argv, { piped: PASSWORD })).exit, 4)
  assert.equal((await other.paios(argv, { piped: NEXT })).exit, 0)
})

test('a password is changed only by who knows it, and types the new one twice', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const cases: [Parameters<Desk['paios']>[1], number][] = [
    [{ typed: [PASSWORD, NEXT, `${NEXT}8`] }, 1],
    [{ typed: [PASSWORD, NEXT] }, 1],
    [{ typed: [PASSWORD, 'short', 'short'] }, 1],
    [{ piped: '' }, 2],
  ]
  for (const [given, exit] of cases)
    assert.equal((await desk.paios(['password'], given)).exit, exit, JSON.stringify(given))
  const argv = ['password', '--password-stdin']
  for (const piped of ['', PASSWORD, `${PASSWORD}\n${NEXT}\n${NEXT}\n`])
    assert.equal((await desk.paios(argv, { piped })).exit, 2, piped)
  assert.equal((await desk.paios(argv, { typed: [] })).exit, 2)
  const wrong = await desk.paios(argv, { piped: `wrong password here\n${NEXT}\n` })
  assert.deepEqual([wrong.exit, wrong.stderr], [1, 'paios: The current password is wrong.\n'])
  assert.equal((await desk.paios(argv, { piped: `${PASSWORD}\r\n${NEXT}\r\n` })).exit, 0)
})

test('the owner adds users, changes their tier by address or id, and removes them after a second word', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const added = await desk.paios(['users', 'add', 'bob@example.org', '--tier', 'pro'], {
    typed: [NEXT, NEXT],
  })
  assert.equal(added.stdout, 'Added bob@example.org. They sign in with: paios login\n')
  assert.match((await desk.paios(['users'])).stdout, /\n\S+ +bob@example\.org +pro +user +just now\n$/)
  const tier = await desk.paios(['users', 'tier', 'BOB@example.org', 'enterprise'])
  assert.equal(tier.stdout, 'bob@example.org is enterprise now.\n')
  const id = (await usersOf(desk)).find(({ owner }) => !owner)?.id ?? ''
  for (const typed of [['no'], [''], []]) {
    const { exit, stderr } = await desk.paios(['users', 'remove', id], { typed })
    assert.equal(exit, 1)
    assert.match(stderr, /^Everything of bob@example\.org is deleted for good\.\n/)
  }
  assert.equal((await desk.paios(['users', 'remove', id], { piped: '' })).exit, 2)
  assert.equal((await usersOf(desk)).length, 2)
  const removed = await desk.paios(['users', 'remove', id], { typed: ['bob@example.org'] })
  assert.equal(removed.stdout, 'Removed bob@example.org with everything of theirs.\n')
  assert.equal((await usersOf(desk)).length, 1)
})

test('users are the business of the owner, and there must be such a user and such a tier', async (t) => {
  const { server, sit } = await openOffice(t)
  await server.app.auth.addUser('bob@example.org', PASSWORD)
  const bob = await sit('bob@example.org')
  const { exit, stderr } = await bob.paios(['users'])
  assert.deepEqual([exit, stderr], [1, 'paios: Only the owner of this server may do this.\n'])
  const desk = await sit()
  assert.equal((await desk.paios(['users', 'tier', 'bob@example.org', 'gold'])).exit, 2)
  assert.equal((await desk.paios(['users', 'add', 'x@example.org', '--tier', 'gold'])).exit, 2)
  assert.equal((await desk.paios(['users', 'remove', 'eve@example.org', '--yes'])).exit, 1)
  assert.equal((await desk.paios(['users', 'remove', OWNER, '--yes'])).exit, 1)
  const again = await desk.paios(['users', 'add', 'bob@example.org', '--password-stdin'], { piped: NEXT })
  assert.equal(again.exit, 1)
  assert.equal((await desk.paios(['users', 'remove', 'bob@example.org', '--yes', '--json'])).exit, 0)
  assert.equal((await bob.paios(['agents'])).exit, 4)
})
