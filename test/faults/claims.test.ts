import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { accountsIn, openClaims, readClaims } from './claims.ts'
import type { Claim } from './claims.ts'

const ann = { is: 'account', user_id: 'u1', email: 'ann@example.org', token: 'old', signed_in_at: 1 } as const
const bob = { ...ann, user_id: 'u2', email: 'bob@example.org' } as const

test('claims are read as they were made, without a line in which a process was killed', () => {
  const root = mkdtempSync(join(tmpdir(), 'paios-claims-'))
  assert.deepEqual(readClaims(root), [])
  const made: Claim[] = [ann, { is: 'item', user_id: 'u1', text: 'ä\n"', done: false }]
  const claim = openClaims(root)
  for (const each of made) claim(each)
  appendFileSync(join(root, 'claims'), '{"is":"zone","user')
  assert.deepEqual(readClaims(root), made)
  openClaims(root)(bob)
  assert.deepEqual(readClaims(root), [...made, bob])
  rmSync(root, { recursive: true })
})

test('of several sign-ins of a user the newest counts', () => {
  const again = { ...ann, token: 'new', signed_in_at: 2 }
  assert.deepEqual(accountsIn([ann, bob, again]), [again, bob])
})
