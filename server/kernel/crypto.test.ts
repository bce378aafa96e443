import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { seededRandom } from '../../test/clock.ts'
import { digest, openRootKey } from './crypto.ts'
import { KeyFileError } from './ring.ts'
import { systemRandom } from './ids.ts'
import { temporaryFolder } from './rig.ts'

function open(t: TestContext, seed = 1) {
  const path = join(temporaryFolder(t), 'config', 'root.key')
  return { path, keys: openRootKey({ key_file: path }, seededRandom(seed)) }
}

test('the first start makes a key of 32 random bytes that only its user can read', (t) => {
  const { path } = open(t)
  const text = readFileSync(path, 'utf8')
  assert.match(text, /^[\w-]{43}\n$/)
  assert.deepEqual(Buffer.from(text, 'base64url'), Buffer.from(seededRandom(1)(32)))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700)
})

test('a later start finds the same key', (t) => {
  const { path, keys } = open(t)
  const again = openRootKey({ key_file: path }, () => assert.fail('it made another'))
  assert.deepEqual(again.derive('audit'), keys.derive('audit'))
})

test('of two servers that start at once on no key both use the same', (t) => {
  const path = join(temporaryFolder(t), 'root.key')
  let other: ReturnType<typeof openRootKey> | undefined
  const keys = openRootKey({ key_file: path }, (size) => {
    // The other one makes its key while this one is about to.
    other = openRootKey({ key_file: path }, seededRandom(2))
    return seededRandom(1)(size)
  })
  assert.deepEqual(keys.derive('audit'), other?.derive('audit'))
  assert.deepEqual(openRootKey({ key_file: path }, systemRandom).derive('audit'), keys.derive('audit'))
})

test('a key file that is wrong is refused with the reason, and left as it is', (t) => {
  const folder = temporaryFolder(t)
  const whole = Buffer.alloc(32, 7).toString('base64url')
  const wrong: [string, string, number, RegExp][] = [
    ['empty', '', 0o600, /32 bytes/],
    ['short', whole.slice(0, 40), 0o600, /32 bytes/],
    ['long', `${whole}AAAA`, 0o600, /32 bytes/],
    ['two', `${whole}\n${whole}`, 0o600, /32 bytes/],
    ['group', whole, 0o640, /chmod 600/],
    ['others', whole, 0o604, /chmod 600/],
    ['writable', whole, 0o602, /chmod 600/],
  ]
  for (const [name, text, mode, message] of wrong) {
    const path = join(folder, name)
    writeFileSync(path, text)
    chmodSync(path, mode)
    assert.throws(
      () => openRootKey({ key_file: path }, systemRandom),
      (error) => error instanceof KeyFileError && message.test(error.message) && error.message.includes(path),
      name,
    )
    assert.equal(readFileSync(path, 'utf8'), text)
  }
  writeFileSync(join(folder, 'file'), '')
  assert.throws(() => openRootKey({ key_file: join(folder, 'file', 'root.key') }, systemRandom), KeyFileError)
})

test('a key file in the place of a folder, or the other way round, is no key', (t) => {
  const path = join(temporaryFolder(t), 'root.key')
  mkdirSync(path, { mode: 0o700 })
  assert.throws(() => openRootKey({ key_file: path }, systemRandom), /EISDIR/)
})

test('each purpose has a key of its own, as RFC 5869 derives it', (t) => {
  const { keys } = open(t)
  const root = Buffer.from(seededRandom(1)(32))
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(root).digest()
  const purposes = [
    'audit',
    'challenge',
    'token-hash',
    'password-pepper',
    'signing-key-wrap',
    'cursor',
  ] as const
  for (const purpose of purposes) {
    const expanded = createHmac('sha256', extracted).update(`paios ${purpose}\u0001`).digest()
    assert.deepEqual(keys.derive(purpose), expanded)
    assert.equal(
      keys.mac(purpose, 'naïve'),
      createHmac('sha256', expanded).update('naïve').digest('base64url'),
    )
  }
  assert.notDeepEqual(keys.derive('audit'), open(t, 2).keys.derive('audit'))
})

test('what was wrapped comes back, and is another text each time', (t) => {
  const { keys } = open(t)
  for (const secret of [Buffer.alloc(0), Buffer.from('naïve 😀'), Buffer.alloc(70_000, 1)]) {
    const wrapped = keys.wrap('signing-key-wrap', secret, 'key 1')
    assert.equal(Buffer.from(wrapped, 'base64url').length, secret.length + 28)
    assert.deepEqual(keys.unwrap('signing-key-wrap', wrapped, 'key 1'), secret)
    assert.notEqual(keys.wrap('signing-key-wrap', secret, 'key 1'), wrapped)
  }
})

test('what was wrapped for something else, under another key or changed in any byte is refused', (t) => {
  const { keys } = open(t)
  const wrapped = keys.wrap('evidence', Buffer.from('secret'), 'row 1')
  assert.throws(() => keys.unwrap('approval', wrapped, 'row 1'))
  assert.throws(() => keys.unwrap('evidence', wrapped, 'row 2'))
  assert.throws(() => open(t, 2).keys.unwrap('evidence', wrapped, 'row 1'))
  const bytes = Buffer.from(wrapped, 'base64url')
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Buffer.from(bytes)
    changed[index] = (bytes[index] ?? 0) ^ 1
    assert.throws(() => keys.unwrap('evidence', changed.toString('base64url'), 'row 1'), `byte ${index}`)
    assert.throws(
      () => keys.unwrap('evidence', bytes.subarray(0, index).toString('base64url'), 'row 1'),
      `cut to ${index}`,
    )
  }
})

test('a digest is SHA-256 of the UTF-8 text', () => {
  assert.equal(digest(''), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
  assert.equal(digest('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  assert.notEqual(digest('é'), digest('e\u0301'))
})
