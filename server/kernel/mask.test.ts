import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskSecrets } from './mask.ts'

test('what stands under the name of a secret is masked at any depth, and the rest is untouched', () => {
  const given = {
    text: 'my password is in here',
    Password: 'a',
    access_token: 'b',
    list: [{ API_KEY: 'c', keys: ['d'] }, null, 1, true],
    secret: { inner: 'e' },
    key: 'f',
  }
  assert.deepEqual(maskSecrets(given), {
    text: 'my password is in here',
    Password: '[redacted]',
    access_token: '[redacted]',
    list: [{ API_KEY: '[redacted]', keys: ['d'] }, null, 1, true],
    secret: '[redacted]',
    key: 'f',
  })
  assert.equal(given.Password, 'a')
})

test('a secret in the query of an address is masked, and the rest of the address is not', () => {
  const given = {
    url: 'https://a.example/x?page=2&api_key=abc%20d&my-Token=e#top',
    text: 'see http://b/?access_token=f, or g',
  }
  assert.deepEqual(maskSecrets(given), {
    url: 'https://a.example/x?page=2&api_key=[redacted]&my-Token=[redacted]#top',
    text: 'see http://b/?access_token=[redacted] or g',
  })
})

test('what is empty and what only refers to a secret is shown', () => {
  const given = { password: '', token: null, api_keys: {}, credential_id: 'x', token_id: 'y' }
  assert.deepEqual(maskSecrets(given), given)
})

test('keys that mean something to the engine are only keys', () => {
  const given = JSON.parse('{"__proto__": {"token": "a"}, "constructor": 1}') as Record<string, unknown>
  const shown = maskSecrets(given)
  assert.deepEqual(Object.keys(shown), ['__proto__', 'constructor'])
  assert.equal(JSON.stringify(shown).includes('"a"'), false)
})

test('what is nested too deep to be looked through is masked, too', () => {
  let deep: unknown = { token: 'a' }
  for (let depth = 0; depth < 40; depth += 1) deep = [deep]
  assert.equal(JSON.stringify(maskSecrets(deep)).includes('"a"'), false)
})
