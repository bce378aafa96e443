import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMachine } from '../test/journeys/process.ts'

const email = 'ann@example.org'
const PASSWORD = 'correct horse battery staple 9'

test('who lost everything is let in again by whoever has the machine', async (t) => {
  const machine = openMachine()
  t.after(() => machine.remove())
  const server = await machine.serve({}, /Setup code: (\S+)/)
  const environment = { PAIOS_URL: server.url }
  const paios = (words: string[], piped = '') => machine.paios(words, { piped, environment })
  const setup = await paios(['setup', '--email', email, '--password-stdin'], PASSWORD)
  assert.deepEqual([setup.exit, setup.stderr], [0, ''])
  assert.equal((await paios(['passkey', 'add'])).exit, 0)
  const { exit, stdout } = await paios(['user', 'recover', email])
  assert.equal(exit, 0)
  const code = /^Code: (\S+)\n/.exec(stdout)?.[1] ?? assert.fail(stdout)
  assert.match(stdout, /\nIt signs in once, within 30 minutes: paios login --email ann@example\.org --code\n/)
  assert.equal((await paios(['agents'])).exit, 4)
  assert.equal((await paios(['login', '--email', email, '--code'], `${code}\n`)).exit, 0)
  assert.equal((await paios(['passkey', 'add', '--name', 'after'])).exit, 0)
  const nobody = await paios(['user', 'recover', 'eve@example.org'])
  assert.deepEqual([nobody.exit, nobody.stderr], [1, 'paios: There is no user eve@example.org.\n'])
  assert.equal(await server.stop('SIGTERM'), 0)
})
