import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openTestApp } from '../../test/app.ts'
import { Fault } from '../kernel/fault.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { ControlError, askControl, controlPath, openControl } from './control.ts'
import type { Command } from './control.ts'
import { openRig } from './http/rig.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-'))
const path = controlPath(folder)
const rig = await openRig()
const { kernel } = rig
after(async () => {
  await rig.close()
  rmSync(folder, { recursive: true })
})

const handlers: Record<string, Command> = {
  echo: (input) => Promise.resolve(input),
  nothing: () => Promise.resolve(undefined),
  refuse: () => Promise.reject(new Fault('VALIDATION_ERROR', 'That will not do.', { why: 1 })),
  fail: () => Promise.reject(new Error('inside')),
}

async function refuses(message: RegExp, asking: Promise<unknown>, code?: string): Promise<void> {
  await assert.rejects(asking, (error: unknown) => {
    assert.ok(error instanceof ControlError)
    assert.match(error.message, message)
    assert.equal(error.refusal?.code, code)
    return true
  })
}

test('without a server the asker is told so, and nobody is left waiting', async () => {
  await refuses(/^No server is running at .*control\.sock/, askControl(path, 'echo', {}))
  writeFileSync(path, '')
  await refuses(/No server is running/, askControl(path, 'echo', {}))
})

test('a command is answered, refused or failed, and only its own user can reach it', async () => {
  const control = await openControl({ path, handlers, kernel })
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(await askControl(path, 'echo', { a: [1, 'ä'] }), { a: [1, 'ä'] })
  assert.deepEqual(await askControl(path, 'nothing', undefined), {})
  await refuses(/That will not do/, askControl(path, 'refuse', {}), 'GENERAL_001')
  await refuses(/went wrong inside/, askControl(path, 'fail', {}), 'GENERAL_003')
  for (const name of ['none', 'toString', '__proto__', '']) {
    await refuses(/no such command/, askControl(path, name, {}), 'GENERAL_001')
  }
  await refuses(/must be a JSON object/, askControl(path, 'echo', [1]), 'GENERAL_001')
  await refuses(/larger than 65536 bytes/, askControl(path, 'echo', { a: 'a'.repeat(70_000) }), 'GENERAL_001')
  await control.close()
  await refuses(/No server is running/, askControl(path, 'echo', {}))
})

test('every command has its audit line', async () => {
  const control = await openControl({ path, handlers, kernel })
  await askControl(path, 'echo', { secret: 'hush' })
  await askControl(path, 'none', {}).catch(() => {})
  await control.close()
  await kernel.audit.flush()
  await kernel.audit.flush()
  const lines = kernel.store.reader.connection.all('SELECT * FROM audit ORDER BY seq DESC LIMIT 2', [])
  assert.deepEqual(
    lines.map(({ transport, operation, status }) => [transport, operation, status]),
    [
      ['control', 'unknown', 404],
      ['control', 'control.echo', 200],
    ],
  )
  assert.doesNotMatch(JSON.stringify(lines), /hush/)
})

/** What the audit says of the newest commands, newest first. */
function newest(limit: number, audit: Pick<Kernel['audit'], 'lines'> = kernel.audit) {
  const lines = audit.lines(undefined, limit).toReversed()
  return lines.map(({ operation, target, status, outcome }) => [operation, target, status, outcome])
}

test('a command that changes the database is audited in that transaction, with what it changed', async (t) => {
  const server = await openTestApp()
  t.after(() => server.remove())
  await server.claim()
  const { auth, kernel: own } = server.app
  const email = 'carl@example.org'
  const control = await openControl({
    path,
    kernel: own,
    handlers: {
      add: async (_input, audit) => ({ user: await auth.addUser(email, 'a quiet lake at dawn', audit) }),
      recover: (_input, audit) => auth.recover(email, audit),
      rotate: (_input, audit) => auth.rotateSigning(audit),
    },
  })
  const { user } = (await askControl(path, 'add', {})) as { user: { id: string } }
  await askControl(path, 'recover', {})
  const { kid } = (await askControl(path, 'rotate', {})) as { kid: string }
  await refuses(/already has an account/, askControl(path, 'add', {}), 'GENERAL_001')
  await control.close()
  assert.deepEqual(newest(4, own.audit), [
    ['control.add', null, 409, 'GENERAL_001'],
    ['control.rotate', kid, 200, 'ok'],
    ['control.recover', user.id, 200, 'ok'],
    ['control.add', user.id, 200, 'ok'],
  ])
})

test('a command whose transaction is rolled back has a line that says so, and no other', async () => {
  const half: Command = (_input, audit) =>
    kernel.store.write((tx) => {
      audit(tx, 'half')
      return Promise.reject(new Fault('VALIDATION_ERROR', 'No.'))
    })
  const control = await openControl({ path, handlers: { echo: handlers['echo'] ?? half, half }, kernel })
  await askControl(path, 'echo', {})
  await refuses(/No\./, askControl(path, 'half', {}), 'GENERAL_001')
  await control.close()
  assert.deepEqual(newest(2), [
    ['control.half', null, 400, 'GENERAL_001'],
    ['control.echo', null, 200, 'ok'],
  ])
})

test('a command is in the audit before it is answered', async () => {
  const control = await openControl({ path, handlers, kernel })
  await askControl(path, 'nothing', {})
  assert.deepEqual(newest(1), [['control.nothing', null, 200, 'ok']])
  await control.close()
})

test('a socket that a dead server left is replaced, that of a living one is not', async () => {
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', program])
  assert.ok(statSync(path).isSocket())
  const control = await openControl({ path, handlers, kernel })
  await refuses(/Another server takes commands/, openControl({ path, handlers, kernel }))
  assert.deepEqual(await askControl(path, 'echo', {}), {})
  await control.close()
})

test('a path that no socket can have is refused with the reason', async () => {
  await refuses(/too long for a socket/, openControl({ path: `/${'a'.repeat(120)}`, handlers, kernel }))
})
