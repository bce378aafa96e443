import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signingKey } from './signing-key.ts'

test('what follows the prefix is base64, and anything else is the key itself', () => {
  const bytes = Buffer.from('0123456789abcdef')
  assert.deepEqual(signingKey(`whsec_${bytes.toString('base64')}`), bytes)
  assert.deepEqual(signingKey('0123456789abcdef'), bytes)
  assert.deepEqual(signingKey("It's a Secret to Everybody"), Buffer.from("It's a Secret to Everybody"))
})

test('a key of less than 16 bytes is none', () => {
  for (const secret of ['', '0123456789abcde', 'whsec_', `whsec_${Buffer.alloc(15).toString('base64')}`])
    assert.equal(signingKey(secret), undefined, secret)
})
