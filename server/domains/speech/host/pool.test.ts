import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { openLog } from '../../../kernel/log.ts'
import { openHost } from './pool.ts'
import { openRig, until } from './rig.ts'

test('a job answers, tells and refuses, and a failure inside is one of the engine', async (t) => {
  const { host, job } = openRig(t)
  const told: unknown[] = []
  const session = await host.open('any', {}, job({ onMessage: (message) => told.push(message) }))
  const value = { samples: Int16Array.of(1, -2), bytes: Uint8Array.of(1, 2).subarray(1), text: 'ü' }
  assert.deepEqual(await session.call({ does: 'echo', value }), {
    samples: Int16Array.of(1, -2),
    bytes: Uint8Array.of(2),
    text: 'ü',
  })
  assert.equal(await session.call({ does: 'tell', value: 'partly' }), 'told')
  assert.deepEqual(told, ['partly'])
  assert.equal(await session.send({ does: 'echo', value: 'unread' }), undefined)
  await assert.rejects(session.call({ does: 'refuse' }), { reason: 'audio', message: 'Not that.' })
  await assert.rejects(session.call({ does: 'fail' }), {
    reason: 'engine',
    message: 'The speech engine failed.',
  })
  await assert.rejects(session.call({ does: 'function' }), { reason: 'engine' })
  assert.equal(await session.call({ does: 'echo', value: 'still here' }), 'still here')
})

test('a job that refuses to begin says why, and leaves its child to the next', async (t) => {
  const { host, job } = openRig(t, { children_max: 1 })
  await assert.rejects(host.open('any', 'refuse', job()), { reason: 'missing', message: 'Install it.' })
  await assert.rejects(host.open('unknown', {}, job()), { reason: 'engine' })
  await assert.rejects(host.open('broken', {}, job()), { reason: 'engine' })
  const session = await host.open('any', {}, job())
  assert.equal(await session.call({ does: 'echo', value: 1 }), 1)
})

function hearNothing(): void {
  throw new Error('deaf')
}

test('a listener that throws ends its own job, and nothing else', async (t) => {
  const { host, job } = openRig(t, { children_max: 1 })
  const session = await host.open('any', {}, job({ onMessage: hearNothing }))
  await assert.rejects(session.call({ does: 'tell', value: 1 }), { message: 'deaf' })
  assert.equal(await (await host.open('any', {}, job())).call({ does: 'echo', value: 1 }), 1)
})

test('a process that can’t be started fails each job, and the server goes on', async (t) => {
  const { clock, job } = openRig(t)
  const log = openLog('error', clock, () => {})
  for (const entry of ['https://nowhere.example/entry.mjs', 'file:///nowhere/entry.mjs']) {
    const host = openHost({ clock, log, entry: new URL(entry) })
    const opening = [host.open('any', {}, job()), host.open('any', {}, job())]
    await Promise.all(opening.map((one) => assert.rejects(one, { reason: 'engine' })))
    await host.close()
  }
})

test('a child knows nothing of the environment of the server, nor where it was started', async (t) => {
  const { host, job } = openRig(t)
  const session = await host.open('any', {}, job())
  const { env, cwd } = (await session.call({ does: 'where' })) as { env: string[]; cwd: string }
  assert.deepEqual(
    env.filter((name) => !name.startsWith('NODE_CHANNEL')),
    [],
  )
  assert.equal(cwd, tmpdir())
})

test('messages are taken one after the other, and no more of them than may be under way', async (t) => {
  const { host, job } = openRig(t, { under_way_max: 3 })
  const session = await host.open('any', {}, job())
  const order: unknown[] = []
  const say = (message: object): Promise<void> =>
    session.call(message).then((value) => void order.push(value))
  const all = [say({ does: 'slow' }), say({ does: 'echo', value: 2 }), say({ does: 'echo', value: 3 })]
  await assert.rejects(session.send({ does: 'echo' }), { reason: 'busy' })
  await Promise.all(all)
  assert.deepEqual(order, ['slow', 2, 3])
  await say({ does: 'echo', value: 4 })
  assert.equal(order.at(-1), 4)
})

test('a message that is too large, too deep or can’t be copied is refused, and the job goes on', async (t) => {
  const { host, job } = openRig(t, { message_bytes_max: 1_000 })
  const session = await host.open('any', {}, job())
  const echo = (value: unknown): Promise<unknown> => session.call({ does: 'echo', value })
  await assert.rejects(echo(new Uint8Array(1_001)), { reason: 'audio' })
  await assert.rejects(echo('x'.repeat(501)), { reason: 'audio' })
  await assert.rejects(echo(Array.from({ length: 300 }, () => 1)), { reason: 'audio' })
  await assert.rejects(echo([[[[[[[[1]]]]]]]]), { reason: 'audio' })
  await assert.rejects(host.open('any', new Uint8Array(1_001), job()), { reason: 'audio' })
  await assert.rejects(
    echo(() => {}),
    /could not be cloned/,
  )
  assert.equal(await echo('fits'), 'fits')
})

test('one child does one job at a time, and the next job with the same process', async (t) => {
  const { host, job } = openRig(t, { children_max: 1 })
  const first = await host.open('any', {}, job())
  const pid = await first.call({ does: 'pid' })
  const told: unknown[] = []
  let begun = false
  const opening = host
    .open('other', {}, job({ onMessage: (message) => told.push(message) }))
    .then((session) => {
      begun = true
      return session
    })
  await first.call({ does: 'later', value: 'of the first' })
  assert.equal(begun, false)
  first.close()
  await assert.rejects(first.call({ does: 'pid' }), { message: 'That has been closed.' })
  const second = await opening
  await second.call({ does: 'stale' })
  assert.deepEqual([await second.call({ does: 'pid' }), told], [pid, []])
})

test('who closes a job and opens the next at once gets the same child, though there may be two', async (t) => {
  const { host, job } = openRig(t)
  const first = await host.open('any', {}, job())
  const pid = await first.call({ does: 'pid' })
  first.close()
  const second = await host.open('any', {}, job())
  assert.equal(await second.call({ does: 'pid' }), pid)
})

test('a job goes to the child that has done such jobs, not to any that is free', async (t) => {
  const { host, job, clock } = openRig(t, { idle_ms: 60_000 })
  const [one, two] = [await host.open('any', {}, job()), await host.open('other', {}, job())]
  const pids = { any: await one.call({ does: 'pid' }), other: await two.call({ does: 'pid' }) }
  assert.notEqual(pids.any, pids.other)
  one.close()
  two.close()
  await until(() => clock.untilNext() === 60_000)
  for (const kind of ['other', 'any', 'other'] as const) {
    const again = await host.open(kind, {}, job())
    assert.equal(await again.call({ does: 'pid' }), pids[kind])
    again.close()
    await until(() => clock.untilNext() === 60_000)
  }
})

test('who has nothing running comes before who has, and jobs beyond the bounds are refused at once', async (t) => {
  const { host, job } = openRig(t, { children_max: 1, waiting_per_user_max: 2, waiting_max: 3 })
  const running = await host.open('any', {}, job())
  const order: string[] = []
  const wait = (user_id: string, signal = new AbortController().signal): Promise<void> =>
    host.open('any', {}, job({ user_id, signal })).then((session) => {
      order.push(user_id)
      session.close()
    })
  const giveUp = new AbortController()
  const waiting = [wait('ann'), wait('bob')]
  const given = wait('ann', giveUp.signal)
  await assert.rejects(wait('ann'), { reason: 'busy' })
  await assert.rejects(wait('cid'), { reason: 'busy' })
  giveUp.abort(new Error('no longer'))
  await assert.rejects(given, { message: 'no longer' })
  waiting.push(wait('cid'))
  running.close()
  await Promise.all(waiting)
  assert.deepEqual(order.toSorted(), ['ann', 'bob', 'cid'])
})

test('a user with a running job waits behind one without, who came later', async (t) => {
  const { host, job } = openRig(t)
  const [first, second] = [await host.open('any', {}, job()), await host.open('any', {}, job())]
  const order: string[] = []
  const wait = (user_id: string): Promise<number> =>
    host.open('any', {}, job({ user_id })).then(() => order.push(user_id))
  const waiting = [wait('ann'), wait('bob')]
  first.close()
  await until(() => order.length === 1)
  assert.deepEqual(order, ['bob'])
  second.close()
  await Promise.all(waiting)
})
