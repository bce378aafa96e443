import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START } from '../../../test/app.ts'
import { fakeClock } from '../../../test/clock.ts'
import { turn } from '../../kernel/rig.ts'
import { openHealth, whereOf } from './health.ts'
import type { Where } from './health.ts'
import { agentWith, declared, http, openWithService } from './rig.ts'

const ONE: Where = { host: 'one.test', port: 443 }

/** Services that take a connection after so many milliseconds, or not at all. */
function open(answer: number | 'shut' | 'unknown' | 'never' = 0) {
  const clock = fakeClock(START)
  const asked: string[] = []
  const resting = new Set<string>()
  const health = openHealth(clock, {
    isResting: (user_id, { host }) => resting.has(`${user_id} ${host}`),
    probe: async ({ host, timeout_ms }, { user_id }) => {
      asked.push(`${user_id} ${host} ${timeout_ms}`)
      if (answer === 'never') await new Promise(() => {})
      if (typeof answer === 'number') clock.advance(answer)
      if (answer === 'unknown') throw new Error('There is no such name.')
      return { open: answer !== 'shut', ms: 0 }
    },
  })
  return {
    clock,
    asked,
    resting,
    of: (where = ONE, user_id = 'ann') => health.of(user_id, where, 'looking'),
    health,
  }
}

test('a service is online, degraded when it is slow, or offline however it fails, once it was looked at', async () => {
  for (const [answer, status] of [
    [1_000, 'online'],
    [1_001, 'degraded'],
    ['shut', 'offline'],
    ['unknown', 'offline'],
  ] as const) {
    const { of } = open(answer)
    assert.deepEqual(of(), { status: 'unknown' })
    await turn()
    assert.equal(of().status, status, `${answer}`)
  }
  const { of } = open(250)
  of()
  await turn()
  assert.deepEqual(of(), { status: 'online', response_time: 250, last_check: '2026-11-22T10:00:00.250Z' })
})

test('nobody waits for a look, and what was known holds until the next one has ended', async () => {
  const { of } = open('never')
  assert.deepEqual([of(), of()], [{ status: 'unknown' }, { status: 'unknown' }])
  const seen = open(0)
  seen.of()
  await turn()
  seen.clock.advance(60_000)
  assert.equal(seen.of().status, 'online')
})

test('however often it is asked, a service is looked at once a minute for each user, and never unless somebody asks', async () => {
  const { of, asked, clock, health } = open()
  assert.deepEqual([health.of('ann', ONE, 'known'), asked], [{ status: 'unknown' }, []])
  for (const user_id of ['ann', 'ann', 'bob']) of(ONE, user_id)
  await turn()
  clock.advance(59_999)
  of()
  assert.deepEqual(asked, ['ann one.test 3000', 'bob one.test 3000'])
  clock.advance(1)
  assert.equal(health.of('ann', ONE, 'known').status, 'online')
  assert.equal(asked.length, 2)
  of()
  assert.equal(asked.length, 3)
})

test('of very many services of a user only twenty are looked at a minute, and those that are asked for make room', async () => {
  const { of, asked, clock } = open()
  for (let n = 0; n < 50; n += 1) of({ host: `s${n}.test`, port: 443 })
  assert.equal(asked.length, 20)
  of(ONE, 'bob')
  assert.equal(asked.length, 21)
  clock.advance(60_000)
  of({ host: 's49.test', port: 443 })
  assert.deepEqual(asked.slice(21), ['ann s49.test 3000'])
})

test('one that failed in real traffic is offline, without a look', async () => {
  const { of, asked, resting } = open()
  resting.add('ann one.test')
  assert.deepEqual(of(), { status: 'offline', last_check: '2026-11-22T10:00:00.000Z' })
  assert.deepEqual([of(ONE, 'bob').status, asked.length], ['unknown', 1])
})

test('an address leads to a host and a port, unless it is none that can be looked at', () => {
  assert.deepEqual(whereOf('https://api.example.org/v1?x=1'), { host: 'api.example.org', port: 443 })
  assert.deepEqual(whereOf('http://nas.local:8080'), { host: 'nas.local', port: 8080 })
  assert.deepEqual(whereOf('http://[::1]/'), { host: '[::1]', port: 80 })
  for (const address of ['', 'example.org', 'ftp://example.org', 'file:///etc'])
    assert.equal(whereOf(address), undefined, address)
})

test('health, the architecture and the list of integrations say how a service is, and what traffic shows counts at once', async (t) => {
  let isUp = true
  const server = await openWithService(t, (_got, response) => {
    if (isUp) return { data: 1 }
    response.destroy()
    return undefined
  })
  const { ask, ann } = server
  const push = declared({ name: 'push', method: 'POST', path: '/push' })
  await agentWith(server, http(server.origin, { actions: [push] }))
  const status = async () => {
    const { integrations } = await ask(ann.token, 'integrations.list', {})
    return integrations[0]?.health.status
  }
  const node = async () => {
    const { agents } = await ask(ann.token, 'system.architecture', {})
    return agents.find(({ id }) => id === `host:127.0.0.1:${server.port}`)?.status
  }
  const health = async () => {
    const found = await ask(ann.token, 'system.health', {})
    return 'external_services' in found
      ? [found.status, found.external_services.map((one) => one.status)]
      : []
  }
  assert.deepEqual([await status(), await node(), await health()], ['unknown', 'active', ['healthy', []]])
  for (let turns = 0; turns < 1_000 && (await status()) === 'unknown'; turns += 1) await turn()
  assert.deepEqual(
    [await status(), await node(), await health()],
    ['online', 'active', ['healthy', ['online']]],
  )
  isUp = false
  for (let count = 0; count < 5; count += 1) assert.equal((await server.act(20, 'push')).status, 'failed')
  assert.deepEqual([await status(), await node()], ['offline', 'error'])
  assert.deepEqual(await health(), ['degraded', ['offline']])
})
