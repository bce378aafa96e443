import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGNED_IN, refusal } from '../sdk/fixture.ts'
import { openDesk } from './fixture.ts'

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
