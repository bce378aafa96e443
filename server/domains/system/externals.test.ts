import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START } from '../../../test/app.ts'
import { fakeClock } from '../../../test/clock.ts'
import { openExternals, placeOf } from './externals.ts'
import type { External } from './externals.ts'

/** Services that answer after so many milliseconds, or not at all. */
function open(answers: Readonly<Record<string, number | 'shut' | 'unknown'>>) {
  const clock = fakeClock(START)
  const asked: string[] = []
  const listed: External[] = Object.keys(answers).map((name) => ({ name, host: `${name}.test`, port: 443 }))
  const externals = openExternals(clock, {
    list: () => Promise.resolve(listed),
    probe: async (user_id, { name }, timeout_ms) => {
      asked.push(`${user_id} ${name} ${timeout_ms}`)
      const answer = answers[name]
      if (typeof answer === 'number') clock.advance(answer)
      if (answer === 'unknown') throw new Error('There is no such name.')
      return { open: answer !== 'shut' }
    },
  })
  return { clock, asked, listed, externals }
}

test('a service is online, degraded when it is slow, or offline however it fails', async () => {
  for (const [answer, status] of [
    [1_000, 'online'],
    [1_001, 'degraded'],
    ['shut', 'offline'],
    ['unknown', 'offline'],
  ] as const)
    assert.equal((await open({ one: answer }).externals('ann'))[0]?.status, status, `${answer}`)
})

test('a check says how long it took and when it was made', async () => {
  const [found] = await open({ one: 250 }).externals('ann')
  const want = { name: 'one', status: 'online', response_time: 250, last_check: '2026-11-22T10:00:00.250Z' }
  assert.deepEqual(found, want)
})

test('however often it is asked, each user’s services are looked at once a minute', async () => {
  const { clock, asked, externals } = open({ one: 0 })
  await Promise.all([externals('ann'), externals('ann'), externals('bob')])
  clock.advance(59_999)
  await externals('ann')
  assert.deepEqual(asked, ['ann one 3000', 'bob one 3000'])
  clock.advance(1)
  await externals('ann')
  assert.equal(asked.length, 3)
})

test('of very many services only twenty are looked at, and one that is listed twice once', async () => {
  const names = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`s${n}`, 1]))
  const { asked, externals } = open(names)
  assert.equal((await externals('ann')).length, 20)
  assert.equal(asked.length, 20)
  const twice = open({ one: 1 })
  twice.listed.push(...twice.listed)
  assert.equal((await twice.externals('ann')).length, 1)
})

test('an address leads to a host and a port, unless it is none that can be looked at', () => {
  assert.deepEqual(placeOf('https://api.example.org/v1?x=1'), { host: 'api.example.org', port: 443 })
  assert.deepEqual(placeOf('http://nas.local:8080'), { host: 'nas.local', port: 8080 })
  assert.deepEqual(placeOf('http://[::1]/'), { host: '[::1]', port: 80 })
  for (const address of ['', 'example.org', 'ftp://example.org', 'file:///etc'])
    assert.equal(placeOf(address), undefined, address)
})
