import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openKeyslots } from './domains/vault/keyslots.ts'
import { openKeys, openRootKey } from './kernel/crypto.ts'
import { systemRandom } from './kernel/ids.ts'
import { PassphraseError, SealedError, readRing, writeRing } from './kernel/ring.ts'
import { temporaryFolder } from './kernel/rig.ts'
import { LockedFolderError, lockFolder } from './kernel/store/lock.ts'
import { describeRootKey, keepRootKey, rotateRootKey } from './root-key.ts'

const USERS = ['ann', 'bob', 'eve']
const PASSPHRASE = 'correct horse battery'

/** A root key, and three users who have keys. */
function made(t: TestContext) {
  const folder = temporaryFolder(t)
  const place = { key_file: join(folder, 'root.key'), data_dir: join(folder, 'data') }
  mkdirSync(place.data_dir)
  const keys = openRootKey(place, systemRandom)
  const path = `${place.key_file}.slots`
  const slots = openKeyslots({ path, keys, random: systemRandom, now: () => '2026-01-01T00:00:00.000Z' })
  const known = USERS.map((user_id) => ({ user_id, ...slots.current(user_id) }))
  const opened = (passphrase?: string) => {
    const ring = openRootKey({ ...place, passphrase }, systemRandom, false)
    const again = openKeyslots({ path, keys: ring, random: systemRandom, now: () => '' })
    return known.map(({ user_id, id }) => again.open(user_id, id))
  }
  return { place, path, keys, kept: known.map(({ key }) => Buffer.from(key)), opened }
}

test('after a rotation the keys of all users are the same, and the old root key opens none of them', (t) => {
  const { place, path, kept, opened } = made(t)
  const old = readRing(place) ?? assert.fail()
  assert.deepEqual(rotateRootKey(place), { resealed: 3 })
  assert.deepEqual(opened(), kept)
  const stale = openKeyslots({ path, keys: openKeys(old, systemRandom), random: systemRandom, now: () => '' })
  assert.throws(() => stale.current('ann'), /sealed by another root key/)
  const now = readRing(place)
  assert.deepEqual([now?.carried, now?.previous], [old.root, undefined])
  assert.notDeepEqual(now?.root, old.root)
})

test('a rotation that died after any of its writes has lost nothing, and the next one ends it', (t) => {
  const { place, path, kept, opened } = made(t)
  const first = readRing(place) ?? assert.fail()
  const slots_before = `${path}.before`
  copyFileSync(path, slots_before)
  const during = { root: Buffer.alloc(32, 5), carried: first.root, previous: first.root }
  // After the first write: the slots are still those of the old key.
  writeRing(place, during, 'file', systemRandom)
  assert.deepEqual(opened(), kept)
  assert.deepEqual(rotateRootKey(place), { resealed: 3 })
  assert.deepEqual(opened(), kept)
  // After the second: the slots are sealed anew, and the old key is still named.
  const second = readRing(place) ?? assert.fail()
  writeRing(place, { ...second, previous: during.root }, 'file', systemRandom)
  assert.deepEqual(opened(), kept)
  assert.deepEqual(rotateRootKey(place), { resealed: 3 })
  assert.deepEqual(opened(), kept)
  assert.equal(readRing(place)?.previous, undefined)
  assert.deepEqual(readRing(place)?.carried, first.root)
})

test('a rotation with one damaged key changes none, and nothing is lost by it', (t) => {
  const { place, path, kept, opened } = made(t)
  const whole = readFileSync(path, 'utf8')
  const file = JSON.parse(whole) as { slots: { wrapped: string }[] }
  const [, second] = file.slots
  if (second !== undefined) second.wrapped = `AAAA${second.wrapped.slice(4)}`
  writeFileSync(path, JSON.stringify(file))
  assert.throws(() => rotateRootKey(place), /was sealed by another root key, or is damaged/)
  writeFileSync(path, whole)
  assert.deepEqual(opened(), kept)
})

test('while a server runs no root key is rotated', (t) => {
  const { place } = made(t)
  const before = readFileSync(place.key_file, 'utf8')
  const unlock = lockFolder(place.data_dir)
  assert.throws(() => rotateRootKey(place), LockedFolderError)
  unlock()
  assert.equal(readFileSync(place.key_file, 'utf8'), before)
})

test('a key sealed by a passphrase is rotated with it, stays sealed, and goes back into a plain file', (t) => {
  const { place, kept, opened } = made(t)
  keepRootKey(place, 'passphrase', PASSPHRASE)
  assert.equal(describeRootKey(place).kind, 'passphrase')
  assert.throws(() => rotateRootKey(place), SealedError)
  assert.throws(() => keepRootKey({ ...place, passphrase: 'another one' }, 'file'), PassphraseError)
  rotateRootKey({ ...place, passphrase: PASSPHRASE })
  assert.deepEqual(opened(PASSPHRASE), kept)
  keepRootKey({ ...place, passphrase: PASSPHRASE }, 'file')
  assert.deepEqual(opened(), kept)
})

test('what comes from the environment is not changed here', (t) => {
  const folder = temporaryFolder(t)
  const root_key = Buffer.alloc(32, 7).toString('base64url')
  const place = { key_file: join(folder, 'root.key'), data_dir: folder, root_key }
  assert.equal(describeRootKey(place).kind, 'environment')
  assert.throws(() => rotateRootKey(place), /can only be changed there/)
  assert.throws(() => keepRootKey(place, 'passphrase', PASSPHRASE), /can only be changed there/)
})
