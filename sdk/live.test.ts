import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openLive } from './live.ts'
import type { Live, LiveOptions } from './live.ts'
import type { Client } from './client.ts'
import { OWNER, openServed } from './rig.ts'
import type { Served } from './rig.ts'
import { PASSWORD } from '../test/app.ts'

interface Scene {
  server: Served
  client: Client
  user_id: string
}

async function open(context: TestContext): Promise<Scene> {
  const server = await openServed()
  context.after(() => server.remove())
  const client = await server.signIn(OWNER)
  return { server, client, user_id: (await client.ask('auth.me')).id }
}

/** Listens, and gives what was told: the texts of notifications, and `gap`. `until` waits for as many. */
function listen(context: TestContext, { client, server }: Scene, options: LiveOptions = {}) {
  const live = openLive(client, { retry_ms: 1, now: () => server.clock.now(), ...options })
  context.after(() => live.close())
  const told: string[] = []
  let wanted = { count: Infinity, resolve: (): void => {} }
  const note = (text: string): void => {
    told.push(text)
    if (told.length >= wanted.count) wanted.resolve()
  }
  live.on('notification:created', ({ text }) => note(text))
  live.onGap(() => note('gap'))
  return { live, told, until: (count: number) => reach(count) }
  async function reach(count: number): Promise<string[]> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    wanted = { count, resolve: () => resolve(undefined) }
    if (told.length < count) await promise
    return [...told]
  }
}

/** The next time that the connection is (or is not) there. */
function next(live: Live, isOpen: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const stop = live.onState((state) => {
    if (state === isOpen) resolve(undefined)
  })
  return promise.finally(stop)
}

test('events arrive typed, with their place, to those who still listen', async (t) => {
  const scene = await open(t)
  const { server, user_id } = scene
  await server.tell(user_id, 'before')
  const { live, until } = listen(t, scene)
  const places: number[] = []
  const stop = live.onAny(({ name, data, place }) => {
    assert.equal(name === 'notification:created' && data.severity, 'info')
    assert.match(place.created_at, /^2026-11-22T10:00:00\.000Z$/)
    places.push(place.seq)
  })
  assert.equal(await live.opened(), true)
  const before = live.last_seq ?? assert.fail('no place')
  await server.tell(user_id, 'one')
  await until(1)
  stop()
  await server.tell(user_id, 'two')
  assert.deepEqual(await until(2), ['one', 'two'])
  assert.deepEqual([places, live.last_seq], [[before + 1], before + 2])
})

test('a restart of the server loses nothing and tells nothing twice', async (t) => {
  const scene = await open(t)
  const { server, user_id } = scene
  const { live, told, until } = listen(t, scene)
  await live.opened()
  await server.tell(user_id, 'one')
  await until(1)
  const back = next(live, true)
  await server.restart(async (app) => {
    const { kernel } = app
    await kernel.store.write((tx) => {
      for (const text of ['two', 'three'])
        kernel.events.tell(tx, 'notification:created', user_id, notification(text))
      return Promise.resolve()
    })
  })
  await back
  await server.tell(user_id, 'four')
  assert.deepEqual(await until(4), ['one', 'two', 'three', 'four'])
  await live.close()
  assert.equal(told.length, 4)
})

const notification = (text: string) => ({
  notification_id: '01890000-0000-7000-8000-000000000009',
  source_agent: 0,
  severity: 'info' as const,
  text,
  created_at: '2026-11-22T10:00:00.000Z',
})

test('even before the first event it is known from where to go on', async (t) => {
  const scene = await open(t)
  await scene.server.tell(scene.user_id, 'before')
  const { live, until } = listen(t, scene)
  await live.opened()
  const back = next(live, true)
  await scene.server.restart(({ kernel }) =>
    kernel.store.write((tx) =>
      Promise.resolve(kernel.events.tell(tx, 'notification:created', scene.user_id, notification('one'))),
    ),
  )
  await back
  assert.deepEqual(await until(1), ['one'])
})

test('what was missed and is gone from the server is a gap before the next event', async (t) => {
  const scene = await open(t)
  const { kernel } = scene.server.app
  const { live } = listen(t, scene)
  await live.opened()
  const last = live.last_seq ?? 0
  await live.close()
  await kernel.store.write((tx) => {
    for (let index = 0; index < 2_600; index += 1)
      kernel.events.tell(tx, 'notification:created', scene.user_id, notification(String(index)))
    return Promise.resolve()
  })
  const later = listen(t, scene, { since: last })
  const told = await later.until(2_001)
  assert.equal(told[0], 'gap')
  assert.equal(told.filter((text) => text === 'gap').length, 1)
  await later.live.opened()
  assert.deepEqual([(await later.until(2_001)).at(-1), later.live.last_seq], ['2599', last + 2_600])
})

test('the token is replaced before it ends, so the connection outlives it', async (t) => {
  const scene = await open(t)
  const { server, client, user_id } = scene
  const { clock } = server
  const first = (await client.session.fresh(0))?.access_token
  const { live, until } = listen(t, scene, { after: (ms, work) => clock.after(ms, work) })
  await live.opened()
  let cuts = 0
  live.onState(() => (cuts += 1))
  const renewed = heard(server, 'socket.authenticate')
  clock.advance(840_000)
  await renewed
  assert.notEqual((await client.session.fresh(0))?.access_token, first)
  clock.advance(120_000)
  await server.tell(user_id, 'after')
  assert.deepEqual([await until(1), cuts], [['after'], 0])
})

/** The next line of the audit of an operation. */
async function heard({ app }: Served, operation: string): Promise<void> {
  const { kernel } = app
  const count = () =>
    kernel.store.reader.connection.all('SELECT 1 FROM audit WHERE operation = ?', [operation]).length
  const before = count()
  while (count() === before) {
    await kernel.audit.flush()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('signing out ends it, here or by the hand of somebody else', async (t) => {
  const scene = await open(t)
  const { live } = listen(t, scene)
  await live.opened()
  await scene.client.ask('auth.logout')
  assert.equal(await live.ended, 'signed_out')
  const again = { ...scene, client: await scene.server.signIn(OWNER) }
  const { live: second } = listen(t, again)
  await second.opened()
  const other = await scene.server.signIn(OWNER)
  const { sessions } = await other.ask('auth.sessions')
  for (const { id, current } of sessions) if (!current) await other.ask('auth.session_end', { id })
  assert.equal(await second.ended, 'signed_out')
  assert.equal(await again.client.session.fresh(0), undefined)
})

test('without a sign-in nothing opens; without a server it is tried until it is closed', async (t) => {
  const scene = await open(t)
  await scene.client.session.forget()
  const { live } = listen(t, scene)
  assert.deepEqual([await live.opened(), await live.ended], [false, 'signed_out'])
  const client = await scene.server.signIn(OWNER)
  let tries = 0
  const tried = Promise.withResolvers<undefined>()
  const nowhere = { url: 'http://127.0.0.1:1', session: client.session }
  const { live: trying } = listen(
    t,
    { ...scene, client: { ...client, ...nowhere } },
    {
      after: (ms, work) => {
        if (ms < 1_000 && (tries += 1) === 3) tried.resolve(undefined)
        const timer = setTimeout(work, ms < 1_000 ? 0 : ms)
        return () => clearTimeout(timer)
      },
    },
  )
  await tried.promise
  await trying.close()
  assert.deepEqual([await trying.opened(), await trying.ended], [false, 'closed'])
})

test('an agent is heard of when it was subscribed to, also after a reconnection', async (t) => {
  const scene = await open(t)
  const { server, client, user_id } = scene
  const agents = (await client.ask('agents.list')).agents
  const { live } = listen(t, scene)
  const heardOf: string[] = []
  let arrived = Promise.withResolvers<undefined>()
  live.on('agent:error', ({ error }) => {
    heardOf.push(error)
    arrived.resolve(undefined)
  })
  const fail = async (number: number, error: string) => {
    const agent_id = agents.find((one) => one.agent_number === number)?.id ?? ''
    const { kernel } = server.app
    await kernel.store.write((tx) =>
      Promise.resolve(kernel.events.tell(tx, 'agent:error', user_id, { agent_id, error })),
    )
  }
  await live.opened()
  await live.subscribeAgent('3')
  await assert.rejects(live.subscribeAgent('999'), { name: 'ApiFault', code: 'AGENT_001', status: 404 })
  await fail(2, 'two')
  await fail(3, 'three')
  await arrived.promise
  const back = next(live, true)
  await server.restart()
  await back
  arrived = Promise.withResolvers<undefined>()
  await fail(3, 'again')
  await arrived.promise
  await live.unsubscribeAgent('3')
  await fail(3, 'no more')
  await server.tell(user_id, 'end')
  assert.deepEqual(heardOf, ['three', 'again'])
})

test('another user who signs in at the same place ends it: places are not theirs', async (t) => {
  const scene = await open(t)
  const { server, client } = scene
  const bob = { email: 'bob@example.org', password: PASSWORD }
  await server.app.auth.addUser(bob.email, bob.password)
  const { live } = listen(t, scene)
  await live.opened()
  await client.ask('auth.login', bob)
  await server.restart()
  assert.equal(await live.ended, 'signed_out')
})
