import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { outcomeOf, prove } from '../passkeys.ts'
import { FIXTURES, openOld, startToday } from './old.ts'
import type { Old, Today } from './old.ts'

const NEWEST = FIXTURES.at(-1) ?? ''
/** The first servers that knew passkeys, and the last ones. */
const PROVEN = ['schema-14', NEWEST]

interface Listed {
  modifications: { id: string; description: string }[]
}

/** Takes back the change of this description with the passkey of the old server; answers the outcome. */
async function rollBack(old: Old, today: Today, described: string): Promise<string> {
  const { modifications } = (await today.get('/system/modifications')) as Listed
  const modification_id = modifications.find(({ description }) => description === described)?.id ?? ''
  assert.ok(old.secrets.key !== undefined)
  return outcomeOf(await prove(today, today.token, old.secrets.key, 'system.rollback', { modification_id }))
}

const numbers = async ({ ask, token }: Today): Promise<number[]> => {
  const { agents } = await ask(token, 'agents.list', {})
  return agents.map(({ agent_number }) => agent_number).filter((number) => number >= 20)
}

for (const fixture of PROVEN) {
  test(`with ${fixture}, the passkey of then proves a call, and a backup code signs in once`, async (t) => {
    const { data_dir, secrets } = openOld(t, fixture)
    const today = await startToday(t, data_dir)
    const { token } = today
    const [passkey, ...others] = (await today.ask(token, 'auth.passkeys', {})).passkeys
    assert.ok(secrets.key !== undefined && passkey !== undefined && others.length === 0)
    const input = { id: passkey.id, name: 'Schlüssel' }
    assert.equal(outcomeOf(await today.call(token, 'auth.passkey_rename', input)), 'AUTH_002 proof_missing')
    assert.equal(outcomeOf(await prove(today, token, secrets.key, 'auth.passkey_rename', input)), 'ok')
    const [challenge_response = ''] = secrets.codes ?? []
    const biometric_credential = { credential_id: 'backup_code', challenge_response }
    const login = { email: 'ann@example.org', biometric_credential }
    const first = await today.call(undefined, 'auth.login', login)
    const second = await today.call(undefined, 'auth.login', login)
    assert.deepEqual([first, second].map(outcomeOf), ['ok', 'AUTH_004'])
  })
}

test('an agent that an older server made is unmade unless something has changed it since', async (t) => {
  const old = openOld(t, 'schema-14')
  const today = await startToday(t, old.data_dir)
  assert.equal(await rollBack(old, today, 'Created agent 20, Mute.'), 'SYSTEM_003')
  assert.equal(await rollBack(old, today, 'Created agent 42, Gärtner 🌱.'), 'ok')
  assert.deepEqual(await numbers(today), [20])
})

test('an agent from outside is known by the token that an older server gave it', async (t) => {
  const old = openOld(t, NEWEST)
  const today = await startToday(t, old.data_dir)
  assert.equal(outcomeOf(await today.call(old.secrets.robot, 'messages.next', {})), 'ok')
  assert.equal(outcomeOf(await today.call(`${old.secrets.robot}x`, 'messages.next', {})), 'AUTH_001')
})

test('a workflow that waited when an older server ended goes on at its time, and its hook is where it was', async (t) => {
  const old = openOld(t, NEWEST)
  const today = await startToday(t, old.data_dir)
  const { executions } = await today.ask(today.token, 'workflows.executions', {})
  const waiting = executions.find(({ status }) => status === 'executing')
  assert.equal(waiting?.workflow_name, 'Geduld ⏳')
  const ended = async () => {
    for (let turns = 0; turns < 50; turns += 1) await nextTurn()
    const { connection } = today.app.kernel.store.reader
    return connection.all('SELECT status FROM workflow_runs WHERE id = ?', [waiting.execution_id])[0]?.[
      'status'
    ]
  }
  today.clock.advance(22 * 3_600_000)
  assert.equal(await ended(), 'executing')
  today.clock.advance(2 * 3_600_000)
  assert.equal(await ended(), 'completed')
  const hook = Object.values(old.seen).find((one) => (one as { name?: string }).name === 'Hook')
  const { webhook_path } = hook as { webhook_path: string }
  const statuses = [webhook_path, `${webhook_path}x`].map(
    async (path) => (await fetch(`${today.url}${path}`, { method: 'POST' })).status,
  )
  assert.deepEqual(await Promise.all(statuses), [200, 404])
})

test('what was asked of an older server under a key is not done again', async (t) => {
  const old = openOld(t, NEWEST)
  const today = await startToday(t, old.data_dir)
  const [path = '', logs] = Object.entries(old.seen).find(([one]) => one.endsWith('/logs')) ?? []
  const first = (logs as { logs: { execution_id: string }[] }).logs.at(-1)
  const { id: user_id } = await today.ask(today.token, 'auth.me', {})
  const parameters = { text: 'The key is under the stone, says Zoë', tags: ['home', 'schlüssel'] }
  const command = { action: 'remember', parameters, user_id, request_id: 'r-1', priority: 'normal' as const }
  const input = { id: path.split('/')[2] ?? '', command, wait_for_completion: true }
  const again = await today.ask(today.token, 'agents.execute', input)
  assert.equal(again.execution_id, first?.execution_id)
  const other = { ...input, command: { ...command, action: 'recall', parameters: { query: 'key' } } }
  assert.equal(outcomeOf(await today.call(today.token, 'agents.execute', other)), 'GENERAL_001')
})
