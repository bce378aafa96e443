import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HEALTH, openDesk } from './fixture.ts'

test('a stranger learns the word, whoever is signed in the numbers', async (t) => {
  const desk = openDesk({
    'system.health': (_input, { token }) => (token === undefined ? { status: 'degraded' } : HEALTH),
  })
  t.after(desk.remove)
  assert.deepEqual(await desk.paios(['status']), {
    exit: 0,
    stdout: 'The server is degraded. Sign in to see more: paios login\n',
    stderr: '',
  })
  await desk.signIn()
  const { stdout } = await desk.paios(['status'])
  assert.match(
    stdout,
    /^status +healthy\nversion +0\.1\.0\nup for +2 h\nagents +6 of 6 active, 0 with an error\n/,
  )
  assert.deepEqual(JSON.parse((await desk.paios(['status', '--json'])).stdout), HEALTH)
})

test('an unhealthy server is a failure to scripts', async (t) => {
  const desk = openDesk({ 'system.health': () => ({ status: 'unhealthy' }) })
  t.after(desk.remove)
  assert.equal((await desk.paios(['status'])).exit, 1)
})
