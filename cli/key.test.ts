import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openClaimed } from '../test/journeys/claimed.ts'
import type { Served } from '../test/journeys/process.ts'
import { EXIT } from './exit.ts'

const PASSPHRASE = 'a long passphrase'

async function open(t: TestContext) {
  const claimed = await openClaimed(t)
  return { ...claimed, key_file: join(claimed.machine.home, 'root.key') }
}

const health = async (url: string) => {
  const answer = await fetch(`${url}/api/system/health`)
  return { status: answer.status, retry: answer.headers.get('retry-after'), body: await answer.text() }
}

test('a sealed server says so to everyone, opens with its passphrase, and is sealed again without a restart', async (t) => {
  const { server, machine, environment, paios, done } = await open(t)
  await done(['ask', 'note: the first thing'])
  assert.match((await paios(['key', 'seal'])).stderr, /No passphrase seals the root key/)
  await done(['key', 'passphrase', '--passphrase-stdin'], PASSPHRASE)
  assert.match(await done(['ask', 'show my notes']), /the first thing/)
  const sealed = prints(server, /PAIOS is sealed at/)
  assert.match(await done(['key', 'seal']), /The server is sealed/)
  await sealed
  await isSealed(server.url)
  const refused = await paios(['ask', 'show my notes'])
  assert.equal(refused.exit, EXIT.failed)
  assert.match(refused.stderr, /sealed until its passphrase is given/)
  assert.match(
    (await paios(['key', 'unseal', '--passphrase-stdin'], 'another passphrase')).stderr,
    /not the passphrase/,
  )
  await isSealed(server.url)
  const ready = prints(server, /PAIOS is ready at/)
  await done(['key', 'unseal', '--passphrase-stdin'], PASSPHRASE)
  await ready
  assert.match(await done(['ask', 'show my notes']), /the first thing/)
  assert.equal(await server.stop('SIGTERM'), 0)
  const again = await machine.serve(environment)
  assert.match(again.printed, /^PAIOS is sealed at /)
  await isSealed(again.url)
  assert.equal(await again.stop('SIGTERM'), 0)
})

test('a root key is sealed, rotated and put back into a file; secrets and sign-ins stay', async (t) => {
  const { server, machine, environment, paios, done, key_file } = await open(t)
  assert.match(await done(['key']), /only you can read/)
  await done(['backup'])
  assert.equal(await server.stop('SIGTERM'), 0)
  const before = readFileSync(key_file, 'utf8')
  assert.match(
    (await paios(['key', 'passphrase', '--passphrase-stdin'], 'short')).stderr,
    /at least 12 characters/,
  )
  assert.equal(readFileSync(key_file, 'utf8'), before)
  await done(['key', 'passphrase', '--passphrase-stdin'], PASSPHRASE)
  assert.equal(readFileSync(key_file, 'utf8').includes(before.trim()), false)
  assert.equal(statSync(key_file).mode & 0o777, 0o600)
  assert.equal((await paios(['key', 'rotate', '--passphrase-stdin'], 'another passphrase')).exit, EXIT.failed)
  assert.match(await done(['key', 'rotate', '--passphrase-stdin'], PASSPHRASE), /another root key/)
  const looks: [argv: string[], said: RegExp][] = [
    [['audit', 'verify'], /^The audit holds/],
    [['audit', 'tail', '--limit', '1'], /^\d+ /],
    [['changes', 'verify'], /^The changes hold/],
    [['backup', 'verify'], /can be restored/],
  ]
  for (const [argv, said] of looks) {
    assert.match(
      (await paios(argv)).stderr,
      /there is nobody to ask: give --passphrase-stdin/,
      argv.join(' '),
    )
    const wrong = await paios([...argv, '--passphrase-stdin'], 'another passphrase')
    assert.deepEqual([wrong.exit, /passphrase/.test(wrong.stderr)], [EXIT.failed, true], argv.join(' '))
    assert.match(await done([...argv, '--passphrase-stdin'], PASSPHRASE), said, argv.join(' '))
  }
  await done(['key', 'file', '--passphrase-stdin'], PASSPHRASE)
  assert.match(await done(['audit', 'verify']), /holds/)
  const again = await machine.serve(environment)
  assert.match(await done(['agents']), /Notes/)
  assert.equal(await again.stop('SIGTERM'), 0)
})

/** Waits until the server prints this. */
function prints({ process }: Served, line: RegExp): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  process.stdout?.on('data', (text: string) => line.test(text) && resolve(undefined))
  return promise
}

async function isSealed(url: string): Promise<void> {
  const { status, retry, body } = await health(url)
  assert.deepEqual([status, retry], [503, '10'])
  assert.match(body, /"code":"GENERAL_004".*"reason":"sealed"/)
}
