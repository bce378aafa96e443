import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Command } from 'commander'
import { openDesk } from './fixture.ts'
import { declareAll } from './program.ts'

const nothing = () => Promise.resolve()

/** Every command, and every beginning of others. */
function commands(): Map<string, Command> {
  const desk = { stdout: process.stdout, stderr: process.stderr }
  const all = (command: Command, before: readonly string[]): [string, Command][] =>
    command.commands.flatMap((one) => {
      const path = [...before, one.name()]
      return [[path.join(' '), one] as [string, Command], ...all(one, path)]
    })
  return new Map(all(declareAll(desk, nothing, nothing), []))
}

test('the help of every command has an example that begins with it', async (t) => {
  const desk = openDesk({})
  t.after(desk.remove)
  for (const command of commands().keys()) {
    const { exit, stdout, stderr } = await desk.paios([...command.split(' '), '--help'])
    assert.deepEqual([exit, stderr], [0, ''])
    assert.match(stdout, new RegExp(`\nExample:\n  .*paios ${command}`), command)
    assert.match(stdout, /--json/)
  }
  const { stdout } = await desk.paios(['--help'])
  assert.match(stdout, /Exit codes:\n {2}0 {2}done +3 {2}not understood/)
  assert.match((await desk.paios(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
})

test('the table of the guide names every command, and none that there is not', () => {
  const known = commands()
  const text = readFileSync(new URL('../docs/guide/cli.md', import.meta.url), 'utf8')
  const [, table = ''] = /\n\| command \|.*\n\|-.*\n((?:\|.*\n)+)/u.exec(text) ?? []
  const named = new Set<string>()
  for (const [, cell = ''] of table.matchAll(/^\| (.+?) \|/gmu)) {
    const spans = Array.from(cell.matchAll(/`([^`]+)`/gu), ([, span = '']) => span.replace(/ ["A-Z].*$/u, ''))
    const [first = ''] = spans[0]?.split(' ') ?? []
    // What belongs to the same command leaves its name out.
    for (const span of spans) {
      const path = known.has(`${first} ${span}`) ? `${first} ${span}` : span
      assert.ok(known.has(path), `There is no command ${span}.`)
      named.add(path)
    }
  }
  // A list is what a command shows by itself.
  const missing = [...known].filter(
    ([path, { commands: parts }]) =>
      parts.length === 0 && !named.has(path.replace(/ list$/u, '')) && !named.has(path),
  )
  assert.deepEqual(
    missing.map(([path]) => path),
    [],
  )
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
