import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventData } from '../../../contract/events.ts'
import { operations } from '../../../contract/index.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openWhole } from '../../../test/journeys/rig.ts'
import type { Client } from '../../transports/socket/rig.ts'

const whole = await openWhole()
after(() => whole.remove())
const { app, ann, bob, ask, clock } = whole
const NAME = 'system:architecture_updated'
type Updated = EventData<typeof NAME>

/** Lets time pass until what was changed is told, and everything that is sent has arrived. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(Math.min(50, left))
    for (let turns = 0; turns < 20; turns += 1) await nextTurn()
  }
}

const heardBy = ({ heard }: Client) => heard.filter(([name]) => name === NAME).length

async function follow(token: string): Promise<Client> {
  const client = whole.open(token)
  await client.next('authenticated')
  assert.equal((await client.ask('system:subscribe_architecture')).success, true)
  return client
}

const rename = (name: string) => ask(ann.token, 'agents.update', { id: '2', name })
const pictures = async () => {
  const { events } = await app.kernel.events.since(ann.user_id, 0)
  return events.filter(({ name }) => name === NAME).length
}

test('a change is told with what it was and what came of it, to those of its user who follow', async () => {
  const [own, other] = [await follow(ann.token), await follow(bob.token)]
  const silent = whole.open(ann.token)
  await silent.next('authenticated')
  await rename('Diary')
  await pass(1_000)
  const [data] = await own.next(NAME)
  const { changes, new_architecture } = data as Updated
  const [change] = changes
  assert.deepEqual(
    [changes.length, change?.after_state['name'], change?.target.id, change?.applied_by],
    [1, 'Diary', ann.agents.get(2), ann.user_id],
  )
  assert.deepEqual(new_architecture, await ask(ann.token, 'system.architecture', {}))
  assert.equal(new_architecture.agents.find(({ agent_number }) => agent_number === 2)?.name, 'Diary')
  assert.deepEqual(findIssues(operations['system.architecture'].output, new_architecture), [])
  assert.deepEqual([heardBy(other), heardBy(silent)], [0, 0])
  for (const { socket } of [own, other, silent]) socket.disconnect()
})

test('a rollback is told like any other change, with both changes when they come together', async () => {
  const client = await follow(ann.token)
  await rename('Twice')
  await app.kernel.store.write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  await pass(1_000)
  const [data] = await client.next(NAME)
  const { changes } = data as Updated
  assert.deepEqual(
    changes.map(({ after_state }) => after_state['name']),
    ['Twice', 'Diary'],
  )
  client.socket.disconnect()
})

test('nothing is drawn any more once the last one who follows stops, or goes away', async () => {
  const client = await follow(ann.token)
  const before = await pictures()
  assert.equal((await client.ask('system:unsubscribe_architecture')).success, true)
  await rename('Unheard')
  await pass(1_000)
  assert.equal(await pictures(), before)
  await client.ask('system:subscribe_architecture')
  await client.ask('system:subscribe_architecture')
  client.socket.disconnect()
  await client.gone
  await pass(50)
  await rename('Unheard, too')
  await pass(1_000)
  assert.equal(await pictures(), before)
})

test('a program hears nothing of the architecture, and nothing is drawn for it', async () => {
  const { token = '' } = await ask(ann.token, 'messages.register', {
    agent_number: 40,
    name: 'Robot',
    capabilities: [],
    voice_commands: [],
    config_schema: { type: 'object' },
  })
  const program = await follow(token)
  const before = await pictures()
  await rename('Secret')
  await pass(1_000)
  assert.deepEqual([heardBy(program), await pictures()], [0, before])
  const reply = await whole.call(token, 'system.architecture', {})
  assert.equal(reply.ok, false)
})
