import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal } from '../agents/fixture.ts'
import { execution } from '../agents/fixture.ts'
import { agentWith, declared, http, openWithService, text } from './rig.ts'

test('an action of a service is one of its agent, and what it answers is a result that nobody vouches for', async (t) => {
  const server = await openWithService(t, () => ({ data: { name: 'Tea', price: 3 } }))
  const find = declared({ name: 'find_item', method: 'GET', path: '/items/{id}' }, { id: text })
  const agent = await agentWith(server, http(`${server.origin}/v1/`, { actions: [find] }))
  assert.deepEqual(agent.available_actions, ['find_item'])
  const { result, status } = await server.act(20, 'find_item', { id: 'a b/c' })
  assert.equal(status, 'completed')
  const data = { status: 200, data: { name: 'Tea', price: 3 }, untrusted: true }
  assert.deepEqual([result?.data, result?.text], [data, 'Shop answered: Tea.'])
  assert.deepEqual(result?.metadata.resources_used, [`http:127.0.0.1:${server.port}`])
  const [got] = server.got
  assert.deepEqual([got?.method, got?.url, got?.body], ['GET', '/v1/items/a%20b%2Fc', ''])
})

test('each parameter goes where it belongs: path, query, header or body', async (t) => {
  const server = await openWithService(t)
  const list = { type: 'array', items: text }
  const make = declared(
    {
      name: 'make',
      method: 'POST',
      path: '/shops/{shop}/items',
      places: {
        tags: { in: 'query' },
        few: { in: 'query', explode: false },
        how: { in: 'header', name: 'X-How' },
      },
    },
    { shop: text, tags: list, few: list, how: text, title: text, price: { type: 'number' } },
  )
  const whole = declared(
    { name: 'put', method: 'PUT', path: '/all', places: { items: { in: 'whole' } } },
    { items: list },
  )
  const form = declared({ name: 'form', method: 'POST', path: '/form', body: 'form' }, { a: text, b: list })
  await agentWith(server, http(server.origin, { actions: [make, whole, form] }))
  const given = { shop: 'ä', tags: ['x&y', 'z'], few: ['1,2', '3'], how: 'fast', title: 'T', price: 1.5 }
  await server.done(20, 'make', given)
  await server.done(20, 'put', { items: ['a'] })
  await server.done(20, 'form', { a: 'x y', b: ['1', '2'] })
  const [made, put, sent] = server.got
  assert.equal(made?.url, '/shops/%C3%A4/items?tags=x%26y&tags=z&few=1%2C2,3')
  assert.deepEqual([made?.headers['x-how'], made?.body], ['fast', '{"title":"T","price":1.5}'])
  assert.deepEqual(
    [put?.method, put?.body, put?.headers['content-type']],
    ['PUT', '["a"]', 'application/json'],
  )
  assert.deepEqual(
    [sent?.body, sent?.headers['content-type']],
    ['a=x%20y&b=1&b=2', 'application/x-www-form-urlencoded'],
  )
})

test('no value leads out of the path that it stands in', async (t) => {
  const server = await openWithService(t)
  const actions = [
    declared({ name: 'one', method: 'GET', path: '/items/{id}/parts' }, { id: text }),
    declared({ name: 'two', method: 'GET', path: '/items/{a}{b}' }, { a: text, b: text }),
  ]
  await agentWith(server, http(`${server.origin}/v1`, { actions }))
  for (const id of ['..', '.', '../admin', 'a/../../admin', '..\\admin', '', '\ud800', '%2e%2E'])
    assert.match(
      (await server.act(20, 'one', { id })).result?.error ?? '',
      /^AGENT_002: The parameter id /,
      id,
    )
  const both = await server.act(20, 'two', { a: '.', b: '.' })
  assert.match(both.result?.error ?? '', /^AGENT_002: /)
  assert.deepEqual(server.got, [])
  for (const id of ['...', '%2f', '?a=b#c', 'a/b']) await server.done(20, 'one', { id })
  assert.deepEqual(
    server.got.map(({ url }) => url),
    ['/v1/items/.../parts', '/v1/items/%252f/parts', '/v1/items/%3Fa%3Db%23c/parts', '/v1/items/a%2Fb/parts'],
  )
})

test('parameters are held against their schema before anything is sent, and unknown ones are refused', async (t) => {
  const server = await openWithService(t)
  const take = declared(
    { name: 'take', method: 'POST', path: '/take' },
    { count: { type: 'integer', minimum: 1 } },
  )
  await agentWith(server, http(server.origin, { actions: [take] }))
  for (const [parameters, path] of [
    [{}, '/command/parameters/count'],
    [{ count: 0 }, '/command/parameters/count'],
    [{ count: 'x' }, '/command/parameters/count'],
    [{ count: 1, more: 1 }, '/command/parameters/more'],
  ] as const) {
    const reply = await server.call(
      server.ann.token,
      'agents.execute',
      execution(server.ann, 20, 'take', parameters),
    )
    const { status, details } = refusal(reply)
    assert.deepEqual([status, (details['issues'] as { path: string }[])[0]?.path], [400, path])
  }
  assert.deepEqual(server.got, [])
})

test('an answer whose status means trouble is a failure that says why, without pages and control characters', async (t) => {
  const answers = new Map<string, [number, unknown]>([
    ['gone', [404, { message: 'Not\u0007 Found.' }]],
    ['bad', [422, { error: { detail: 'x'.repeat(500) } }]],
    ['page', [500, undefined]],
  ])
  const server = await openWithService(t, ({ url }, response) => {
    const [status, data] = answers.get(url.slice(1)) ?? [200, {}]
    if (data !== undefined) return { status, data }
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Oops</h1>')
    return undefined
  })
  await agentWith(
    server,
    http(server.origin, { actions: [declared({ name: 'get', method: 'GET', path: '/{x}' }, { x: text })] }),
  )
  const error = async (x: string) => (await server.act(20, 'get', { x })).result?.error
  assert.equal(await error('gone'), 'AGENT_002: Shop answered with status 404: Not Found.')
  assert.equal(await error('bad'), `AGENT_002: Shop answered with status 422: ${'x'.repeat(199)}….`)
  assert.equal(await error('page'), 'AGENT_002: Shop answered with status 500.')
})

test('what is no JSON is a text, and what is too large or too deep is cut or left as one', async (t) => {
  const bodies = new Map([
    ['/text', 'just words'],
    ['/deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['/none', ''],
    ['/proto', '{"__proto__":{"x":1},"a":2}'],
  ])
  const server = await openWithService(t, ({ url }, response) => void response.end(bodies.get(url)))
  await agentWith(
    server,
    http(server.origin, { actions: [declared({ name: 'get', method: 'GET', path: '/{x}' }, { x: text })] }),
  )
  const data = async (x: string) => (await server.done(20, 'get', { x }))['data']
  assert.equal(await data('text'), 'just words')
  assert.equal(await data('deep'), bodies.get('/deep'))
  assert.equal(await data('none'), null)
  assert.equal(JSON.stringify(await data('proto')), '{"__proto__":{"x":1},"a":2}')
})

test('a redirect leads to no host but that of the service, unless its user has said so', async (t) => {
  const server = await openWithService(t, ({ url }, response) => {
    if (url !== '/go') return { data: 'arrived' }
    response.writeHead(302, { location: `http://localhost:${new URL(server.origin).port}/there` }).end()
    return undefined
  })
  const go = [declared({ name: 'go', method: 'GET', path: '/go' })]
  await agentWith(server, http(server.origin, { actions: go }))
  const { result } = await server.act(20, 'go')
  assert.match(
    result?.error ?? '',
    /^AGENT_002: localhost is not one of the hosts that this may be sent to: 127\.0\.0\.1\.$/,
  )
  assert.equal(server.got.length, 1)
})
