import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditedCall, CallFilter, Capabilities, SecurityFacts } from '../capabilities.ts'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { guardian } from './index.ts'

/** Monday after the clocks changed in Berlin, at noon. */
const NOW = Temporal.Instant.from('2026-03-30T12:00:00+02:00').epochMilliseconds

const call = (time: string, operation: string, outcome = 'ok', ip = '10.0.0.1'): AuditedCall => ({
  seq: 1,
  time,
  operation,
  transport: 'http',
  target: null,
  status: outcome === 'ok' ? 200 : 403,
  outcome,
  ip,
  duration_ms: 2,
})
const facts: SecurityFacts = {
  passkeys: 2,
  software_passkeys: 0,
  backup_codes_left: 10,
  sessions: 1,
  wants_passkey: true,
  failed_calls: 0,
  refused_proofs: 0,
  limited_calls: 0,
  calls_complete: true,
  agents_remote: 0,
  exposed: false,
}

const said = async (world: World) => (await open(world).tell('audit_query')).text

interface World {
  calls?: AuditedCall[]
  complete?: boolean
  found?: { ok: boolean; problems: string[]; lines: number }
  facts?: Partial<SecurityFacts>
}

function open(
  { calls = [], complete = true, found, facts: changed }: World = {},
  time_zone = 'Europe/Berlin',
) {
  const asked: CallFilter[] = []
  const guard: Capabilities['guard'] = {
    calls: async (filter) => {
      asked.push(filter)
      return { calls, complete }
    },
    integrity: async () => ({ ok: true, problems: [], lines: 0, checked_ms: 1, ...found }),
    security: async () => ({ ...facts, ...changed }),
  }
  const can = openInMemory(NOW, time_zone, { guard })
  const tell = (name: string, parameters: object = {}) => ask(guardian, name, can, parameters)
  return { tell, asked }
}

test('a day that was said counts whole on the clock of the user, also one of 23 hours', async () => {
  const { tell, asked } = open()
  await tell('audit_query', { since: '2026-03-29', until: '2026-03-29' })
  await tell('audit_query', { since: '2026-03-30T11:00:00+02:00', failed: true, operation: 'agents.list' })
  await tell('audit_query', { since: '2026-03-30T11:00', outcome: 'AUTH_002', limit: 3 })
  const limit = 500
  assert.deepEqual(asked, [
    { since: '2026-03-28T23:00:00.000Z', until: '2026-03-29T22:00:00.000Z', limit },
    { since: '2026-03-30T09:00:00.000Z', failed: true, operation: 'agents.list', limit },
    { since: '2026-03-30T09:00:00.000Z', outcome: 'AUTH_002', limit },
  ])
})

test('a time that is none, an end before its beginning, and more than 500 calls are refused', async () => {
  const { tell, asked } = open()
  await assert.rejects(tell('audit_query', { since: 'the other day' }), ActionError)
  await assert.rejects(tell('audit_query', { since: '2026-03-30', until: '2026-03-29' }), ActionError)
  await assert.rejects(tell('audit_query', { limit: 501 }), TypeError)
  await assert.rejects(tell('audit_query', { limit: 0 }), TypeError)
  await assert.rejects(tell('audit_query', { actor: 'bob' }), TypeError)
  assert.deepEqual(asked, [])
})

test('calls are told in the time of the user, with what they were, from where, and what failed last', async () => {
  const calls = [
    call('2026-03-30T09:30:00.000Z', 'agents.get', 'AGENT_001', '10.0.0.2'),
    call('2026-03-29T00:30:00.000Z', 'agents.list'),
    call('2026-03-29T00:20:00.000Z', 'auth.me', 'AUTH_002', ''),
    call('2026-03-29T00:10:00.000Z', 'agents.list'),
  ]
  const { data, text } = await open({ calls }).tell('audit_query', { limit: 2 })
  assert.equal(
    text,
    '4 calls from 10.0.0.2 and 10.0.0.1: 2 times agents.list, agents.get and auth.me. 2 failed, the last one agents.get at 11:30 with AGENT_001.',
  )
  const told = data['calls'] as { time: string }[]
  assert.deepEqual(
    told.map(({ time }) => time),
    ['2026-03-30T11:30:00+02:00', '2026-03-29T01:30:00+01:00'],
  )
  assert.deepEqual(data['summary'], {
    calls: 4,
    failed: 2,
    complete: true,
    operations: [
      { operation: 'agents.list', calls: 2, failed: 0 },
      { operation: 'agents.get', calls: 1, failed: 1 },
      { operation: 'auth.me', calls: 1, failed: 1 },
    ],
    addresses: ['10.0.0.2', '10.0.0.1'],
  })
})

test('no call, one failure, none, and more than were found are each said as what they are', async () => {
  const one = call('2026-03-30T09:30:00.000Z', 'agents.get', 'AGENT_001')
  assert.equal(await said({}), 'There were no such calls.')
  assert.equal(await said({ complete: false }), 'I found no such call among the newest ones.')
  assert.equal(
    await said({ calls: [one] }),
    '1 call from 10.0.0.1: agents.get. One failed: agents.get at 11:30 with AGENT_001.',
  )
  assert.equal(
    await said({ calls: [{ ...one, outcome: 'ok' }], complete: false }),
    'At least 1 call from 10.0.0.1: agents.get. None failed.',
  )
})

test('of very many operations and addresses a summary names twenty, and the sentence stays one', async () => {
  const calls = Array.from({ length: 500 }, (_, index) =>
    call('2026-03-30T09:30:00.000Z', `${'o'.repeat(60)}.${index}`, 'ok', `10.0.1.${index}`),
  )
  const { data, text } = await open({ calls }).tell('audit_query')
  const { operations, addresses } = data['summary'] as { operations: unknown[]; addresses: unknown[] }
  assert.deepEqual([operations.length, addresses.length, (data['calls'] as unknown[]).length], [20, 20, 50])
  assert.ok(text.length <= 501)
})

test('a check that found nothing says what was checked, and one that did says how much and bounds it', async () => {
  const whole = await open({ found: { ok: true, problems: [], lines: 12 } }).tell('integrity')
  assert.deepEqual(whole, {
    data: { ok: true, problems: [], lines: 12 },
    text: 'The database is whole, and the audit with its 12 lines holds.',
  })
  const problems = Array.from({ length: 150 }, (_, index) => `audit: line ${index} ${'x'.repeat(1_000)}`)
  const { data, text } = await open({ found: { ok: false, problems, lines: 1 } }).tell('integrity')
  const told = data['problems'] as string[]
  assert.deepEqual([data['ok'], told.length, told.at(-1), told[0]?.length], [false, 101, 'and 50 more', 300])
  assert.match(text, /^I found 150 problems\. The first: audit: line 0 /)
})

test('a security report says the worst two aloud and has the others in its answer', async () => {
  const safe = await open().tell('security_report')
  assert.deepEqual(safe, {
    data: { findings: [], score: 100 },
    text: 'Nothing could be safer: 100 of 100 points.',
  })
  const world = { facts: { exposed: true, limited_calls: 1, wants_passkey: false, sessions: 7 } }
  const { data, text } = await open(world).tell('security_report')
  assert.deepEqual([data['score'], (data['findings'] as unknown[]).length], [70, 4])
  assert.equal(
    text,
    'Your account has 70 of 100 points. You have a passkey, but your password alone still proves that you are you. You are signed in at 7 places. There are 2 more findings.',
  )
})

test('nothing that the guardian does changes anything', () => {
  const effects = Object.values(guardian.actions).map(({ effect }) => effect)
  assert.deepEqual(
    effects,
    Array.from(effects, () => 'read'),
  )
  assert.deepEqual([guardian.agent.number, guardian.needs], [9, ['clock', 'guard', 'credentials', 'backups']])
})
