import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { openWeb } from './fixture.ts'
import { fetcher } from './index.ts'

/** A web of one page that answers by method with these. */
function open(answers: Record<string, { status: number; body?: string } | ActionError>) {
  const web = openWeb()
  const net: typeof web.net = {
    ...web.net,
    request: (given) => {
      const answer = answers[given.method ?? 'GET'] ?? new ActionError('unknown')
      web.pages.set('https://e.org/', answer)
      return web.net.request(given)
    },
  }
  const can = openInMemory(0, 'UTC', { net })
  const get = (parameters: object) => ask(fetcher, 'get', can, { url: 'e.org', ...parameters })
  return { get, methods: () => web.asked.map(({ method }) => method) }
}

test('where only the status is wanted, no body is asked for and none is kept', async () => {
  const { get, methods } = open({ HEAD: { status: 204 } })
  const { data, text } = await get({ status_only: true, headers: { accept: 'text/html' } })
  assert.deepEqual([data['status'], data['body'], text], [204, '', 'e.org answered.'])
  assert.deepEqual(methods(), ['HEAD'])
})

test('a server that refuses to be asked so is asked for the page, of which only the status is kept', async () => {
  const { get, methods } = open({ HEAD: { status: 405 }, GET: { status: 200, body: 'x'.repeat(900_000) } })
  const { data } = await get({ status_only: true })
  assert.deepEqual([data['status'], data['body'], data['encoding']], [200, '', 'text'])
  assert.deepEqual(methods(), ['HEAD', 'GET'])
  const gone = open({ HEAD: { status: 404 }, GET: { status: 404, body: 'no' } })
  const { data: told, text } = await gone.get({ status_only: true })
  assert.deepEqual([told['status'], told['body'], text], [404, '', 'e.org answered with status 404.'])
})

test('what cannot be reached is a failure, and without the wish everything is as it was', async () => {
  const down = open({ HEAD: new ActionError('refused') })
  await assert.rejects(down.get({ status_only: true }), /^ActionError: refused|refused/)
  assert.deepEqual(down.methods(), ['HEAD'])
  const whole = open({ GET: { status: 200, body: 'hello' } })
  for (const parameters of [{}, { status_only: false }])
    assert.equal((await whole.get(parameters)).data['body'], 'hello')
  assert.deepEqual(whole.methods(), ['GET', 'GET'])
  await assert.rejects(whole.get({ status_only: 'yes' }), TypeError)
})
