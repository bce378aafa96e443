import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SIGNED_IN, refusal } from '../sdk/fixture.ts'
import type { Fakes } from '../sdk/fixture.ts'
import { AGENT, openDesk } from './fixture.ts'

const PASSWORD = 'correct horse battery'
const fakes: Fakes = {
  'system.health': () => ({ status: 'healthy' }),
  'auth.setup': ({ setup_code, password }) => {
    if (setup_code === 'OLD') throw refusal('INVALID_CREDENTIALS', 'This is not the setup code.')
    if (password !== PASSWORD) {
      throw refusal('VALIDATION_ERROR', 'The password will not do.', {
        issues: [{ path: '/password', message: 'must have at least 15 characters' }],
      })
    }
    return SIGNED_IN
  },
  'agents.list': () => ({ agents: [AGENT], total_count: 1, active_count: 1 }),
}
const email = 'ann@example.org'

function openClaimable(code?: string) {
  const desk = openDesk(fakes)
  if (code !== undefined) {
    mkdirSync(join(desk.folder, 'data'))
    writeFileSync(join(desk.folder, 'data', 'setup-code'), `${code}\n`)
  }
  return desk
}
const setups = ({ seen }: ReturnType<typeof openDesk>) =>
  seen.filter(({ name }) => name === 'auth.setup').map(({ input }) => input)

test('on its machine a server is claimed with an e-mail address and a password, and then used', async (t) => {
  const desk = openClaimable('CODE')
  t.after(desk.remove)
  const { exit, stdout, stderr } = await desk.paios(['setup'], { typed: [email, PASSWORD, PASSWORD] })
  assert.equal(exit, 0)
  assert.equal(stdout, 'This server is yours now, ann@example.org. Try: paios ask "what can you do"\n')
  assert.doesNotMatch(stderr, /horse/)
  assert.deepEqual(setups(desk), [{ setup_code: 'CODE', email, password: PASSWORD }])
  assert.equal((await desk.paios(['agents'])).exit, 0)
})

test('a script gives everything itself, and no token is printed', async (t) => {
  const desk = openClaimable()
  t.after(desk.remove)
  const argv = ['setup', '--code', 'GIVEN', '--email', email, '--password-stdin', '--json']
  const { exit, stdout, stderr } = await desk.paios(argv, { piped: `${PASSWORD}\n` })
  assert.deepEqual([exit, stderr], [0, ''])
  assert.deepEqual(JSON.parse(stdout), { user: SIGNED_IN.user })
  assert.deepEqual(setups(desk), [{ setup_code: 'GIVEN', email, password: PASSWORD }])
})

test('mistypings and refused passwords are asked for again, three times at most', async (t) => {
  const desk = openClaimable('CODE')
  t.after(desk.remove)
  const mended = await desk.paios(['setup', '--email', email], {
    typed: [PASSWORD, 'something else', 'short', 'short', PASSWORD, PASSWORD],
  })
  assert.equal(mended.exit, 0)
  assert.match(mended.stderr, /two different passwords/)
  assert.match(
    mended.stderr,
    /The password will not do\. \(password must have at least 15 characters\) Once more\./,
  )
  const stubborn = await desk.paios(['setup', '--email', email], {
    typed: Array(6).fill('short') as string[],
  })
  assert.deepEqual([stubborn.exit, setups(desk).length], [1, 5])
})

test('a script is not asked again: the first refusal is its answer', async (t) => {
  const desk = openClaimable('CODE')
  t.after(desk.remove)
  const argv = ['setup', '--email', email, '--password-stdin']
  assert.deepEqual(await desk.paios(argv, { piped: 'short' }), {
    exit: 1,
    stdout: '',
    stderr: 'paios: The password will not do. (password must have at least 15 characters)\n',
  })
  assert.equal(setups(desk).length, 1)
})

test('a wrong code, no code and no server are told before or instead of anything else', async (t) => {
  const desk = openClaimable()
  t.after(desk.remove)
  const wrong = await desk.paios(['setup', '--code', 'OLD', '--email', email, '--password-stdin'], {
    piped: 'x',
  })
  assert.deepEqual([wrong.exit, wrong.stderr], [4, 'paios: This is not the setup code.\n'])
  const none = await desk.paios(['setup'])
  assert.equal(none.exit, 1)
  assert.match(none.stderr, /^paios: .* paios login\. .* paios setup --code CODE\n$/)
  const away = openDesk({}, { fetch: () => Promise.reject(new TypeError('fetch failed')) })
  t.after(away.remove)
  const unreachable = await away.paios(['setup'])
  assert.equal(unreachable.exit, 5)
  assert.match(
    unreachable.stderr,
    /^paios: No server answers at http:\/\/localhost:3001\. Start it with: npm start/,
  )
})

test('a server elsewhere is never sent the code of this machine', async (t) => {
  const desk = openClaimable('CODE')
  t.after(desk.remove)
  assert.equal((await desk.paios(['setup', '--url', 'https://paios.example'])).exit, 1)
  assert.deepEqual(setups(desk), [])
})

test('leaving the dialogue changes nothing', async (t) => {
  const desk = openClaimable('CODE')
  t.after(desk.remove)
  const { exit, stderr } = await desk.paios(['setup'], { typed: [email] })
  assert.equal(exit, 1)
  assert.match(stderr, /\npaios: Cancelled\. Nothing was changed\.\n$/)
  assert.deepEqual(setups(desk), [])
})

test('passwords have no place on the command line, and none is waited for where nobody is', async (t) => {
  const desk = openClaimable('CODE')
  t.after(desk.remove)
  const cases: [string[], string | undefined][] = [
    [['setup', '--password', PASSWORD], undefined],
    [['setup', '--password-stdin'], PASSWORD],
    [['setup', '--email', email, '--password-stdin'], undefined],
    [['setup', '--email', email], ''],
    [['setup', '--json'], undefined],
  ]
  for (const [argv, piped] of cases) {
    assert.equal((await desk.paios(argv, piped === undefined ? {} : { piped })).exit, 2, argv.join(' '))
  }
  assert.deepEqual(setups(desk), [])
})
