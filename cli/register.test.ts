import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openDesk } from './fixture.ts'
import type { Desk } from './fixture.ts'
import { data, openOffice } from './rig.ts'

const EXAMPLE = new URL('../examples/remote-agent.json', import.meta.url).pathname
const REGISTER = ['agents', 'register', '20', 'Juggler']
/** Whether a token is one of the server, by what only an agent may do. */
async function statusOf(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${url}/api/mcp/heartbeat`, { method: 'POST', headers })).status
}
const actionsOf = async (desk: Desk) =>
  (await data<{ available_actions: string[] }>(desk, ['agents', 'show', '20'])).available_actions

async function sit(context: TestContext) {
  const office = await openOffice(context)
  return { ...office, desk: await office.sit() }
}

test('a program is registered by its capabilities, and the answer is its token alone', async (t) => {
  const { server, desk } = await sit(t)
  const argv = [...REGISTER, '--capability', 'flip', '--capability', 'throw', '--capability', 'flip']
  const { exit, stdout, stderr } = await desk.paios(argv)
  assert.equal(exit, 0, stderr)
  assert.match(stdout, /^paios_agent_[\w-]{43}\n$/)
  assert.equal(
    stderr,
    'Registered agent 20, Juggler, which can: flip, throw. Its token is shown this once:\n',
  )
  assert.equal(await statusOf(server.url, stdout.trim()), 200)
  assert.deepEqual(await actionsOf(desk), ['flip', 'throw'])
})

test('registered again it has what it says now, and another token; the earlier one has ended', async (t) => {
  const { server, desk } = await sit(t)
  const first = (await desk.paios([...REGISTER, '--capability', 'flip'])).stdout.trim()
  const argv = ['agents', 'register', '20', 'Shouter', '--actions', EXAMPLE, '--capability', 'wait']
  const { token, ...rest } = await data<{ token: string; agent_id: string }>(desk, argv)
  assert.deepEqual({ ...rest, agent_id: '' }, { agent_id: '', agent_number: 20, status: 'active' })
  assert.deepEqual([await statusOf(server.url, first), await statusOf(server.url, token)], [401, 200])
  assert.deepEqual(await actionsOf(desk), ['flip', 'shout', 'wait'])
})

test('a token file is private from the start, takes the place of an older one, and nothing prints the token', async (t) => {
  const { server, desk } = await sit(t)
  const file = join(desk.folder, 'deep', 'agent.token')
  mkdirSync(join(desk.folder, 'deep'))
  writeFileSync(file, 'old')
  chmodSync(file, 0o644)
  const { exit, stdout, stderr } = await desk.paios([...REGISTER, '--actions', EXAMPLE, '--token-file', file])
  assert.deepEqual([exit, stderr], [0, ''])
  assert.equal(stdout, `Registered agent 20, Juggler, which can: flip, shout. Its token is in ${file}.\n`)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const kept = readFileSync(file, 'utf8')
  assert.equal(await statusOf(server.url, kept.trim()), 200)
  const { stdout: json } = await desk.paios([
    ...REGISTER,
    '--actions',
    EXAMPLE,
    '--token-file',
    file,
    '--json',
  ])
  assert.deepEqual([json.includes('paios_agent_'), json.includes('"token_file"')], [false, true])
  assert.notEqual(readFileSync(file, 'utf8'), kept)
})

test('a file that cannot be written costs the token, and says how to get another', async (t) => {
  const { desk } = await sit(t)
  const file = join(desk.folder, 'folder')
  mkdirSync(file)
  const { exit, stdout, stderr } = await desk.paios([
    ...REGISTER,
    '--capability',
    'flip',
    '--token-file',
    file,
  ])
  assert.deepEqual([exit, stdout], [1, ''])
  assert.equal(
    stderr,
    `paios: It is registered, but ${file} cannot be written. Register it again for another token.\n`,
  )
})

test('with a passkey elsewhere it waits for the approval, and the token comes back to who asked', async (t) => {
  const { server, desk, sit: sitAgain } = await sit(t)
  await desk.paios(['passkey', 'add'])
  const other = await sitAgain()
  const argv = [...REGISTER, '--capability', 'flip']
  const refused = await other.paios(argv)
  assert.equal(refused.exit, 1)
  assert.match(
    refused.stderr,
    /This machine has none: add --approve, and approve it where your passkey is\.\n$/,
  )
  const { promise, resolve } = Promise.withResolvers<string>()
  server.app.kernel.events.hear((event) => {
    if (event.name === 'approval:requested') resolve((event.data as { approval_id: string }).approval_id)
  })
  const asking = other.paios([...argv, '--approve'])
  assert.equal((await desk.paios(['agents', 'show', '20'])).exit, 1)
  assert.equal((await desk.paios(['approvals', 'approve', await promise])).exit, 0)
  const { exit, stdout } = await asking
  assert.deepEqual([exit, await statusOf(server.url, stdout.trim())], [0, 200])
  assert.equal(
    (await desk.paios(['approvals', 'show', await promise])).stdout.includes('paios_agent_'),
    false,
  )
})

test('what cannot be meant is refused before the server is asked', async (t) => {
  const desk = openDesk({})
  t.after(desk.remove)
  await desk.signIn()
  const file = join(desk.folder, 'actions.json')
  const form = `${file} is not a JSON list of actions, such as [{"name": "flip", "phrases": ["flip a coin"]}].`
  const cases: [argv: string[], text: string, sentence: string][] = [
    [['20', 'A'], '', 'Say what it can do: --capability NAME, or --actions FILE.'],
    [['20', 'A', '--actions', file], '[]', 'Say what it can do: --capability NAME, or --actions FILE.'],
    [['20', 'A', '--actions', file], '{"name": "flip"}', form],
    [['20', 'A', '--actions', file], '[{"names": 1}, null]', form],
    [
      ['20', 'A', '--actions', file],
      '[{"name": "flip"},]',
      `${file} is not JSON: line 1, column 19 is wrong.`,
    ],
    [['20', 'A', '--actions', `${file}x`], '', `${file}x cannot be read.`],
    ...['0', '-1', '1e3', '10000', ' 20', 'x', ''].map((number): [string[], string, string] => [
      ['--capability', 'a', '--', number, 'A'],
      '',
      `${JSON.stringify(number)} is not a number from 20 to 9999.`,
    ]),
  ]
  for (const [argv, text, sentence] of cases) {
    writeFileSync(file, text)
    const { exit, stdout, stderr } = await desk.paios(['agents', 'register', ...argv])
    assert.deepEqual([exit, stdout, stderr], [2, '', `paios: ${sentence}\n`], argv.join(' '))
  }
  assert.deepEqual(desk.seen, [])
  assert.equal((await desk.paios(['agents', 'register', '20'])).exit, 2)
})

test('what the server does not take is said in its words, with the place', async (t) => {
  const { desk } = await sit(t)
  const file = join(desk.folder, 'actions.json')
  writeFileSync(file, '[{"name": "flip", "effect": "magic"}]')
  const wrong = await desk.paios([...REGISTER, '--actions', file])
  assert.deepEqual([wrong.exit, wrong.stdout], [1, ''])
  assert.match(wrong.stderr, /actions\/0\/effect/)
  for (const number of ['4', '19']) {
    const taken = await desk.paios(['agents', 'register', number, 'A', '--capability', 'a'])
    assert.deepEqual([taken.exit, taken.stdout], [1, ''], number)
  }
  const stranger = openDesk({})
  t.after(stranger.remove)
  assert.equal((await stranger.paios([...REGISTER, '--capability', 'a'])).exit, 4)
})
