import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operations } from '../contract/index.ts'
import type { Operation } from '../contract/operation.ts'
import { toRequest } from './request.ts'

test('every operation has its own address, and only those that write have a body', () => {
  const written = Object.values<Operation>(operations).map((operation) =>
    toRequest(operation, { id: '7', other_id: '9', memory_id: '8', token: 't', agent: '5' }),
  )
  assert.equal(new Set(written.map(({ method, path }) => `${method} ${path}`)).size, written.length)
  for (const { method, path, body } of written) {
    assert.match(path, /^\/api\/[^:]*$/)
    assert.equal(body === undefined, method === 'GET' || method === 'DELETE', `${method} ${path}`)
  }
})

test('what is undefined is as absent as what is not there, and nothing is sent twice', () => {
  const input = { id: 'ä/b', name: undefined, is_active: false }
  assert.deepEqual(toRequest(operations['agents.update'], input), {
    method: 'PUT',
    path: '/api/agents/%C3%A4%2Fb',
    body: '{"is_active":false}',
  })
  const query = { id: '7', tags: ['a,b', 'c'], limit: 2, since: undefined }
  assert.equal(
    toRequest(operations['agents.memory'], query).path,
    '/api/agents/7/memory?tags=a%2Cb&tags=c&limit=2',
  )
})
