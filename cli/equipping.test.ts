import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { ExternalIntegration } from '../contract/integrations.ts'
import { data, openOffice } from './rig.ts'
import type { Office } from './rig.ts'

const ACTIONS = [{ name: 'list_rooms', method: 'GET', path: '/rooms' }]
const HEATING = {
  id: 'heating',
  name: 'Heating',
  type: 'http',
  base_url: 'https://heating.example/api',
  actions: ACTIONS,
}
/** The id of a credential that is not there. */
const NOBODYS = '01234567-89ab-7cde-8f01-23456789abcd'
const DOOR = { id: 'door', name: 'Türe', type: 'http', base_url: 'https://door.example' }

/** Somebody with a passkey, and what agent 8 is set up with. */
async function open(t: TestContext, options: Parameters<Office['sit']>[1] = {}) {
  const { sit, server } = await openOffice(t)
  const desk = await sit(undefined, options)
  await desk.paios(['passkey', 'add'])
  const say = async (argv: string[], given: unknown = '') => {
    const piped = typeof given === 'string' ? given : JSON.stringify(given)
    const { exit, stdout, stderr } = await desk.paios(['integrations', ...argv], { piped })
    return [exit, stdout + stderr] as const
  }
  const held = async () =>
    (await data<{ config: { external_integrations: ExternalIntegration[] } }>(desk, ['agents', 'show', '8']))
      .config.external_integrations
  return { sit, server, desk, say, held }
}

test('one is added, changed and taken away by its id, the others stay as they are, and each is taken back', async (t) => {
  const { desk, say, held } = await open(t)
  assert.deepEqual(await say(['add', '8', '-'], HEATING), [
    0,
    'Agent 8 has Heating now.\nLook at it: paios integrations actions 8 heating\n',
  ])
  const file = join(desk.folder, 'door.json')
  writeFileSync(file, JSON.stringify({ ...DOOR, enabled: false }))
  assert.equal((await say(['add', '8', file]))[0], 0)
  const usual = { allowed_hosts: [], enabled: true }
  const [first, second] = [
    { ...usual, ...HEATING },
    { ...usual, ...DOOR, enabled: false },
  ]
  assert.deepEqual(await held(), [first, second])
  const { id: _id, ...rest } = { ...HEATING, base_url: 'https://other.example' }
  assert.deepEqual(await say(['edit', '8', 'heating', '-'], rest), [
    0,
    'Changed Heating of agent 8. Take that back with: paios undo\n',
  ])
  assert.deepEqual(await held(), [{ ...first, base_url: 'https://other.example' }, second])
  const [, shown] = await say(['show', '8', 'heating'])
  assert.deepEqual(await say(['edit', '8', 'heating', '-'], shown), [0, 'That is how it is already.\n'])
  assert.match(
    (await say(['remove', '8', 'heating']))[1],
    /^Agent 8 no longer has Heating\. Bring it back with: /,
  )
  assert.deepEqual(await held(), [second])
  assert.equal((await desk.paios(['undo', '--yes'])).exit, 0)
  assert.deepEqual(await held(), [{ ...first, base_url: 'https://other.example' }, second])
})

test('what is taken, is not there, is no JSON or is wrong is refused by its place in the file, and nothing is changed', async (t) => {
  const { desk, say, held } = await open(t)
  await say(['add', '8', '-'], HEATING)
  const before = await held()
  const clash = { ...DOOR, actions: ACTIONS }
  const refused: [argv: string[], piped: unknown, exit: number, said: RegExp][] = [
    [
      ['add', '8', '-'],
      HEATING,
      1,
      /\n {2}\/id +is taken: change that one with paios integrations edit 8 heating\n/,
    ],
    [['add', '8', '-'], { ...DOOR, base_url: 'door' }, 1, /\n {2}\/base_url +must be an address/],
    [['add', '8', '-'], { ...DOOR, type: 'ftp' }, 1, /\n {2}\/type +must be one of http/],
    [['add', '8', '-'], { ...DOOR, colour: 1 }, 1, /\n {2}\/colour +is not a known field\n/],
    [['add', '8', '-'], { id: 'x' }, 1, /\n {2}\/name +is required\n/],
    [['add', '8', '-'], clash, 1, /\n {2}\/ +has an action list_rooms, which the agent has already\n/],
    [['add', '8', '-'], '{"id": "x",\n}', 2, /Standard input is not JSON: line 2, column 1 is wrong/],
    [['add', '8', '-'], [HEATING], 2, /must have one integration/],
    [['add', '8', join(desk.folder, 'none')], '', 2, /none cannot be read/],
    [['add', '77', '-'], DOOR, 1, /agent 77/i],
    [['edit', '8', 'door', '-'], DOOR, 1, /Agent 8 has no integration "door"; it has: heating\./],
    [['edit', '8', 'heating', '-'], DOOR, 1, /\n {2}\/id +must be heating, or left out/],
    [
      ['edit', '8', 'heating', '-'],
      { ...HEATING, actions: [{}] },
      1,
      /\n {2}\/actions\/0\/name +is required\n/,
    ],
    [['remove', '8', 'door'], '', 1, /has no integration "door"/],
    [['show', '3', 'heating'], '', 1, /Agent 3 has no integration "heating"; it has: none\./],
  ]
  for (const [argv, piped, exit, said] of refused) {
    const [ended, text] = await say(argv, piped)
    assert.equal(ended, exit, `${argv.join(' ')}: ${text}`)
    assert.match(text, said)
  }
  assert.deepEqual(await held(), before)
})

test('whoever has a passkey proves a change of it, and another user’s agents are not reached', async (t) => {
  const { sit, server, held } = await open(t)
  const add = ['integrations', 'add', '8', '-']
  const given = { piped: JSON.stringify(HEATING) }
  const elsewhere = await sit()
  const { exit, stderr } = await elsewhere.paios(add, given)
  assert.deepEqual([exit, stderr.includes('--approve')], [1, true], stderr)
  await server.app.auth.addUser('bob@example.org', 'correct horse battery staple 9')
  const bob = await sit('bob@example.org')
  assert.equal((await bob.paios(add, given)).exit, 0)
  assert.deepEqual(await held(), [])
  await bob.paios(['logout'])
  assert.equal((await bob.paios(add, given)).exit, 4)
})

test('what is needed next for its secret is said in full', async (t) => {
  const { desk, say } = await open(t)
  await desk.paios(['credentials', 'add', 'one', '--stdin'], { piped: 'a-long-secret' })
  const { credentials } = await data<{ credentials: { id: string }[] }>(desk, ['credentials', 'list'])
  const { id: credential_id = '' } = credentials[0] ?? {}
  const auth = { in: 'query', name: 'key' }
  const [, text] = await say(['add', '8', '-'], { ...HEATING, credential_id, auth })
  const command = `credentials grant ${credential_id.slice(-8)} 8 --to https://heating.example --query key`
  assert.equal(text.split('\n')[3], `Let it use its secret: paios ${command}`)
  assert.equal((await desk.paios(command.split(' '), { piped: '' })).exit, 0)
})

test('a credential is named in a file as to every other command, and one of no name is refused', async (t) => {
  const { desk, say, held } = await open(t)
  await desk.paios(['credentials', 'add', 'one', '--stdin'], { piped: 'a-long-secret' })
  assert.equal((await say(['add', '8', '-'], { ...HEATING, credential_id: 'one' }))[0], 0)
  const { credentials } = await data<{ credentials: { id: string }[] }>(desk, ['credentials', 'list'])
  assert.equal((await held())[0]?.credential_id, credentials[0]?.id)
  const [exit, text] = await say(['edit', '8', 'heating', '-'], { ...HEATING, credential_id: 'two' })
  assert.deepEqual([exit, /two/.test(text)], [1, true])
})

test('an integration that names a credential which is not there, or was not granted, is minded when it is set', async (t) => {
  const { say } = await open(t)
  const [exit, text] = await say(['add', '8', '-'], { ...HEATING, credential_id: NOBODYS })
  assert.equal(exit, 0)
  assert.match(
    text,
    /^Agent 8 has Heating now\.\nMind: The credential that it names is not there: nothing is sent\.\n/,
  )
  assert.match((await say([]))[1], /\nMind heating of agent 8: The credential that it names is not there/)
  assert.match(
    (await say(['edit', '8', 'heating', '-'], { ...HEATING, credential_id: NOBODYS.replace('0', '1') }))[1],
    /\nMind: The cred/,
  )
  assert.doesNotMatch((await say(['edit', '8', 'heating', '-'], HEATING))[1], /Mind/)
})

test('an edit of what somebody else changes in the same moment changes nothing, and neither is lost', async (t) => {
  let meanwhile: (() => Promise<unknown>) | undefined
  const { server, say, held } = await open(t, {
    fetch: async (url, how) => {
      const answer = await fetch(url, how)
      const other = answer.url.endsWith('/agents/8') ? meanwhile : undefined
      if (other === undefined) return answer
      meanwhile = undefined
      server.clock.advance(1_000)
      await other()
      return answer
    },
  })
  await say(['add', '8', '-'], HEATING)
  const before = await held()
  meanwhile = () => say(['add', '8', '-'], DOOR)
  const [exit, text] = await say(['remove', '8', 'heating'])
  assert.equal(exit, 1)
  assert.match(text, /Agent 8 was changed since: look at it again\. Nothing was changed now\./)
  assert.deepEqual(await held(), [...before, { allowed_hosts: [], enabled: true, ...DOOR }])
  assert.equal((await say(['remove', '8', 'heating']))[0], 0)
  assert.deepEqual(
    (await held()).map(({ id }) => id),
    ['door'],
  )
})
