import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from './fixture.ts'
import { openOffice } from './rig.ts'

/** Does not wait before it tries again. */
function afterSoon(delay_ms: number, work: () => void): () => void {
  const timer = setTimeout(work, delay_ms < 10_000 ? 1 : delay_ms)
  return () => clearTimeout(timer)
}

/** Somebody who reads what is printed, and interrupts. */
function reader() {
  let interrupt: (() => void) | undefined
  let text = ''
  let check: (() => void) | undefined
  return {
    options: {
      onInterrupt: (hear: () => void) => {
        interrupt = hear
        return () => void (interrupt = undefined)
      },
    },
    hear: (chunk: string) => {
      text += chunk
      check?.()
    },
    /** Until this has been printed. */
    until(expected: string): Promise<undefined> {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      check = () => (text.includes(expected) ? resolve(undefined) : undefined)
      check()
      return promise
    },
    interrupt: () => interrupt?.(),
  }
}

const READY = 'Watching. Ctrl-C ends it.\n'

test('what happens is printed, a line each, until it is interrupted', async (t) => {
  const { server, sit } = await openOffice(t)
  const { options, hear, until, interrupt } = reader()
  const desk = await sit(undefined, options)
  const { id } = await (await server.signIn('ann@example.org')).ask('auth.me')
  const watching = desk.paios(['watch'], { hear })
  await until(READY)
  await desk.paios(['ask', 'what can you do'], { piped: '' })
  await server.tell(id, 'Drink\u001B[2J\nwater.')
  await until('water.\n')
  interrupt()
  const { exit, stdout, stderr } = await watching
  assert.deepEqual([exit, stderr], [0, READY])
  const lines = stdout.trimEnd().split('\n')
  assert.equal(lines.at(-1), '2026-11-22T10:00:00.000Z  notification:created  info: Drink\\u001b[2J water.')
  for (const name of ['voice:response_ready', 'agent:execution_completed'])
    assert.ok(
      lines.some((line) => line.includes(`  ${name}  `)),
      stdout,
    )
})

test('a program gets JSON, an event a line', async (t) => {
  const { server, sit } = await openOffice(t)
  const { options, hear, until, interrupt } = reader()
  const desk = await sit(undefined, options)
  const { id } = await (await server.signIn('ann@example.org')).ask('auth.me')
  const watching = desk.paios(['watch', '--json'], { piped: '', hear })
  await until(READY)
  await server.tell(id, 'one')
  await server.tell(id, 'two')
  await until('"two"')
  interrupt()
  const { exit, stdout } = await watching
  assert.equal(exit, 0)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; data: { text: string }; seq: number })
  assert.deepEqual(
    events.map(({ event, data }) => `${event} ${data.text}`),
    ['notification:created one', 'notification:created two'],
  )
  assert.deepEqual(Object.keys(events[0] ?? {}), ['event', 'data', 'seq', 'created_at'])
  assert.equal((events[1]?.seq ?? 0) - (events[0]?.seq ?? 0), 1)
})

test('a server that restarts is waited for, and nothing is missed', async (t) => {
  const { server, sit } = await openOffice(t)
  const { options, hear, until, interrupt } = reader()
  const desk = await sit(undefined, { ...options, after: afterSoon })
  const { id } = await (await server.signIn('ann@example.org')).ask('auth.me')
  const watching = desk.paios(['watch'], { hear })
  await until(READY)
  await server.restart()
  await until('Connected again.')
  await server.tell(id, 'back')
  await until('back')
  interrupt()
  const { exit, stderr } = await watching
  assert.equal(exit, 0)
  assert.equal(stderr, `${READY}paios: The connection is lost. Trying again.\npaios: Connected again.\n`)
})

test('the end of the sign-in ends the watching, and it is a failure', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const { hear, until } = reader()
  const watching = desk.paios(['watch'], { hear })
  await until(READY)
  await desk.paios(['logout'])
  const { exit, stderr } = await watching
  assert.equal(exit, 4)
  assert.match(stderr, /\npaios: You are not signed in any more\. Sign in again: paios login\n$/)
})

test('without a server or a sign-in nothing is watched', async (t) => {
  const desk = openDesk({}, { fetch: () => Promise.reject(new TypeError('fetch failed')) })
  t.after(desk.remove)
  assert.equal((await desk.paios(['watch'])).exit, 4)
  await desk.signIn()
  assert.equal((await desk.paios(['watch'])).exit, 5)
})
