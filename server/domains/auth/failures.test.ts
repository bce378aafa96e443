import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { Failures } from './failures.ts'

const wrong = (): Promise<undefined> => Promise.resolve(undefined)
const right = (): Promise<string> => Promise.resolve('in')
const unchecked = (): Promise<never> => assert.fail('it was checked')

async function fail(failures: Failures, times: number, ip = '10.0.0.1'): Promise<void> {
  for (let time = 0; time < times; time += 1) await failures.attempt('a@b.c', ip, wrong)
}

test('five failures are answered, the sixth try is refused without being checked', async () => {
  const failures = new Failures(fakeClock(0))
  await fail(failures, 5)
  await assert.rejects(failures.attempt('a@b.c', '10.0.0.1', unchecked), {
    code: 'GENERAL_002',
    status: 429,
    retry_after_s: 30,
  })
})

test('the wait doubles with each failure after it, up to 15 minutes', async () => {
  const clock = fakeClock(0)
  const failures = new Failures(clock)
  await fail(failures, 5)
  const waits: number[] = []
  for (let time = 0; time < 7; time += 1) {
    const refused = await failures.attempt('a@b.c', '10.0.0.1', wrong).catch((error: unknown) => error)
    const { retry_after_s } = refused as { retry_after_s: number }
    waits.push(retry_after_s)
    clock.advance(retry_after_s * 1000)
    await fail(failures, 1)
  }
  assert.deepEqual(waits, [30, 60, 120, 240, 480, 900, 900])
})

test('the owner gets in from another address, and once in the count starts afresh', async () => {
  const clock = fakeClock(0)
  const failures = new Failures(clock)
  await fail(failures, 5)
  assert.equal(await failures.attempt('a@b.c', '10.0.0.2', right), 'in')
  await assert.rejects(failures.attempt('a@b.c', '10.0.0.1', right), { status: 429 })
  clock.advance(30_000)
  assert.equal(await failures.attempt('a@b.c', '10.0.0.1', right), 'in')
  await fail(failures, 5)
})

test('failures are forgotten after 15 minutes, and a wall clock set back forgets nothing and locks nobody out', async () => {
  const clock = fakeClock(0)
  const failures = new Failures(clock)
  await fail(failures, 4)
  clock.jump(-3_600_000)
  clock.advance(900_000)
  await fail(failures, 4)
  assert.equal(await failures.attempt('a@b.c', '10.0.0.1', right), 'in')
})

test('after a wait only one guess is checked at a time', async () => {
  const clock = fakeClock(0)
  const failures = new Failures(clock)
  await fail(failures, 5)
  clock.advance(30_000)
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const first = failures.attempt('a@b.c', '10.0.0.1', () => promise)
  await assert.rejects(failures.attempt('a@b.c', '10.0.0.1', right), { status: 429, retry_after_s: 1 })
  resolve(undefined)
  assert.equal(await first, undefined)
})

test('a check that breaks is no failure', async () => {
  const failures = new Failures(fakeClock(0))
  await fail(failures, 4)
  const broken = failures.attempt('a@b.c', '10.0.0.1', () => Promise.reject(new Error('busy')))
  await assert.rejects(broken, /busy/)
  await fail(failures, 1)
  await assert.rejects(failures.attempt('a@b.c', '10.0.0.1', right), { status: 429 })
})

test('only so many pairs are remembered', async () => {
  const failures = new Failures(fakeClock(0), 2)
  await fail(failures, 5, '10.0.0.1')
  await fail(failures, 5, '10.0.0.2')
  await fail(failures, 5, '10.0.0.3')
  assert.equal(await failures.attempt('a@b.c', '10.0.0.1', right), 'in')
  await assert.rejects(failures.attempt('a@b.c', '10.0.0.3', right), { status: 429 })
})
