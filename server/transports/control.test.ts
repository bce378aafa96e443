import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '../kernel/fault.ts'
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
