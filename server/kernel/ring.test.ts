import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { seededRandom } from '../../test/clock.ts'
import { openKeys, openRootKey } from './crypto.ts'
import { systemRandom } from './ids.ts'
import type { Keychain } from './keychain.ts'
import { KeyFileError, PassphraseError, SealedError, kindOf, readRing, writeRing } from './ring.ts'
import type { KeyPlace } from './ring.ts'
import { temporaryFolder } from './rig.ts'

const PASSPHRASE = 'correct horse battery'

function made(t: TestContext) {
  const key_file = join(temporaryFolder(t), 'root.key')
  const keys = openRootKey({ key_file }, seededRandom(1))
  return { key_file, keys, root: Buffer.from(seededRandom(1)(32)) }
}

test('a key that a passphrase seals opens with it to the same key, and with nothing else', (t) => {
  const { key_file, root } = made(t)
  writeRing({ key_file, passphrase: PASSPHRASE }, { root }, 'passphrase', systemRandom)
  assert.equal(kindOf({ key_file }), 'passphrase')
  assert.equal(readFileSync(key_file, 'utf8').includes(root.toString('base64url')), false)
  assert.deepEqual(readRing({ key_file, passphrase: PASSPHRASE }), { root })
  assert.throws(() => readRing({ key_file }), SealedError)
  for (const passphrase of ['', `${PASSPHRASE} `, PASSPHRASE.toUpperCase()])
    assert.throws(() => readRing({ key_file, passphrase }), PassphraseError)
})

test('a passphrase is the same however a keyboard composes its letters', (t) => {
  const { key_file, root } = made(t)
  writeRing({ key_file, passphrase: 'Gr\u00fc\u00dfe vom M\u00fcller' }, { root }, 'passphrase', systemRandom)
  assert.deepEqual(readRing({ key_file, passphrase: 'Gru\u0308\u00dfe vom Mu\u0308ller' }), { root })
})

test('each byte of a sealed file counts: a changed one opens nothing', (t) => {
  const { key_file, root } = made(t)
  writeRing({ key_file, passphrase: PASSPHRASE }, { root }, 'passphrase', systemRandom)
  const whole = JSON.parse(readFileSync(key_file, 'utf8')) as Record<string, string | number>
  const changed: Record<string, unknown>[] = [
    { ...whole, passes: 2 },
    { ...whole, salt: 'AAAAAAAAAAAAAAAAAAAAAA' },
    { ...whole, device: 'A'.repeat(43) },
    { ...whole, sealed: String(whole['sealed']).slice(0, -6) },
    { ...whole, sealed: `A${String(whole['sealed']).slice(1)}` },
    { ...whole, sealed: '' },
  ]
  for (const one of changed) {
    writeFileSync(key_file, JSON.stringify(one))
    assert.throws(() => readRing({ key_file, passphrase: PASSPHRASE }), PassphraseError)
  }
})

test('a file that asks for a whole machine of memory, or is of another kind, is refused before any work', (t) => {
  const { key_file, root } = made(t)
  writeRing({ key_file, passphrase: PASSPHRASE }, { root }, 'passphrase', systemRandom)
  const whole = JSON.parse(readFileSync(key_file, 'utf8')) as object
  const wrong = [
    { ...whole, memory: 2_097_152 },
    { ...whole, memory: 8 },
    { ...whole, passes: 100 },
    { ...whole, parallelism: 64 },
    { ...whole, salt: 'AAAA' },
    { ...whole, kind: 'constructor' },
    { format: 2, kind: 'file', root: root.toString('base64url') },
    { format: 1, kind: 'file' },
    {},
  ]
  for (const one of [...wrong.map((given) => JSON.stringify(given)), '{', '{"format":1']) {
    writeFileSync(key_file, one)
    assert.throws(() => readRing({ key_file, passphrase: PASSPHRASE }), /is damaged, or is no root key/)
  }
})

test('a key of the environment needs no file, and none beside it', (t) => {
  const { key_file, root } = made(t)
  const root_key = Buffer.alloc(32, 9).toString('base64url')
  const elsewhere: KeyPlace = { key_file: `${key_file}.none`, root_key: `${root_key}\n` }
  assert.deepEqual(readRing(elsewhere), { root: Buffer.alloc(32, 9) })
  assert.throws(() => readRing({ key_file, root_key }), /There is a root key in the environment and another/)
  assert.throws(() => readRing({ ...elsewhere, root_key: 'short' }), /environment does not hold a key of 32/)
  assert.throws(() => writeRing(elsewhere, { root }, 'file', systemRandom), KeyFileError)
})

test('a keychain holds the key alone: the file names its place, and going back takes it out', (t) => {
  const { key_file, root } = made(t)
  const kept = new Map<string, string>()
  const chain: Keychain = {
    get: (account) => kept.get(account),
    set: (account, secret) => void kept.set(account, secret),
    remove: (account) => void kept.delete(account),
  }
  const place = { key_file, keychain: () => chain }
  writeRing(place, { root }, 'keychain', systemRandom)
  assert.equal(readFileSync(key_file, 'utf8').includes(root.toString('base64url')), false)
  assert.deepEqual(readRing(place), { root })
  writeRing(place, { root, carried: Buffer.alloc(32, 1) }, 'keychain', systemRandom)
  assert.equal(kept.size, 1)
  assert.deepEqual(readRing(place), { root, carried: Buffer.alloc(32, 1) })
  writeRing(place, { root }, 'file', systemRandom)
  assert.deepEqual([kept.size, readRing({ key_file })], [0, { root }])
})

test('a keychain that has forgotten the key says so, and makes no other', (t) => {
  const { key_file, root } = made(t)
  const empty: Keychain = { get: () => undefined, set: () => {}, remove: () => {} }
  writeRing({ key_file, keychain: () => empty }, { root }, 'keychain', systemRandom)
  const before = readFileSync(key_file, 'utf8')
  assert.throws(() => openRootKey({ key_file, keychain: () => empty }, systemRandom), /has no root key root-/)
  assert.equal(readFileSync(key_file, 'utf8'), before)
})

test('a file that others can read is refused, whatever it holds', (t) => {
  const { key_file, root } = made(t)
  writeRing({ key_file, passphrase: PASSPHRASE }, { root }, 'passphrase', systemRandom)
  chmodSync(key_file, 0o644)
  assert.throws(() => readRing({ key_file, passphrase: PASSPHRASE }), /chmod 600/)
  assert.throws(() => kindOf({ key_file }), /chmod 600/)
})

test('with another root key the keys of users open by the one before until they are sealed anew, and all else stays', () => {
  const [old, root] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const before = openKeys({ root: old }, systemRandom)
  const during = openKeys({ root, carried: old, previous: old }, systemRandom)
  const after = openKeys({ root, carried: old }, systemRandom)
  const wrapped = before.wrap('vault-key-wrap', Buffer.from('kek'), 'slot')
  assert.equal(during.unwrap('vault-key-wrap', wrapped, 'slot').toString(), 'kek')
  assert.throws(() => after.unwrap('vault-key-wrap', wrapped, 'slot'))
  const anew = during.wrap('vault-key-wrap', Buffer.from('kek'), 'slot')
  assert.equal(after.unwrap('vault-key-wrap', anew, 'slot').toString(), 'kek')
  assert.throws(() => before.unwrap('vault-key-wrap', anew, 'slot'))
  assert.deepEqual(after.derive('password-pepper'), before.derive('password-pepper'))
  assert.notDeepEqual(after.derive('vault-key-wrap'), before.derive('vault-key-wrap'))
})

test('erased keys are zeroes in memory, and derive, seal and open nothing any more', () => {
  const ring = { root: Buffer.alloc(32, 3), carried: Buffer.alloc(32, 4) }
  const keys = openKeys(ring, systemRandom)
  const audit = keys.derive('audit')
  const wrapped = keys.wrap('vault', Buffer.from('x'), 'y')
  keys.erase()
  assert.throws(() => keys.derive('backup'), /erased/)
  assert.throws(() => keys.mac('audit', 'x'), /erased/)
  assert.throws(() => keys.unwrap('vault', wrapped, 'y'), /erased/)
  assert.deepEqual([audit, ring.root, ring.carried], [Buffer.alloc(32), Buffer.alloc(32), Buffer.alloc(32)])
})

test('no key is sealed by an empty passphrase', (t) => {
  const { key_file, root } = made(t)
  for (const passphrase of [undefined, ''])
    assert.throws(() => writeRing({ key_file, passphrase }, { root }, 'passphrase', systemRandom), /is none/)
  assert.equal(kindOf({ key_file }), 'file')
})
