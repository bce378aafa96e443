import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNotBuilt } from './not-built.ts'

test('of the names that are asked about those without an answer are told, in their order', async () => {
  const found = await findNotBuilt(['voice.process', 'moon.land', 'auth.login', 'a.b'])
  assert.deepEqual(found, ['moon.land', 'a.b'])
  assert.deepEqual(await findNotBuilt([]), [])
})
