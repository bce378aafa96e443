import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../../contract/index.ts'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import { openHttp } from '../http.ts'
import { ask, errorOf } from './client.ts'
import type { Answered, Asked } from './client.ts'
import { CLIENT_HEADER } from './cookie.ts'

const OTHER = 'https://other.example'
const app = await openTestApp()
const { settings, log } = app.app.kernel
const http = await openHttp({
  dispatch: app.app.dispatch,
  operations,
  settings: { ...settings, public_url: 'https://paios.example', allowed_origins: [OTHER] },
  log,
})
const port = Number(new URL(await http.listen()).port)
const NAME = `paios_refresh_${port}`
await app.claim('ann@example.org')
after(async () => {
  await http.close(0)
  await app.remove()
})

const own = { [CLIENT_HEADER]: 'page', origin: `http://localhost:${port}` }
const login = { email: 'ann@example.org', password: PASSWORD }

/** Asks as a stranger, who brings these headers alone. */
function post(path: string, headers: Asked['headers'] = {}, body?: object): Promise<Answered> {
  const sent = body === undefined ? {} : { body }
  return ask({ port }, `/api${path}`, {
    method: 'POST',
    headers: { authorization: undefined, ...headers },
    ...sent,
  })
}

interface Held {
  access_token: string
  refresh_token: string
  /** As a browser sends it back. */
  cookie: string
  set: string
}

function heldBy({ status, body, headers, text }: Answered): Held {
  assert.equal(status, 200, text)
  const [set = ''] = headers['set-cookie'] ?? []
  const { access_token, refresh_token } = body['data'] as Held
  return { access_token, refresh_token, set, cookie: set.split(';')[0] ?? '' }
}
const signIn = async (headers: Asked['headers'] = own) => heldBy(await post('/auth/login', headers, login))
const signOut = (headers: Asked['headers']) => post('/auth/logout', headers)
const refresh = (cookie: string, headers: Asked['headers'] = own) =>
  post('/auth/refresh', { ...headers, cookie })

test('what the page gets as its refresh token is a cookie for one address, out of the reach of scripts', async () => {
  const { refresh_token, set } = await signIn()
  assert.equal(refresh_token, 'cookie')
  const rest = 'Path=/api/auth/refresh; Max-Age=2592000; HttpOnly; SameSite=Strict'
  assert.match(set, new RegExp(`^${NAME}=[\\w-]{43}; ${rest}$`))
})

test('over TLS the cookie never leaves in the clear', async () => {
  const { set } = await signIn({ ...own, origin: 'https://paios.example' })
  assert.match(set, /^__Secure-paios_refresh=[\w-]{43}; .*; SameSite=Strict; Secure$/)
})

test('whoever is not the page has the token in the body and no cookie', async () => {
  const others: Asked['headers'][] = [
    {},
    { origin: own.origin },
    { [CLIENT_HEADER]: 'page' },
    { ...own, [CLIENT_HEADER]: 'Page' },
    { ...own, [CLIENT_HEADER]: ['page', 'page'] },
    { ...own, origin: OTHER },
  ]
  for (const headers of others) {
    const { refresh_token, set } = await signIn(headers)
    assert.match(refresh_token, /^[\w-]{43}$/, JSON.stringify(headers))
    assert.equal(set, '', JSON.stringify(headers))
  }
})

test('the cookie is exchanged for the next one, and the exchange is as good as a sign-in', async () => {
  const first = await signIn()
  const second = heldBy(await refresh(first.cookie))
  assert.notEqual(second.cookie, first.cookie)
  assert.equal(second.refresh_token, 'cookie')
  const me = await ask({ port }, '/api/auth/me', {
    headers: { authorization: `Bearer ${second.access_token}` },
  })
  assert.equal(me.status, 200)
  assert.equal(heldBy(await refresh(first.cookie)).cookie, second.cookie, 'two tabs that wake together')
})

test('a cookie that was used long ago ends the session, and the browser drops it', async () => {
  const first = await signIn()
  const second = heldBy(await refresh(first.cookie))
  app.clock.advance(10_001)
  for (const cookie of [first.cookie, second.cookie]) {
    const { status, headers } = await refresh(cookie)
    assert.equal(status, 401)
    assert.match(String(headers['set-cookie']), new RegExp(`^${NAME}=; Path=/api/auth/refresh; Max-Age=0;`))
  }
})

test('a cookie proves nothing to any other operation', async () => {
  const { cookie } = await signIn()
  const calls = [
    ['GET', '/auth/me'],
    ['GET', '/auth/sessions'],
    ['POST', '/auth/logout'],
    ['POST', '/auth/biometric/verify'],
    ['PUT', '/auth/preferences'],
    ['DELETE', '/auth/sessions/018f0000-0000-7000-8000-000000000001'],
  ] as const
  for (const [method, path] of calls) {
    const headers = { ...own, cookie, authorization: undefined }
    const answered = await ask({ port }, `/api${path}`, { method, headers })
    assert.deepEqual([answered.status, answered.headers['set-cookie']], [401, undefined], path)
  }
  assert.equal((await refresh(cookie)).status, 200, 'none of them has used it up')
})

test('the cookie alone is not enough: who sends it must be the page', async () => {
  const { cookie } = await signIn()
  const others: [Asked['headers'], number][] = [
    [{}, 401],
    [{ origin: own.origin }, 401],
    [{ [CLIENT_HEADER]: 'page' }, 401],
    [{ ...own, [CLIENT_HEADER]: 'console' }, 401],
    [{ ...own, origin: OTHER }, 401],
    [{ ...own, origin: `http://localhost:${port + 1}` }, 403],
    [{ ...own, origin: 'null' }, 403],
    [{ ...own, 'sec-fetch-site': 'cross-site' }, 403],
  ]
  for (const [headers, status] of others) {
    const answered = await refresh(cookie, headers)
    assert.deepEqual(
      [answered.status, answered.headers['set-cookie']],
      [status, undefined],
      JSON.stringify(headers),
    )
  }
  assert.equal((await refresh(cookie)).status, 200)
})

test('a cookie that is not the one that was set is none', async () => {
  const { cookie } = await signIn()
  const value = cookie.split('=')[1] ?? ''
  const others = [
    `paios_refresh=${value}`,
    `paios_refresh_${port + 1}=${value}`,
    `x${cookie}`,
    `${cookie}; ${NAME}=other`,
    `${NAME}="${value}"`,
    `${NAME}=${'a'.repeat(257)}`,
    `${NAME}=`,
  ]
  for (const other of others) {
    const { status, code } = errorOf(await refresh(other))
    assert.deepEqual([status, code], [401, 'AUTH_001'], other)
  }
  assert.equal((await refresh(`theme=dark; ${cookie} ; a=b`)).status, 200)
})

test('a token in the body outranks the cookie', async () => {
  const { cookie } = await signIn()
  const { refresh_token } = await signIn({})
  const second = heldBy(await post('/auth/refresh', { ...own, cookie }, { refresh_token }))
  assert.notEqual(second.cookie, cookie)
  assert.equal((await refresh(cookie)).status, 200)
  const wrong = errorOf(await post('/auth/refresh', { ...own, cookie }, { refresh_token: 'wrong' }))
  assert.deepEqual([wrong.status, wrong.code], [401, 'AUTH_004'])
})

test('signing out drops the cookie, for the page alone and only when it is done', async () => {
  const { access_token, cookie } = await signIn()
  assert.equal((await signOut({ ...own, authorization: 'Bearer wrong' })).headers['set-cookie'], undefined)
  assert.equal((await signOut({ authorization: `Bearer ${access_token}` })).headers['set-cookie'], undefined)
  const { headers } = await signOut({ ...own, authorization: `Bearer ${access_token}` })
  const rest = 'Path=/api/auth/refresh; Max-Age=0; HttpOnly; SameSite=Strict'
  assert.deepEqual(headers['set-cookie'], [`${NAME}=; ${rest}`])
  assert.equal((await refresh(cookie)).status, 401)
})

test('a new password comes with a new cookie', async () => {
  const { access_token, cookie } = await signIn()
  const next = 'another horse battery staple 9'
  const headers = { ...own, authorization: `Bearer ${access_token}` }
  const body = { current_password: PASSWORD, new_password: next }
  const changed = heldBy(await ask({ port }, '/api/auth/password', { method: 'PUT', headers, body }))
  assert.equal(changed.refresh_token, 'cookie')
  assert.equal((await refresh(cookie)).status, 401)
  assert.equal((await refresh(changed.cookie)).status, 200)
})
