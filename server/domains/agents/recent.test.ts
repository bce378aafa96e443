import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import { openRecent } from './recent.ts'

test('an agent is read anew after each commit, and that of another user is not found', async (t) => {
  const server = await openTestApp()
  t.after(() => server.remove())
  const { token, user_id } = await server.claim()
  const recent = openRecent(server.app.kernel.store)
  const before = recent(user_id, '2')
  assert.equal(recent(user_id, '2'), before)
  await server.ask(token, 'agents.update', { id: '2', description: 'Keeps what you say.' })
  assert.equal(recent(user_id, '2').description, 'Keeps what you say.')
  assert.throws(() => recent('018f0000-0000-7000-8000-000000000000', '2'), { code: 'AGENT_001' })
  await server.ask(token, 'agents.delete', { id: '2' })
  assert.throws(() => recent(user_id, '2'), { code: 'AGENT_001' })
})
