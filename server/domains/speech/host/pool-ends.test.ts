import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { START, temporaryFolder } from '../../../kernel/rig.ts'
import type { Session } from './pool.ts'
import { isAlive, openRig, until } from './rig.ts'

async function pidOf(session: Session): Promise<number> {
  return Number(await session.call({ does: 'pid' }))
}

test('a child that is killed at work fails its job as the engine, and the next job is done', async (t) => {
  const { host, job, lines } = openRig(t, { children_max: 1 })
  const told: unknown[] = []
  const session = await host.open('any', {}, job({ onMessage: (message) => told.push(message) }))
  const pid = await pidOf(session)
  const calls = [session.call({ does: 'spin' }), session.send({ does: 'echo' })]
  await until(() => told.length === 1)
  process.kill(pid, 'SIGKILL')
  await Promise.all(
    calls.map((call) => assert.rejects(call, { reason: 'engine', message: /ended unexpectedly/ })),
  )
  await assert.rejects(session.call({ does: 'pid' }), { reason: 'engine' })
  assert.match(lines.join('\n'), /ended at work.*SIGKILL/)
  const next = await host.open('any', {}, job())
  assert.notEqual(await pidOf(next), pid)
})

test('a child that was killed while it rested is replaced without anybody noticing', async (t) => {
  const { host, job, clock } = openRig(t, { children_max: 1, idle_ms: 60_000 })
  const first = await host.open('any', {}, job())
  const pid = await pidOf(first)
  first.close()
  const second = await host.open('any', {}, job())
  assert.equal(await pidOf(second), pid)
  second.close()
  await until(() => clock.untilNext() === 60_000)
  process.kill(pid, 'SIGKILL')
  assert.notEqual(await pidOf(await host.open('any', {}, job())), pid)
})

test('a child that ends by itself fails its own job, and one that always does fails each in its turn', async (t) => {
  const { host, job } = openRig(t, { children_max: 1 })
  for (let turn = 0; turn < 3; turn += 1) {
    const session = await host.open('any', {}, job())
    await assert.rejects(session.call({ does: 'die' }), { reason: 'engine' })
    session.close()
  }
  assert.equal(await (await host.open('any', {}, job())).call({ does: 'echo', value: 1 }), 1)
})

test('a message that is never dealt with ends with its deadline, and the child with it', async (t) => {
  const { host, job, clock, lines } = openRig(t, { children_max: 1, call_ms: 5_000 })
  const session = await host.open('any', {}, job())
  const pid = await pidOf(session)
  const call = session.call({ does: 'spin' })
  clock.advance(4_999)
  assert.ok(isAlive(pid))
  clock.advance(1)
  await assert.rejects(call, { reason: 'deadline' })
  assert.match(lines.join('\n'), /ended at work.*"any".*took too long/)
  await until(() => !isAlive(pid))
  assert.equal(await (await host.open('any', {}, job())).call({ does: 'echo', value: 1 }), 1)
})

test('a job ends with its own deadline at work and between two messages, and one that waits for long is told to', async (t) => {
  const { host, job, clock, lines } = openRig(t, { children_max: 1, job_ms: 10_000, call_ms: 60_000 })
  const session = await host.open('any', {}, job())
  const pid = await pidOf(session)
  const [call, waiting] = [session.call({ does: 'never' }), host.open('any', {}, job())]
  clock.advance(5_000)
  await assert.rejects(waiting, { reason: 'busy' })
  clock.advance(5_000)
  await assert.rejects(call, { reason: 'deadline' })
  clock.advance(300)
  assert.match(lines.join('\n'), /^.*was given up.*"any".*10000.*$/)
  await until(() => !isAlive(pid))
  const idle = await host.open('any', {}, job())
  clock.advance(10_000)
  await assert.rejects(idle.call({ does: 'pid' }), { reason: 'deadline' })
  assert.equal(await (await host.open('any', {}, job())).call({ does: 'echo', value: 1 }), 1)
})

test('a child that never begins is given up', async (t) => {
  const { host, job, clock } = openRig(t, { open_ms: 3_000 })
  const opening = host.open('any', {}, job())
  clock.advance(3_000)
  await assert.rejects(opening, { reason: 'deadline' })
})

test('a signal gives a job up at once: a child that stops by itself is kept, one that doesn’t is ended', async (t) => {
  const { host, job, clock, lines } = openRig(t, { children_max: 1, reset_ms: 300 })
  const pids: number[] = []
  for (const does of ['slow', 'spin']) {
    const giveUp = new AbortController()
    const told: unknown[] = []
    const session = await host.open(
      'any',
      {},
      job({ signal: giveUp.signal, onMessage: (one) => told.push(one) }),
    )
    pids.push(await pidOf(session))
    const call = session.call({ does })
    if (does === 'spin') await until(() => told.length === 1)
    giveUp.abort(new Error('enough'))
    await assert.rejects(call, { message: 'enough' })
    await assert.rejects(session.call({ does: 'pid' }), { message: 'enough' })
    if (does === 'spin') clock.advance(300)
  }
  pids.push(await pidOf(await host.open('any', {}, job())))
  assert.equal(pids[0], pids[1])
  assert.notEqual(pids[1], pids[2])
  // Whoever stops a job knows that it was stopped.
  assert.deepEqual(lines, [])
  const already = AbortSignal.abort(new Error('before'))
  await assert.rejects(host.open('any', {}, job({ signal: already })), { message: 'before' })
})

test('a child that keeps more memory than it may is ended with its job', async (t) => {
  const { host, job, clock } = openRig(t, { children_max: 1, resident_mb: 200, call_ms: 1e9, job_ms: 1e9 })
  const session = await host.open('any', {}, job())
  let done = false
  const eating = assert
    .rejects(session.call({ does: 'eat' }), { reason: 'engine', message: /more than 200 MB/ })
    .finally(() => (done = true))
  const hasProc = existsSync('/proc/self/status')
  await until(() => {
    if (hasProc) clock.advance(1)
    return done
  })
  await eating
  assert.equal(await (await host.open('any', {}, job())).call({ does: 'echo', value: 1 }), 1)
})

test('a child whose heap runs over fails its job alone', async (t) => {
  const { host, job } = openRig(t, { children_max: 1, heap_mb: 24 })
  const session = await host.open('any', {}, job())
  await assert.rejects(session.call({ does: 'heap' }), { reason: 'engine' })
  assert.equal(await (await host.open('any', {}, job())).call({ does: 'echo', value: 1 }), 1)
})

test('a child without work ends after a while, and all of them when the host is closed', async (t) => {
  const { host, job, clock } = openRig(t, { idle_ms: 60_000 })
  const [one, two] = [await host.open('any', {}, job()), await host.open('any', {}, job())]
  const pids = [await pidOf(one), await pidOf(two)]
  one.close()
  await until(() => clock.untilNext() === 60_000)
  clock.advance(59_999)
  assert.deepEqual(pids.map(isAlive), [true, true])
  clock.advance(1)
  await until(() => !isAlive(pids[0] ?? 0))
  assert.ok(isAlive(pids[1] ?? 0))
  const spinning = two.call({ does: 'spin' })
  const refused = assert.rejects(spinning, { message: 'The server is stopping.' })
  await host.close()
  await refused
  assert.deepEqual(pids.map(isAlive), [false, false])
  await assert.rejects(host.open('any', {}, job()), { message: 'The server is stopping.' })
})

function at(path: string): string {
  return new URL(path, import.meta.url).href
}

test(
  'a child outlives no server that was killed',
  { skip: !existsSync('/proc/self/task') && 'there is no /proc to find the child in' },
  async (t) => {
    const folder = temporaryFolder(t)
    const entry = new URL('../child.ts', import.meta.url).href
    const server = join(folder, 'server.mjs')
    writeFileSync(
      server,
      `import { openHost } from '${at('pool.ts')}'
    import { fakeClock } from '${at('../../../../test/clock.ts')}'
    import { readFileSync } from 'node:fs'
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const host = openHost({ clock: fakeClock(${START}), log, entry: new URL('${entry}') })
    await host.open('audio', {}, { user_id: 'ann', signal: new AbortController().signal })
    process.send(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'))
    setInterval(() => {}, 1000)`,
    )
    const parent = fork(server)
    const children = await new Promise<unknown>((resolve) => parent.once('message', resolve))
    const pid = Number(String(children).trim().split(' ')[0])
    assert.ok(isAlive(pid))
    parent.kill('SIGKILL')
    await until(() => !isAlive(pid))
  },
)
