import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { operations } from '../../../contract/index.ts'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import { openHttp } from '../http.ts'
import { ask } from './client.ts'
import type { Asked } from './client.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** A server with its owner and another user, whose figures can be asked for. */
async function open(context: TestContext, { behind_proxy = false, isOn = true } = {}) {
  const server = await openTestApp()
  const { settings, log } = server.app.kernel
  const { expose } = server.app.measures
  const http = await openHttp({
    dispatch: server.app.dispatch,
    operations,
    settings: { ...settings, behind_proxy, trusted_proxies: ['127.0.0.0/8'] },
    log,
    metrics: isOn ? expose : undefined,
  })
  const port = Number(new URL(await http.listen()).port)
  context.after(async () => {
    await http.close(0)
    await server.remove()
  })
  const owner = await server.claim()
  await server.app.auth.addUser('bob@example.org', PASSWORD)
  const login = { email: 'bob@example.org', password: PASSWORD }
  const bob = await server.ask(undefined, 'auth.login', login)
  const read = (headers: Asked['headers'] = {}, more: Partial<Asked> = {}, path = '/metrics') =>
    ask({ port }, path, { ...more, headers: { authorization: undefined, ...headers } })
  return { server, read, owner: bearer(owner.token), bob: bearer(bob.access_token) }
}

test('the figures are not there unless they are switched on', async (context) => {
  const { read, owner } = await open(context, { isOn: false })
  assert.equal((await read()).status, 404)
  assert.equal((await read(owner)).status, 404)
})

test('a program on this machine reads them without a token, as text', async (context) => {
  const { read } = await open(context)
  const { status, headers, text } = await read()
  assert.deepEqual([status, headers['content-type']], [200, 'text/plain; version=0.0.4; charset=utf-8'])
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(text, /^paios_requests_total\{operation="auth\.setup",status="2xx"\} 1$/m)
  assert.match(
    (await read()).text,
    /^paios_requests_total\{operation="http\.near_metrics",status="2xx"\} 2$/m,
  )
})

test('what a proxy or a browser has sent needs the token of the owner, and nobody else’s will do', async (context) => {
  const { read, owner, bob } = await open(context)
  const foreign = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'referer', 'sec-fetch-site']
  for (const name of foreign) {
    assert.equal((await read({ [name]: 'it' })).status, 401, name)
    assert.equal((await read({ ...owner, [name]: 'it' })).status, 200, name)
  }
  assert.equal((await read(bob)).status, 403)
  assert.equal((await read({ authorization: 'Bearer wrong' })).status, 401)
})

test('behind a proxy nobody is near', async (context) => {
  const { read, owner, bob } = await open(context, { behind_proxy: true })
  assert.equal((await read()).status, 401)
  assert.equal((await read(bob)).status, 403)
  assert.equal((await read(owner)).status, 200)
})

test('they can only be read, at one address, and each time is in the audit', async (context) => {
  const { server, read } = await open(context)
  const posted = await read({}, { method: 'POST' })
  assert.deepEqual([posted.status, posted.headers['allow']], [405, 'GET, HEAD, OPTIONS'])
  assert.equal((await read({}, { method: 'HEAD' })).text, '')
  assert.equal((await read({}, {}, '/api/metrics')).status, 404)
  await server.app.kernel.audit.flush()
  const lines = server.app.kernel.audit.lines(undefined, 10)
  assert.ok(lines.some(({ operation, status }) => operation === 'http.near_metrics' && status === 200))
})
