import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { EXIT, Stop } from './exit.ts'
import { keyFile } from './keys.ts'
import type { OwnKey } from './keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-keys-'))
const path = join(folder, 'deep', 'cli-passkeys.json')
after(() => rmSync(folder, { recursive: true }))
beforeEach(() => rmSync(path, { force: true }))

const HERE = 'http://localhost:3001'
const key = (credential_id: string, origin = HERE): OwnKey => ({
  credential_id,
  private_key: 'secret',
  origin,
  user_id: 'u',
  email: 'ann@example.org',
})
const here = keyFile(path, HERE)
const there = keyFile(path, 'https://paios.example')
const ids = (keys: readonly OwnKey[]) => keys.map(({ credential_id }) => credential_id)

test('each page has its own passkeys, oldest first, in a file that nobody else can read', () => {
  assert.deepEqual(here.load(), [])
  here.add(key('a'))
  there.add(key('b', 'https://paios.example'))
  here.add(key('c'))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(statSync(join(folder, 'deep')).mode & 0o777, 0o700)
  assert.deepEqual([ids(here.load()), ids(there.load())], [['a', 'c'], ['b']])
  assert.deepEqual(here.load()[0], key('a'))
  here.remove('a')
  here.remove('nobody')
  assert.deepEqual([ids(here.load()), ids(there.load())], [['c'], ['b']])
})

test('a file that others can read is refused whatever is wanted of it, and stays as it is', () => {
  here.add(key('a'))
  const before = readFileSync(path, 'utf8')
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    const expected = new Stop(EXIT.failed, `Others can read ${path}. Close it with: chmod 600 ${path}`)
    for (const refused of [() => here.load(), () => here.add(key('b')), () => here.remove('a')])
      assert.throws(refused, expected)
  }
  assert.equal(readFileSync(path, 'utf8'), before)
})

test('a file of another form is refused, never overwritten: it may hold the only copy of a passkey', () => {
  const { private_key: _, ...half } = key('a')
  for (const text of [
    '',
    '{',
    '{}',
    '[]',
    'null',
    '{"passkeys":[{}]}',
    JSON.stringify({ passkeys: [half] }),
  ]) {
    writeFileSync(path, text, { mode: 0o600 })
    assert.throws(() => here.add(key('b')), /is not readable\. It holds passkeys: bring back a copy/, text)
    assert.equal(readFileSync(path, 'utf8'), text)
  }
})

test('a hundred passkeys are enough for one machine', () => {
  const passkeys = Array.from({ length: 100 }, (_, index) => key(String(index)))
  writeFileSync(path, JSON.stringify({ passkeys }), { mode: 0o600 })
  assert.throws(() => here.add(key('one more')), /holds 100 passkeys already/)
  here.remove('0')
  here.add(key('one more'))
  assert.equal(here.load().length, 100)
})
