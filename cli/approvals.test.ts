import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Approval } from '../contract/approvals.ts'
import { PASSWORD } from '../test/app.ts'
import type { Served } from '../sdk/rig.ts'
import { data, openOffice } from './rig.ts'
import type { Desk } from './fixture.ts'
import { short } from './short.ts'

/** Owner at a machine with the passkey, and at one without; both signed in too long ago to count as proof. */
async function open(
  context: TestContext,
  options: Parameters<Awaited<ReturnType<typeof openOffice>>['sit']>[1] = {},
) {
  const { server, sit } = await openOffice(context)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const other = await sit(undefined, options)
  server.clock.advance(301_000)
  return { server, desk, other }
}

/** The id of the next approval that is asked for. */
function requested({ app }: Served): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const stop = app.kernel.events.hear(({ name, data: told }) => {
    if (name === 'approval:requested') resolve((told as { approval_id: string }).approval_id)
  })
  return promise.finally(stop)
}

const ADD = ['users', 'add', 'bob@example.org', '--password-stdin']
/** How often the command asks by itself. */
const POLL_MS = 15_000
const TAKEN = 'This e-mail address already has an account.'
const piped = 'correct horse battery 1'
const users = async (desk: Desk) =>
  (await data<{ users: { email: string }[] }>(desk, ['users'])).users.map(({ email }) => email)

test('what this machine cannot prove waits for an approval elsewhere, and then its result is the answer', async (t) => {
  const { server, desk, other } = await open(t)
  const id = requested(server)
  const asking = other.paios([...ADD, '--approve'], { piped })
  const shown = await desk.paios(['approvals', 'show', await id])
  assert.match(shown.stdout, /^users\.create \S+\n.*\n\nstatus +pending\n/)
  assert.match(shown.stdout, /\ninput +\{"email":"bob@example\.org","password":"\*\*\*\*"[^\n]*\n$/)
  assert.deepEqual(await users(desk), ['ann@example.org'])
  const approved = await desk.paios(['approvals', 'approve', short(await id)])
  assert.match(approved.stdout, /^Approved and done\. Add[^\n]*\n$/)
  const { exit, stdout, stderr } = await asking
  assert.deepEqual([exit, stdout], [0, 'Added bob@example.org. They sign in with: paios login\n'])
  assert.equal(
    stderr,
    `Waiting for approval ${short(await id)}. Give it on the account page, or where your passkey is: paios approvals approve ${short(await id)}\n`,
  )
  assert.deepEqual(await users(desk), ['ann@example.org', 'bob@example.org'])
})

test('what is denied is not done, and what fails says why', async (t) => {
  const { server, desk, other } = await open(t)
  let id = requested(server)
  let asking = other.paios([...ADD, '--approve'], { piped })
  assert.equal(
    (await desk.paios(['approvals', 'deny', short(await id)])).stdout,
    'Denied users.create. Nothing was done.\n',
  )
  const denied = await asking
  assert.deepEqual(
    [denied.exit, denied.stderr.endsWith('\npaios: It was denied. Nothing was done.\n')],
    [1, true],
  )
  id = requested(server)
  asking = other.paios([...ADD, '--approve', '--json'], { piped })
  await id
  await desk.paios(ADD, { piped })
  const approved = await desk.paios(['approvals', 'approve', await id])
  assert.deepEqual([approved.exit, approved.stdout], [1, `It was approved, but failed: ${TAKEN}\n`])
  const shown = await data<Approval>(desk, ['approvals', 'show', await id])
  assert.deepEqual([shown.status, shown.error?.message, shown.error?.details], ['failed', TAKEN, undefined])
  const failed = await asking
  assert.equal(failed.exit, 1)
  const told = JSON.parse(failed.stdout) as { success: boolean; error: { code: string } }
  assert.equal(told.success, false)
  assert.match(told.error.code, /^[A-Z]+_\d{3}$/)
})

test('what no event tells of is asked for now and then: nobody who approves in time is nobody', async (t) => {
  const { server, other } = await open(t, {
    after: (delay_ms, work) => {
      const timer = setTimeout(work, delay_ms === POLL_MS ? 1 : delay_ms)
      return () => clearTimeout(timer)
    },
  })
  const id = requested(server)
  const asking = other.paios([...ADD, '--approve'], { piped })
  await id
  // Nothing is told of an approval that expires: only asking finds out.
  server.clock.advance(600_000)
  const { exit, stderr } = await asking
  assert.equal(exit, 1)
  assert.ok(stderr.endsWith('\npaios: Nobody approved it in time. Nothing was done.\n'), stderr)
})

test('the approvals are listed with what became of them, and those of nobody are nothing', async (t) => {
  const { server, desk, other } = await open(t)
  assert.equal(
    (await desk.paios(['approvals'])).stdout,
    'Nothing waits for your passkey, and nothing has. What workflows ask you is in: paios notifications\n',
  )
  const id = requested(server)
  const asking = other.paios([...ADD, '--approve'], { piped })
  await desk.paios(['approvals', 'deny', await id])
  await asking
  const { stdout } = await desk.paios(['approvals', 'list', '--limit', '1'])
  assert.match(
    stdout,
    /^ID +STATUS +ASKED +OPERATION +WHAT IT DOES\n[0-9a-f]{8} +denied +just now +users\.create +Add/,
  )
  const { approvals } = await data<{ approvals: Approval[] }>(desk, ['approvals'])
  assert.deepEqual(
    approvals.map((one) => [one.id, one.status]),
    [[await id, 'denied']],
  )
  assert.equal((await desk.paios(['approvals', 'list', '--limit', '0'])).exit, 2)
  for (const command of ['show', 'approve', 'deny'])
    assert.equal((await desk.paios(['approvals', command, '01890000-0000-7000-8000-000000000001'])).exit, 1)
  assert.equal((await desk.paios(['approvals', 'approve', await id])).exit, 1)
})

test('what this very session has asked for and approved is answered here, as a trial is', async (t) => {
  const { server, desk } = await open(t)
  const client = await server.signIn('ann@example.org')
  const kept = readFileSync(join(desk.folder, '.config/paios/cli-tokens.json'), 'utf8')
  const { servers } = JSON.parse(kept) as { servers: Record<string, { access_token: string }> }
  const after_state = { id: '2', name: 'Diary' }
  const asked = await fetch(`${server.url}/api/system/modify`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${servers[server.url]?.access_token}`,
      'content-type': 'application/json',
      'x-approval': 'request',
    },
    body: JSON.stringify({ type: 'agent_config', description: 'A trial.', after_state, dry_run: true }),
  })
  const { data: pending } = (await asked.json()) as { data: { approval_id: string } }
  const { exit, stdout } = await desk.paios(['approvals', 'approve', pending.approval_id])
  assert.equal(exit, 0, stdout)
  assert.match(stdout, /^Approved and done\. .*\n\{.*"name":"Diary".*\}\n$/)
  assert.equal((await client.ask('agents.get', { id: '2' })).name, 'Notes & Memory')
})

test('a password that is changed by approval ends the session that waits, and says so', async (t) => {
  const { server, desk, other } = await open(t)
  const id = requested(server)
  const lines = `${PASSWORD}\nanother long password 8\n`
  const asking = other.paios(['password', '--password-stdin', '--approve'], { piped: lines })
  const approved = await desk.paios(['approvals', 'approve', await id])
  assert.equal(approved.exit, 4)
  assert.match(approved.stderr, /^paios: Approved, and that ended your session here\./)
  const { exit, stderr } = await asking
  assert.equal(exit, 4)
  assert.match(
    stderr,
    /\npaios: Your sessions were ended, as a changed password does\. Sign in with the new one/,
  )
  const argv = ['login', '--email', 'ann@example.org', '--password-stdin']
  assert.equal((await other.paios(argv, { piped: 'another long password 8' })).exit, 0)
})

test('a user without any passkey has nothing to wait for', async (t) => {
  const { server, sit } = await openOffice(t)
  const desk = await sit()
  server.clock.advance(301_000)
  const { exit, stderr } = await desk.paios([...ADD, '--approve'], { piped })
  assert.deepEqual([exit, stderr.endsWith(' The command is: paios login\n')], [1, true])
  assert.equal((await desk.paios(['passkey', 'codes', '--approve'])).exit, 1)
  assert.deepEqual((await data<{ approvals: Approval[] }>(desk, ['approvals'])).approvals, [])
})
