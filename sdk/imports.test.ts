import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'

test('a client, and whoever listens, load the library of the sockets only for a connection', async () => {
  const asked: string[] = []
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      asked.push(specifier)
      return next(specifier, context)
    },
  })
  await import('./client.ts')
  assert.ok(asked.includes('./session.ts'))
  assert.deepEqual(
    asked.filter((one) => /socket\.io|live/.test(one)),
    [],
  )
  const { openLive } = await import('./live.ts')
  assert.equal(asked.includes('socket.io-client'), false)
  const { openClient } = await import('./client.ts')
  const { memoryTokens } = await import('./session.ts')
  const tokens = { access_token: 'a', refresh_token: 'r', user_id: 'u', expires_at: 1e15 }
  const client = openClient({ url: 'http://127.0.0.1:1', tokens: memoryTokens(tokens) })
  const live = openLive(client, { retry_ms: 60_000 })
  const lost = Promise.withResolvers<undefined>()
  setImmediate(() => lost.resolve(undefined))
  await lost.promise
  await live.close()
  assert.equal(asked.includes('socket.io-client'), true)
  hooks.deregister()
})
