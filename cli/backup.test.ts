import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { PASSWORD, openClaimed } from '../test/journeys/claimed.ts'
import { EXIT } from './exit.ts'

const PASSPHRASE = 'a long passphrase'

/** A machine whose server was claimed, with a note that was told to it; the server has ended. */
async function open(t: TestContext) {
  const claimed = await openClaimed(t)
  await claimed.done(['ask', 'note: the first thing'])
  return { ...claimed, data_dir: join(claimed.machine.home, 'data') }
}

test('a backup of a running server is restored once it is stopped, and then everybody signs in again', async (t) => {
  const { machine, server, environment, paios, done, data_dir } = await open(t)
  assert.match(await done(['backup']), /^Made \S+-asked, \d+ KB\.\n$/)
  const [name = ''] = readdirSync(join(data_dir, 'backups'))
  assert.match(await done(['backup', 'list']), new RegExp(`^${name}  \\d+ KB  asked  `))
  assert.match(await done(['backup', 'verify']), /can be restored: all of it is whole/)
  assert.match(await done(['doctor']), / {2}ok {2}A server is running\.\n(?:.*\n)*All is well\.\n$/)
  await done(['ask', 'note: the second thing'])
  for (const options of [['--yes'], []]) {
    const refused = await paios(['restore', name, ...options])
    assert.equal(refused.exit, EXIT.failed)
    assert.match(refused.stderr, /^paios: Another PAIOS is running on .*/)
  }
  assert.equal(await server.stop('SIGTERM'), 0)
  assert.match(await done(['restore', name, '--yes']), /To take that back: paios restore \S+-restore\n/)
  const again = await machine.serve(environment)
  assert.equal((await paios(['agents'])).exit, EXIT.not_signed_in)
  await done(['login', '--email', 'ann@example.org', '--password-stdin'], PASSWORD)
  const notes = await done(['ask', 'show my notes'])
  assert.match(notes, /the first thing/)
  assert.doesNotMatch(notes, /the second thing/)
  assert.match(await done(['audit', 'tail', '--limit', '50']), /control {2}control\.restore /)
  assert.equal(await again.stop('SIGTERM'), 0)
})

test('an encrypted file and the root key bring a server back on a machine with nothing else', async (t) => {
  const { machine, server, paios, done, data_dir } = await open(t)
  const file = join(machine.home, 'paios.age')
  const typed = await done(['backup', '--to', file, '--passphrase-stdin'], `${PASSPHRASE}\n`)
  assert.match(typed, /Neither holds the root key, nor the keys of secrets beside it/)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal((await paios(['backup', '--to', file, '--passphrase-stdin'], PASSPHRASE)).exit, EXIT.failed)
  assert.equal((await paios(['backup', '--to', `${file}2`, '--passphrase-stdin'], 'short')).exit, EXIT.usage)
  await server.stop('SIGTERM')
  renameSync(data_dir, `${data_dir}.lost`)
  const bare = await paios(['restore', file])
  assert.equal(bare.exit, EXIT.usage)
  assert.match(bare.stderr, /^paios: There is nobody to ask: give --yes and --passphrase-stdin\./)
  const wrong = await paios(['restore', file, '--yes', '--passphrase-stdin'], 'another passphrase')
  assert.deepEqual([wrong.exit, wrong.stderr], [EXIT.failed, 'paios: The passphrase is wrong.\n'])
  renameSync(join(machine.home, 'root.key'), join(machine.home, 'away.key'))
  const keyless = await paios(['restore', file, '--yes', '--passphrase-stdin'], PASSPHRASE)
  assert.match(keyless.stderr, /key file .* is missing/)
  assert.ok(!existsSync(join(machine.home, 'root.key')))
  renameSync(join(machine.home, 'away.key'), join(machine.home, 'root.key'))
  await done(['restore', file, '--yes', '--passphrase-stdin'], PASSPHRASE)
  const found = await machine.serve()
  await found.stop('SIGTERM')
  assert.match(await done(['backup']), /^Made /)
})

test('nothing is restored without being asked for twice, and what is no backup is refused in a line', async (t) => {
  const { machine, server, paios, data_dir, done } = await open(t)
  await server.stop('SIGTERM')
  await done(['backup'])
  const [name = ''] = readdirSync(join(data_dir, 'backups'))
  const refuses = async (words: string[], exit: number, line: RegExp) => {
    const ended = await paios(words)
    assert.equal(ended.exit, exit, words.join(' '))
    assert.match(ended.stderr, line)
  }
  const nobody = 'paios: There is nobody to ask: give'
  await refuses(['restore', name], EXIT.usage, new RegExp(`^${nobody} --yes\\. Nothing was changed\\.\n$`))
  // What cannot be restored anyway is told before what a script has to give.
  await refuses(['restore', 'nothing'], EXIT.failed, /^paios: There is no backup nothing: .*\n$/)
  await refuses(['restore', 'nothing', '--yes'], EXIT.failed, /^paios: There is no backup nothing: .*\n$/)
  await refuses(['backup', 'verify', 'nothing'], EXIT.failed, /^paios: There is no backup nothing\.\n$/)
  const database = join(data_dir, 'backups', name, 'paios.sqlite')
  const bytes = readFileSync(database)
  bytes[9_000] = (bytes[9_000] ?? 0) ^ 1
  writeFileSync(database, bytes)
  const damaged = await paios(['backup', 'verify'])
  assert.equal(damaged.exit, EXIT.failed)
  assert.match(damaged.stdout, /is damaged:\n {2}paios\.sqlite: it was changed or is damaged\n$/)
  await refuses(
    ['restore', name, '--yes'],
    EXIT.failed,
    /^paios: The backup is damaged: paios\.sqlite: .*\n$/,
  )
  assert.ok(existsSync(join(machine.home, 'data', 'paios.sqlite')))
})
