import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PendingApproval } from '../../../contract/approvals.ts'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import { eachDamage } from '../../../test/damage.ts'
import { dataOf, enrol } from '../../../test/passkeys.ts'

test('whatever is damaged in one approval, the others are listed and can be asked for', async (t) => {
  const server = await openTestApp()
  t.after(() => server.remove())
  const { token } = await server.claim()
  await enrol(server, token)
  const login = { email: 'ann@example.org', password: PASSWORD }
  const { access_token: asker } = await server.ask(undefined, 'auth.login', login)
  const request = async (name: string): Promise<string> => {
    const reply = await server.call(asker, 'agents.create', { name }, undefined, { approval: true })
    return dataOf<PendingApproval>(reply).approval_id
  }
  const whole = await request('Whole')
  const damaged = await request('Damaged')
  const place = { table: 'approvals', where: { id: damaged }, except: ['user_id'] }
  await eachDamage(server.app.kernel.store, place, async (damage) => {
    const { approvals } = await server.ask(token, 'approvals.list', { limit: 500 })
    const kept = approvals.find(({ id }) => id === whole)
    assert.deepEqual([kept?.status, kept?.input], ['pending', { name: 'Whole' }], damage)
    await server.ask(token, 'approvals.get', { id: damaged })
    assert.equal(await request('Whole'), whole)
    const another = await request(`Another ${damage.length}`)
    await server.ask(token, 'approvals.deny', { id: another })
    server.clock.advance(1_000)
  })
})
