import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openDesk } from './fixture.ts'
import type { Desk } from './fixture.ts'

interface Command {
  url: string | undefined
  input: unknown
}

/** Takes commands where a server would, and answers each with this. */
async function listenAt(t: TestContext, desk: Desk, status: number, body: object): Promise<Command[]> {
  const commands: Command[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      commands.push({ url: request.url, input: JSON.parse(text) })
      response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
      response.end(JSON.stringify(body))
    })
  })
  mkdirSync(join(desk.folder, 'data'))
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.listen(join(desk.folder, 'data', 'control.sock'), () => resolve(undefined))
  await promise
  t.after(() => server.close())
  return commands
}

function open(t: TestContext): Desk {
  const desk = openDesk({})
  t.after(desk.remove)
  return desk
}

test('another setup code is made by the server of this machine, without signing in', async (t) => {
  const desk = open(t)
  const commands = await listenAt(t, desk, 200, { success: true, data: { setup_code: 'ABCD-EFGH' } })
  const { exit, stdout } = await desk.paios(['setup', '--new-code'])
  assert.deepEqual([exit, stdout], [0, 'New setup code: ABCD-EFGH\nUse it within 30 minutes: paios setup\n'])
  assert.deepEqual(commands, [{ url: '/new-setup-code', input: {} }])
  assert.equal(desk.seen.length, 0)
})

test('the signing key is exchanged, and the answer names the new one', async (t) => {
  const desk = open(t)
  const commands = await listenAt(t, desk, 200, { success: true, data: { kid: 'k2' } })
  const { stdout } = await desk.paios(['key', 'rotate-signing', '--json'])
  assert.deepEqual(JSON.parse(stdout), { kid: 'k2' })
  assert.deepEqual(commands, [{ url: '/rotate-signing', input: {} }])
})

test('a user is added with a password from the dialogue or standard input', async (t) => {
  const desk = open(t)
  const user = { id: 'u', email: 'bob@example.org' }
  const commands = await listenAt(t, desk, 200, { success: true, data: { user } })
  const typed = await desk.paios(['user', 'add', user.email], {
    typed: ['a long password', 'a long password'],
  })
  assert.deepEqual([typed.exit, typed.stdout], [0, 'Added bob@example.org. They sign in with: paios login\n'])
  const argv = ['user', 'add', user.email, '--password-stdin']
  assert.equal((await desk.paios(argv, { piped: 'a long password\n' })).exit, 0)
  const input = { email: user.email, password: 'a long password' }
  assert.deepEqual(commands, [
    { url: '/add-user', input },
    { url: '/add-user', input },
  ])
})

test('a code for a user who lost everything is told with what to do with it', async (t) => {
  const desk = open(t)
  const commands = await listenAt(t, desk, 200, { success: true, data: { code: 'ABCD-EFGH' } })
  const { exit, stdout } = await desk.paios(['user', 'recover', 'bob@example.org'])
  assert.deepEqual(
    [exit, stdout.startsWith('Code: ABCD-EFGH\nIt signs in once, within 30 minutes: ')],
    [0, true],
  )
  const { stdout: json } = await desk.paios(['user', 'recover', 'bob@example.org', '--json'])
  assert.deepEqual(JSON.parse(json), { code: 'ABCD-EFGH' })
  assert.deepEqual(commands[0], { url: '/recover-user', input: { email: 'bob@example.org' } })
})

test('a refusal of the server is passed on in its words', async (t) => {
  const desk = open(t)
  const error = { code: 'GENERAL_001', message: 'This server is already set up.' }
  await listenAt(t, desk, 404, { success: false, error })
  const { exit, stderr } = await desk.paios(['setup', '--new-code'])
  assert.deepEqual([exit, stderr], [1, 'paios: This server is already set up.\n'])
})

test('without a server on this machine that is what is said, and a misspelt setting names itself', async (t) => {
  const desk = open(t)
  const { exit, stderr } = await desk.paios(['key', 'rotate-signing'])
  assert.equal(exit, 5)
  assert.match(stderr, /^paios: No server is running at .*\n$/)
  desk.environment['PAIOS_DATADIR'] = '/x'
  const misspelt = await desk.paios(['key', 'rotate-signing'])
  assert.deepEqual([misspelt.exit, misspelt.stderr], [2, 'paios: PAIOS_DATADIR: there is no such setting.\n'])
})
