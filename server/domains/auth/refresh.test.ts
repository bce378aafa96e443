import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ABSOLUTE_MS, IDLE_MS, judge } from './refresh.ts'
import type { FoundToken } from './store.ts'

const START = Date.parse('2026-05-04T10:00:00.000Z')
const iso = (time: number): string => new Date(time).toISOString()

/** A token of a session that has been through three exchanges, the last one at START. */
function token(token_generation: number, session: Partial<FoundToken> = {}): FoundToken {
  return {
    token_generation,
    id: 's',
    user_id: 'u',
    version: 1,
    generation: 3,
    password_at: null,
    code_at: null,
    may_enrol: 0,
    user_agent: '',
    ip: '',
    created_at: iso(START - 3_600_000),
    last_used_at: iso(START),
    ended_at: null,
    ...session,
  }
}

test('the current token is exchanged, its parent is honoured for 10 s, any other known one was reused', () => {
  assert.equal(judge(token(3), START + 3_600_000), 'exchange')
  assert.equal(judge(token(2), START + 10_000), 'repeat')
  assert.equal(judge(token(2), START + 10_001), 'reused')
  assert.equal(judge(token(1), START), 'reused')
  assert.equal(judge(undefined, START), 'unknown')
})

test('a clock that steps back a little ends no session, and one that is set back stretches no grace', () => {
  assert.equal(judge(token(2), START - 50), 'repeat')
  assert.equal(judge(token(2), START - 3_600_000), 'reused')
  assert.equal(judge(token(3), START - 3_600_000), 'exchange')
})

test('a session expires 30 days after its last use and 90 days after its beginning', () => {
  assert.equal(judge(token(3), START + IDLE_MS - 1), 'exchange')
  assert.equal(judge(token(3), START + IDLE_MS), 'expired')
  const created_at = iso(START - ABSOLUTE_MS)
  assert.equal(judge(token(3, { created_at }), START - 1), 'exchange')
  assert.equal(judge(token(3, { created_at }), START), 'expired')
})

test('an ended session is over for all of its tokens', () => {
  const ended_at = iso(START)
  for (const generation of [1, 2, 3]) assert.equal(judge(token(generation, { ended_at }), START), 'ended')
})
