import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fakeClock } from '../../test/clock.ts'
import { TIERS } from '../../contract/limits.ts'
import type { LimitKind, Tier } from '../../contract/limits.ts'
import { LimitFault, Limits } from './limits.ts'
import { Window } from './window.ts'

const START = Date.UTC(2026, 0, 1)
const LENGTH: Readonly<Record<LimitKind, number>> = {
  requests_per_minute: 60_000,
  voice_commands_per_hour: 3_600_000,
  agent_executions_per_hour: 3_600_000,
  workflow_executions_per_day: 86_400_000,
}

function refused(work: () => unknown): LimitFault {
  try {
    work()
  } catch (error) {
    if (error instanceof LimitFault) return error
    throw error
  }
  throw new assert.AssertionError({ message: 'It was not refused.' })
}

test('every window of every tier takes exactly as many calls as the specification says, at every edge', () => {
  for (const tier of Object.keys(TIERS) as Tier[]) {
    for (const [kind, limit] of Object.entries(TIERS[tier]) as [LimitKind, number][]) {
      const clock = fakeClock(START)
      const limits = new Limits(clock)
      const by = { user_id: 'ann', tier }
      limits.admit(by, [kind])
      clock.advance(10)
      for (let call = 1; call < limit; call += 1)
        assert.equal(limits.admit(by, [kind]).remaining, limit - call - 1)
      const { standing, retry_after_s } = refused(() => limits.admit(by, [kind]))
      assert.deepEqual(
        [standing.limit, standing.remaining, standing.type, standing.name, standing.reset],
        [limit, 0, 'user', kind, (START + LENGTH[kind]) / 1000],
      )
      assert.equal(retry_after_s, LENGTH[kind] / 1000)
      clock.advance(LENGTH[kind] - 11)
      refused(() => limits.admit(by, [kind]))
      clock.advance(1)
      assert.equal(limits.admit(by, [kind]).remaining, 0)
      refused(() => limits.admit(by, [kind]))
    }
  }
})

test('a call that one window refuses is counted in none', () => {
  const limits = new Limits(fakeClock(START))
  const by = { user_id: 'ann', tier: 'free' as const }
  for (let call = 0; call < 60; call += 1) limits.admit(by, ['requests_per_minute'])
  refused(() => limits.admit(by, ['requests_per_minute', 'agent_executions_per_hour']))
  assert.equal(limits.admit(by, ['agent_executions_per_hour']).remaining, 199)
})

test('users and addresses do not count for each other, and strangers have a window of their own', () => {
  const limits = new Limits(fakeClock(START), { anonymous_per_minute: 2, ip_per_minute: 3 })
  for (const ip of ['10.0.0.1', '10.0.0.2']) {
    limits.admitStranger(ip)
    limits.admitStranger(ip)
    assert.equal(refused(() => limits.admitStranger(ip)).standing.type, 'ip')
    for (let call = 0; call < 3; call += 1) limits.admitAddress(ip)
    refused(() => limits.admitAddress(ip))
  }
  assert.equal(limits.standing({ user_id: 'ann', tier: 'free' }).remaining, 60)
})

test('all addresses of an IPv6 network are one, and those of another are not', () => {
  const limits = new Limits(fakeClock(START), { ip_per_minute: 2 })
  limits.admitAddress('2001:db8:1:2:3:4:5:6')
  limits.admitAddress('2001:db8:1:2::1')
  refused(() => limits.admitAddress('2001:db8:1:2:ffff::9'))
  limits.admitAddress('2001:db8:1:3::1')
  limits.admitAddress('::1')
})

test('remembered addresses are bounded, and users are never forgotten for them', () => {
  const limits = new Limits(fakeClock(START), { addresses_max: 3, ip_per_minute: 1 })
  const by = { user_id: 'ann', tier: 'free' as const }
  for (let call = 0; call < 50; call += 1) limits.admit(by, ['workflow_executions_per_day'])
  for (let host = 0; host < 100; host += 1) limits.admitAddress(`10.0.0.${host}`)
  refused(() => limits.admitAddress('10.0.0.99'))
  limits.admitAddress('10.0.0.1')
  refused(() => limits.admit(by, ['workflow_executions_per_day']))
})

test('what was used stays used when the tier changes, and after a restart', () => {
  const clock = fakeClock(START)
  const limits = new Limits(clock)
  for (let call = 0; call < 60; call += 1)
    limits.admit({ user_id: 'ann', tier: 'free' }, ['requests_per_minute'])
  assert.equal(limits.admit({ user_id: 'ann', tier: 'pro' }, ['requests_per_minute']).remaining, 239)
  refused(() => limits.admit({ user_id: 'ann', tier: 'free' }, ['requests_per_minute']))

  const restarted = new Limits(clock)
  const by = { user_id: 'ann', tier: 'free' as const }
  for (let call = 0; call < 200; call += 1) restarted.recall(by, ['agent_executions_per_hour'], 3_599_000)
  restarted.recall(by, ['agent_executions_per_hour'], 3_600_000)
  assert.equal(refused(() => restarted.admit(by, ['agent_executions_per_hour'])).retry_after_s, 1)
})

test('a clock that is set back frees nothing and locks nobody out', () => {
  const clock = fakeClock(START)
  const limits = new Limits(clock, { ip_per_minute: 1 })
  limits.admitAddress('10.0.0.1')
  clock.jump(-3_600_000)
  refused(() => limits.admitAddress('10.0.0.1'))
  clock.advance(60_000)
  limits.admitAddress('10.0.0.1')
})

test('a window counts the same as a list of all calls that is looked through each time', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean()), { maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), steps, (limit, calls) => {
      const window = new Window(limit, 100)
      let all: number[] = []
      let now = 0
      for (const [pause, takes] of calls) {
        now += pause
        all = all.filter((at) => at + 100 > now)
        assert.equal(window.remaining(now), Math.max(0, limit - all.length))
        if (!takes || all.length === limit) continue
        window.take(now)
        all.push(now)
        assert.equal(window.nextFree_ms(now), (all[0] ?? 0) + 100 - now)
      }
    }),
  )
})
