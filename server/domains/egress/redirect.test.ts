import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../kernel/fault.ts'
import { BOUNDS } from './bounds.ts'
import { toHop } from './parse.ts'
import { follow } from './redirect.ts'

const headers = {
  Authorization: 'Bearer x',
  'X-Key': 'k',
  Accept: 'a/b',
  'User-Agent': 'me',
  'Content-Type': 't/x',
}
const post = toHop({ url: 'https://a.example/x/y', method: 'POST', headers, body: 'body' }, BOUNDS)
const get = toHop({ url: 'https://a.example/x/y', headers }, BOUNDS)

test('301, 302 and 303 turn a POST into a GET without its body, 307 and 308 keep it', () => {
  for (const status of [301, 302, 303]) {
    const next = follow(post, status, 'z')
    assert.deepEqual([next.method, next.body, next.url.href], ['GET', undefined, 'https://a.example/x/z'])
    assert.deepEqual(Object.keys(next.headers), ['authorization', 'x-key', 'accept', 'user-agent'])
  }
  for (const status of [307, 308]) {
    const next = follow(post, status, '/z')
    assert.deepEqual([next.method, next.body, next.headers], ['POST', post.body, post.headers])
  }
  const put = { ...post, method: 'PUT' }
  assert.deepEqual(
    [301, 302, 303].map((status) => follow(put, status, '/').method),
    ['PUT', 'PUT', 'GET'],
  )
  assert.equal(follow({ ...get, method: 'HEAD' }, 303, '/').method, 'HEAD')
})

test('whatever a caller said to one origin is not said to another, be it only another port', () => {
  for (const location of [
    'https://b.example/',
    'https://a.example:8443/',
    '//c.a.example/',
    'https://a.example./',
  ]) {
    const kept = Object.keys(follow(get, 302, location).headers)
    const expected = location.includes('a.example./') ? 5 : 3
    assert.equal(kept.length, expected, location)
    assert.equal(kept.includes('authorization'), expected === 5, location)
  }
  const back = follow(follow(get, 302, 'https://b.example/'), 302, 'https://a.example/')
  assert.deepEqual(Object.keys(back.headers), ['accept', 'user-agent', 'content-type'])
})

test('a redirect leads neither from https to http nor to anything that could not be asked for itself', () => {
  assert.throws(
    () => follow(get, 302, 'http://a.example/'),
    (error) => error instanceof Fault && error.status === 403 && /from https to http/.test(error.message),
  )
  assert.equal(
    follow({ ...get, url: new URL('http://a.example/') }, 302, 'https://a.example/').url.protocol,
    'https:',
  )
  for (const location of [
    'file:///etc/passwd',
    'data:,x',
    'https://u:p@a.example/',
    'https://[::1',
    'javascript:1',
  ])
    assert.throws(
      () => follow(get, 302, location),
      (error) => error instanceof Fault && error.status === 400,
      location,
    )
})
