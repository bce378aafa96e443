import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { iso, systemClock } from './clock.ts'

test('a time is written in UTC with milliseconds, in every year', () => {
  assert.equal(iso(0), '1970-01-01T00:00:00.000Z')
  assert.equal(iso(Date.UTC(2026, 2, 29, 1, 30, 0, 7)), '2026-03-29T01:30:00.007Z')
  assert.equal(iso(Date.UTC(2028, 1, 29)), '2028-02-29T00:00:00.000Z')
  assert.throws(() => iso(Number.NaN), RangeError)
})

test('callbacks come back later, the shortest delay first, and not when they were cancelled', async () => {
  const order: string[] = []
  const cancel = systemClock.after(1, () => order.push('cancelled'))
  const before = systemClock.elapsed()
  await new Promise<void>((resolve) => {
    systemClock.after(15, () => {
      order.push('15')
      resolve()
    })
    systemClock.after(-5, () => order.push('past'))
    cancel()
    // The timer of the clock holds no process; this test holds itself.
    const hold = setInterval(() => {}, 1_000)
    systemClock.after(20, () => clearInterval(hold))
    assert.deepEqual(order, [])
  })
  assert.deepEqual(order, ['past', '15'])
  assert.ok(systemClock.elapsed() - before >= 14)
})

test('a delay of more than 24 days does not come back at once, as the timers of the platform do', () => {
  const program = `
    import { systemClock } from ${JSON.stringify(new URL('./clock.ts', import.meta.url).href)}
    systemClock.after(30 * 86_400_000, () => console.log('too early'))
    setTimeout(() => console.log('still waiting'), 30)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  assert.deepEqual([stdout, stderr], ['still waiting\n', ''])
})

test('a timer of the clock does not keep the process alive', () => {
  const program = `
    import { systemClock } from ${JSON.stringify(new URL('./clock.ts', import.meta.url).href)}
    systemClock.after(60_000, () => {})`
  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 30_000,
  })
  assert.deepEqual([status, signal], [0, null])
})

test('the wall clock is that of the machine, and elapsed time never goes back', () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000)
  let last = systemClock.elapsed()
  for (let n = 0; n < 1_000; n += 1) {
    const next = systemClock.elapsed()
    assert.ok(next >= last)
    last = next
  }
})
