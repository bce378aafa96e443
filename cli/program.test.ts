import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from './fixture.ts'

const COMMANDS = [
  'serve',
  'setup',
  'login',
  'logout',
  'ask',
  'agents',
  'agents show',
  'agents register',
  'agents budget',
  'workflows',
  'workflows list',
  'workflows show',
  'workflows validate',
  'workflows create',
  'workflows gallery',
  'workflows add',
  'workflows run',
  'workflows history',
  'workflows stop',
  'workflows replay',
  'workflows resume',
  'stop',
  'notifications',
  'status',
  'watch',
  'passkey',
  'passkey add',
  'passkey list',
  'passkey rename',
  'passkey remove',
  'passkey codes',
  'approvals',
  'approvals list',
  'approvals show',
  'approvals approve',
  'approvals deny',
  'sessions',
  'sessions list',
  'sessions end',
  'password',
  'key rotate-signing',
  'user add',
  'user recover',
  'users',
  'users list',
  'users add',
  'users tier',
  'users remove',
]

test('the help of every command has an example that begins with it', async (t) => {
  const desk = openDesk({})
  t.after(desk.remove)
  for (const command of COMMANDS) {
    const { exit, stdout, stderr } = await desk.paios([...command.split(' '), '--help'])
    assert.deepEqual([exit, stderr], [0, ''])
    assert.match(stdout, new RegExp(`\nExample:\n  .*paios ${command}`), command)
    assert.match(stdout, /--json/)
  }
  const { stdout } = await desk.paios(['--help'])
  assert.match(stdout, /Exit codes:\n {2}0 {2}done +3 {2}not understood/)
  assert.match((await desk.paios(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
})

test('wrong usage is one line that says where to look, in JSON for programs', async (t) => {
  const desk = openDesk({})
  t.after(desk.remove)
  assert.deepEqual(await desk.paios(['aks', 'x']), {
    exit: 2,
    stdout: '',
    stderr: "paios: unknown command 'aks' (Did you mean ask?). See: paios --help\n",
  })
  for (const argv of [
    ['ask', '--no-such'],
    ['agents', 'show'],
    ['status', 'x'],
    ['login', '--email'],
  ]) {
    const { exit, stdout, stderr } = await desk.paios([...argv, '--json'])
    assert.deepEqual([exit, stderr], [2, ''])
    assert.match(stdout, /^\{"success":false,"error":\{"message":".*See: paios --help"\}\}\n$/)
  }
  assert.equal((await desk.paios([])).exit, 2)
})

test('the address comes from the option, then the environment, then the port', async (t) => {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = (url) => {
    asked.push(new globalThis.URL(url as string).origin)
    return Promise.reject(new TypeError('fetch failed'))
  }
  const desk = openDesk({}, { fetch })
  t.after(desk.remove)
  await desk.paios(['status'])
  desk.environment['PAIOS_PORT'] = '4000'
  await desk.paios(['status'])
  desk.environment['PAIOS_URL'] = 'https://one.example'
  await desk.paios(['status'])
  await desk.paios(['--url', 'https://two.example/', 'status'])
  const expected = [
    'http://localhost:3001',
    'http://localhost:4000',
    'https://one.example',
    'https://two.example',
  ]
  assert.deepEqual(asked, expected)
  const { exit, stderr } = await desk.paios(['status', '--url', 'http://two.example'])
  assert.equal(exit, 2)
  assert.match(stderr, /^paios: http:\/\/two\.example is another machine: use https/)
})

test('an address at which something else answers is not a server', async (t) => {
  const desk = openDesk({}, { fetch: () => Promise.resolve(new Response('<html>')) })
  t.after(desk.remove)
  const { exit, stderr } = await desk.paios(['status'])
  assert.equal(exit, 5)
  assert.equal(
    stderr,
    'paios: What answered is not PAIOS (HTTP 200). Give the address of the server with --url.\n',
  )
})

test('sign-ins are kept where PAIOS_TOKEN_FILE says', async (t) => {
  const desk = openDesk({ 'notifications.list': () => ({ notifications: [] }) })
  t.after(desk.remove)
  await desk.signIn()
  assert.equal((await desk.paios(['notifications'])).exit, 0)
  desk.environment['PAIOS_TOKEN_FILE'] = `${desk.folder}/elsewhere.json`
  assert.equal((await desk.paios(['notifications'])).exit, 4)
})
