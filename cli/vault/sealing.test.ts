import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { RevealedCredential } from '../../contract/credentials.ts'
import { keyPath } from '../place.ts'
import { data, openOffice } from '../rig.ts'

const SECRET = 'the door is 4711 "ü"'

async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const say = async (argv: string[], given: Parameters<typeof desk.paios>[1] = { piped: '' }) => {
    const { exit, stdout, stderr } = await desk.paios(['credentials', ...argv], given)
    return [exit, stdout + stderr] as const
  }
  return { sit, server, desk, say }
}

const recoveryIn = (text: string) => /^ {2}([\w-]{43})$/m.exec(text)?.[1] ?? ''

test('what is sealed here is opened here, and with its recovery key at another machine, and by the server never', async (t) => {
  const { desk, server, say } = await open(t)
  const json = JSON.stringify({ value: SECRET, additional_fields: { pin: '99' } })
  const [exit, text] = await say(['add', 'door', '--sealed', '--json-stdin'], { piped: json })
  assert.equal(exit, 0, text)
  const recovery = recoveryIn(text)
  assert.deepEqual(await say(['reveal', 'door']), [0, `${SECRET}\n`])
  assert.deepEqual(await say(['reveal', 'door', '--field', 'pin']), [0, '99\n'])
  assert.match(
    (await say(['show', 'door']))[1],
    /\nsealed +the server cannot open it, and no agent can use it\n/,
  )
  const client = await server.signIn('ann@example.org')
  assert.equal((await client.ask('credentials.list', {})).credentials[0]?.sealed, true)
  const rows = server.app.kernel.store.reader.connection.all('SELECT * FROM credentials', [])
  for (const part of ['4711', recovery, '99"']) assert.equal(JSON.stringify(rows).includes(part), false, part)
  // As at another machine of the same user: the passkey that it was sealed for is not there.
  await desk.paios(['passkey', 'add', '--name', 'second'])
  const path = keyPath(desk.environment)
  const { passkeys } = JSON.parse(readFileSync(path, 'utf8')) as { passkeys: object[] }
  writeFileSync(path, JSON.stringify({ passkeys: passkeys.slice(1) }))
  const why = 'paios: It is sealed for no passkey of this machine: give --recovery-stdin.\n'
  assert.deepEqual(await say(['reveal', 'door']), [1, why])
  assert.deepEqual(await say(['reveal', 'door', '--recovery-stdin'], { piped: `${recovery}\n` }), [
    0,
    `${SECRET}\n`,
  ])
  assert.deepEqual(await say(['reveal', 'door'], { typed: [recovery] }), [0, `${SECRET}\nRecovery key: \n`])
  const refused: [piped: string, exit: number, said: RegExp][] = [
    ['A'.repeat(43), 1, /is not as it was sealed, or is sealed for another key/],
    ['short-key', 2, /^paios: A recovery key has 43 letters, digits, _ and -\.\n$/],
  ]
  for (const [piped, ended, said] of refused) {
    const [code, told] = await say(['reveal', 'door', '--recovery-stdin'], { piped })
    assert.deepEqual([code, said.test(told), told.includes('4711')], [ended, true, false], told)
  }
})

test('no agent is granted it, a new secret is sealed as well, and without a passkey here nothing is sealed', async (t) => {
  const { sit, desk, say } = await open(t)
  await say(['add', 'door', '--sealed', '--stdin'], { piped: SECRET })
  const [granted, why] = await say(['grant', 'door', '8', '--to', 'https://door.example'])
  assert.deepEqual([granted, /no agent can use it/.test(why)], [1, true])
  const [plain, told] = await say(['update', 'door', '--stdin'], { piped: 'newer' })
  assert.deepEqual([plain, /Its secret is sealed: give --sealed/.test(told)], [2, true])
  assert.equal((await say(['update', 'door', '--description', 'Of the shed.']))[0], 0)
  assert.deepEqual(await say(['reveal', 'door']), [0, `${SECRET}\n`])
  const [changed, text] = await say(['update', 'door', '--sealed', '--stdin'], { piped: 'newer' })
  assert.deepEqual([changed, recoveryIn(text).length], [0, 43])
  assert.deepEqual(await say(['reveal', 'door']), [0, 'newer\n'])
  const revealed = await data<RevealedCredential>(desk, ['credentials', 'reveal', 'door'])
  assert.deepEqual(revealed.credential_data, { value: 'newer' })
  const bare = await sit()
  const add = await bare.paios(['credentials', 'add', 'x', '--sealed', '--stdin'], { piped: SECRET })
  assert.deepEqual([add.exit, add.stderr.includes('no passkey to seal it for')], [1, true])
})
