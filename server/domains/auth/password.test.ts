import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { seededRandom } from '../../../test/clock.ts'
import type { Keys } from '../../kernel/crypto.ts'
import { openPasswords, passwordIssue } from './password.ts'

const EMAIL = 'alice.doe@example.org'
const GOOD = 'rainy tuesday in lisbon'

const accepted = (password: string): void => assert.equal(passwordIssue(password, EMAIL), undefined, password)
const refused = (password: string, why: RegExp): void =>
  assert.match(passwordIssue(password, EMAIL) ?? 'accepted', why, password)

function openTestPasswords(pepper = 'pepper'): ReturnType<typeof openPasswords> {
  const mac = (purpose: string, text: string): string =>
    createHmac('sha256', `${pepper} ${purpose}`).update(text).digest('base64url')
  return openPasswords(
    { keys: { mac } as unknown as Keys, random: seededRandom(1) },
    { at_once: 2, waiting_max: 8 },
  )
}

test('length counts characters, not bytes: 15 emoji are enough, 14 letters are not', () => {
  accepted('🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆')
  accepted('😀'.repeat(15))
  refused('🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤', /at least 15/)
  refused('tuesday lisbon', /at least 15/)
  accepted('tuesday lisbons')
})

test('characters are counted in their composed form', () => {
  refused('e\u0301'.repeat(14), /at least 15/)
  accepted('zwölf Boxkämpfer'.normalize('NFD'))
})

test('64, 200 and 256 characters are taken, 257 are not', () => {
  const long = Array.from({ length: 60 }, (_, index) => `${index * 37}x`).join(' ')
  for (const length of [64, 200, 256]) accepted(long.slice(0, length))
  refused(long.slice(0, 257), /at most 256/)
})

test('control characters and lone surrogates are refused, joiners of emoji are not', () => {
  refused('rainy tuesday\u0000 lisbon', /control/)
  refused('rainy tuesday\n lisbon', /control/)
  refused('rainy tuesday \ud800 lisbon', /control/)
  accepted('👩‍🚀👨‍🍳👩‍🌾👨‍🎤👩‍🏫')
})

test('common passwords are refused, in disguise and with digits and signs around them too', () => {
  for (const password of [
    'thisismypassword',
    'This Is My Password!',
    'th1s1smyp@ssw0rd',
    '12thisismypassword99',
  ]) {
    refused(password, /guessed first/)
  }
})

test('repetitions and rows of keys are refused', () => {
  for (const password of [
    'aaaaaaaaaaaaaaa',
    'abcabcabcabcabca',
    '121212121212121',
    'hunter2hunter2hunter2',
  ]) {
    refused(password, /again and again/)
  }
  for (const password of [
    'qwertyuiopasdfgh',
    '123456789012345',
    'abcdefghijklmnop',
    '1qaz2wsx3edc4rfv',
    'poiuytrewq0987654321',
  ]) {
    refused(password, /row of keys/)
  }
})

test('a padded word, the owner’s address and the name of the system are refused', () => {
  for (const password of [
    'Password1234567',
    'P@ssw0rd!!!!!!!!',
    'alice.doe@example.org',
    'alice-alice-1234',
    'DoeDoe_paios_12',
    'welcome--paios-12',
  ]) {
    refused(password, /more than|again/)
  }
})

test('phrases that only contain such words are taken', () => {
  for (const password of [
    GOOD,
    'correct horse battery staple',
    'my password has a tail',
    'alice met a lobster',
    '#&;:~^?*+=)(<>/{',
    'qwerty but not only that',
    'paios runs in my cellar',
  ]) {
    accepted(password)
  }
})

test('a hash verifies its own password alone, whatever its Unicode form, and two hashes differ', async () => {
  const passwords = openTestPasswords()
  const password = 'zwölf Boxkämpfer jagen'
  const hash = await passwords.hash(password.normalize('NFD'), EMAIL)
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal(await passwords.verify(password, hash), true)
  assert.equal(await passwords.verify(`${password} `, hash), false)
  assert.notEqual(await passwords.hash(password, EMAIL), hash)
  assert.equal(await openTestPasswords('another root key').verify(password, hash), false)
})

test('without a hash the answer is no, and a weak password is never hashed', async () => {
  const passwords = openTestPasswords()
  assert.equal(await passwords.verify(GOOD, undefined), false)
  await assert.rejects(passwords.hash('short', EMAIL), {
    code: 'GENERAL_001',
    details: { issues: [{ path: '/password', message: 'must have at least 15 characters' }] },
  })
})
