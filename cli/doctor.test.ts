import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openTestApp } from '../test/app.ts'
import { EXIT } from './exit.ts'
import { openDesk } from './fixture.ts'

function open(t: TestContext) {
  const desk = openDesk({})
  t.after(desk.remove)
  return desk
}

test('a machine on which nothing has started yet has nothing to mend', async (t) => {
  const desk = open(t)
  const { exit, stdout } = await desk.paios(['doctor'])
  assert.equal(exit, EXIT.done, stdout)
  assert.match(stdout, /^ {2}ok {2}Node /)
  assert.match(stdout, /note {2}There is no data folder .*\n {6}The first start makes it: npm start\n/)
  assert.match(stdout, /\nAll is well\.\n$/)
})

test('what is wrong ends with exit code 1, and is told to people and to programs with its mend', async (t) => {
  const desk = open(t)
  const server = await openTestApp({ data_dir: join(desk.folder, 'data') })
  await server.claim()
  await server.close()
  const key = join(desk.folder, 'data', 'root.key')
  desk.environment['PAIOS_KEY_FILE'] = key
  chmodSync(key, 0o640)
  const told = await desk.paios(['doctor'])
  assert.equal(told.exit, EXIT.failed)
  assert.match(
    told.stdout,
    new RegExp(`\\nMEND {2}The key file .* can be read by others.*\\n {6}chmod 600 ${key}\\n`),
  )
  const { exit, stdout } = await desk.paios(['doctor', '--json'])
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { check: string; kind: string }[] }
  assert.deepEqual([exit, ok], [EXIT.failed, false])
  assert.ok(findings.some(({ check, kind }) => check === 'key' && kind === 'problem'))
})

test('a port that another program has is named, and a setting that is wrong is all that is told', async (t) => {
  const desk = open(t)
  mkdirSync(join(desk.folder, 'data'), { mode: 0o700 })
  const other = createServer()
  const { promise, resolve } = Promise.withResolvers<undefined>()
  other.listen(0, '127.0.0.1', () => resolve(undefined))
  await promise
  t.after(() => other.close())
  const address = other.address()
  const port = typeof address === 'object' ? address?.port : undefined
  desk.environment['PAIOS_PORT'] = String(port)
  const taken = await desk.paios(['doctor'])
  assert.match(
    taken.stdout,
    new RegExp(`MEND {2}Port ${port} of 127\\.0\\.0\\.1 is taken by another program\\.`),
  )
  assert.match(taken.stdout, /\nOne thing is to be mended\.\n$/)
  desk.environment['PAIOS_PORT'] = '0'
  desk.environment['PAIOS_LOG_LEVEL'] = 'loud'
  const wrong = await desk.paios(['doctor'])
  assert.equal(wrong.exit, EXIT.failed)
  assert.match(
    wrong.stdout,
    /^MEND {2}PAIOS_LOG_LEVEL: "loud" is not one of .*\n.*\nOne thing is to be mended\.\n$/,
  )
})

const named = (what: string) => `MEND  The file of the ${what} of this command line,`

test('files of the command line that others can read, or that are broken, are named with their mend', async (t) => {
  const desk = open(t)
  await desk.signIn()
  assert.match(
    (await desk.paios(['doctor'])).stdout,
    /ok {2}The sign-ins of this command line are private\.\n/,
  )
  const [tokens, keys] = ['tokens', 'passkeys'].map((name) =>
    join(desk.folder, '.config', 'paios', `cli-${name}.json`),
  ) as [string, string]
  chmodSync(tokens, 0o644)
  writeFileSync(keys, '{', { mode: 0o600 })
  const { exit, stdout } = await desk.paios(['doctor'])
  assert.equal(exit, EXIT.failed)
  assert.ok(
    stdout.includes(`${named('sign-ins')} ${tokens}, can be read by others.\n      chmod 600 ${tokens}\n`),
  )
  assert.ok(stdout.includes(`${named('passkeys')} ${keys}, cannot be read.\n`), stdout)
  assert.match(stdout, /\n2 things are to be mended\.\n$/)
})
