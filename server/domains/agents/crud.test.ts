import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refusal, refused } from './fixture.ts'

const numbers = ({ agents }: { agents: { agent_number: number }[] }) =>
  agents.map(({ agent_number }) => agent_number)

test('a new agent gets the lowest free number from 20, and is answered as it is read back', async (context) => {
  const { ask, ann, own } = await openServer(context)
  assert.equal((await own({ name: 'First', agent_number: 21 })).agent_number, 21)
  assert.equal((await own({ name: 'Second' })).agent_number, 20)
  const third = await own({ name: 'Third', description: 'No. 3', is_active: false, voice_enabled: false })
  assert.equal(third.agent_number, 22)
  assert.deepEqual(await ask(ann.token, 'agents.get', { id: third.id }), third)
  assert.deepEqual(await ask(ann.token, 'agents.get', { id: '22' }), third)
  assert.deepEqual([third.description, third.is_active, third.voice_enabled], ['No. 3', false, false])
  assert.equal(third.status.state, 'disabled')
  assert.deepEqual(third.available_actions, [])
})

test('numbers outside of 1 to 9999 are malformed, reserved ones invalid, taken ones a conflict', async (context) => {
  const { call, ann, own } = await openServer(context)
  await own({ name: 'Last', agent_number: 9999 })
  const wanted = async (agent_number: number) =>
    refused(await call(ann.token, 'agents.create', { name: 'Mine', agent_number }))
  for (const number of [0, -1, 10_000, 20.5])
    assert.equal(await wanted(number), '400 GENERAL_001', `${number}`)
  for (const number of [1, 6, 7, 19]) assert.equal(await wanted(number), '422 AGENT_004', `${number}`)
  const reply = await call(ann.token, 'agents.create', { name: 'Mine', agent_number: 9999 })
  assert.deepEqual(refusal(reply), { status: 409, code: 'AGENT_004', details: { field: 'agent_number' } })
})

test('the number of a deleted built-in agent stays reserved', async (context) => {
  const { ask, call, ann } = await openServer(context)
  await ask(ann.token, 'agents.delete', { id: '6' })
  const reply = await call(ann.token, 'agents.create', { name: 'Mine', agent_number: 6 })
  assert.equal(refused(reply), '422 AGENT_004')
})

test('the number of a deleted agent is free again, unless a log still names it', async (context) => {
  const { ask, call, ann, own, act } = await openServer(context)
  const config = { preferences: { skill: 'data' } }
  await own({ name: 'Quiet', config })
  await own({ name: 'Busy', config })
  await act(21, 'calculate', { expression: '1 + 1' })
  for (const id of ['20', '21']) await ask(ann.token, 'agents.delete', { id })
  const taken = await call(ann.token, 'agents.create', { name: 'Next', agent_number: 21 })
  assert.deepEqual(refusal(taken), { status: 409, code: 'AGENT_004', details: { field: 'agent_number' } })
  assert.equal((await own({ name: 'Next' })).agent_number, 20)
  assert.equal((await own({ name: 'After' })).agent_number, 22)
})

const SAME: readonly string[] = ['Mine', 'mine', '  MINE ', 'Ｍｉｎｅ', 'Mıne', 'Mine\uFEFF']

test('a name is unique without regard to case, width and surrounding space', async (context) => {
  const { call, ann, own } = await openServer(context)
  await own({ name: 'Mine' })
  await own({ name: 'Two  words' })
  for (const name of [...SAME, 'two words', 'notes & memory']) {
    const reply = await call(ann.token, 'agents.create', { name })
    const taken = { status: 409, code: 'AGENT_004', details: { field: 'name' } }
    assert.deepEqual(refusal(reply), taken, JSON.stringify(name))
  }
  assert.equal((await own({ name: 'Mine 2' })).agent_number, 22)
})

test('a name has 1 to 80 characters, something to see, and no controls', async (context) => {
  const { call, ann, own } = await openServer(context)
  const named = async (name: string) => refused(await call(ann.token, 'agents.create', { name }))
  assert.equal(await named(''), '400 GENERAL_001')
  assert.equal(await named('x'.repeat(81)), '400 GENERAL_001')
  for (const name of [' ', '\u200B', '!?', '🦊', 'a\u0000b', 'a\nb', 'a\u0085b', 'a\u200Bb', 'a\u2060'])
    assert.equal(await named(name), '422 AGENT_004', JSON.stringify(name))
  assert.equal((await own({ name: 'x'.repeat(80) })).name.length, 80)
  const hostile = '<img src=x onerror=1> "; DROP TABLE agents; -- 日本'
  assert.equal((await own({ name: ` ${hostile} ` })).name, hostile)
})

test('two users may have agents of the same name and number', async (context) => {
  const { ask, own, bob } = await openServer(context)
  const mine = await own({ name: 'Twin' })
  const { token } = await bob()
  const theirs = await ask(token, 'agents.create', { name: 'Twin' })
  assert.equal(theirs.agent_number, mine.agent_number)
  assert.notEqual(theirs.id, mine.id)
})

test('the list is in the order of the numbers, counts all, and pages only when asked to', async (context) => {
  const { ask, ann, own } = await openServer(context)
  await own({ name: 'Off', is_active: false })
  const all = await ask(ann.token, 'agents.list', {})
  assert.deepEqual(
    [numbers(all), all.total_count, all.active_count],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 20], 10, 9],
  )
  assert.equal(all.next_cursor, undefined)
  const page = await ask(ann.token, 'agents.list', { limit: 3 })
  assert.deepEqual([numbers(page), page.total_count], [[1, 2, 3], 10])
  const rest = await ask(ann.token, 'agents.list', { limit: 8, cursor: page.next_cursor ?? '' })
  assert.deepEqual([numbers(rest), rest.next_cursor], [[4, 5, 6, 7, 8, 9, 20], undefined])
  assert.deepEqual(numbers(await ask(ann.token, 'agents.list', { active: false })), [20])
  assert.deepEqual(
    numbers(await ask(ann.token, 'agents.list', { active: true })),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
})

test('a page needs a limit of 1 to 500 and a cursor that was given out', async (context) => {
  const { call, ann } = await openServer(context)
  const outcome = async (input: { limit?: number; cursor?: string }) =>
    refused(await call(ann.token, 'agents.list', input))
  for (const limit of [0, 501, 1.5]) assert.equal(await outcome({ limit }), '400 GENERAL_001', `${limit}`)
  for (const cursor of ['x', 'bnVsbA', 'ImFiYyI'])
    assert.equal(await outcome({ cursor }), '400 GENERAL_001', cursor)
})

test('what an agent is created from is checked whole: unknown fields are refused by path', async (context) => {
  const { call, ann } = await openServer(context)
  const given = { name: 'Mine', status: { state: 'idle' }, user_id: ann.user_id, health: 1 }
  const { status, code, details } = refusal(await call(ann.token, 'agents.create', given))
  assert.deepEqual([status, code], [400, 'GENERAL_001'])
  const paths = (details['issues'] as { path: string }[]).map(({ path }) => path)
  assert.deepEqual(paths.toSorted(), ['/health', '/status', '/user_id'])
})

test('a creation that is sent again under its key makes one agent', async (context) => {
  const { ask, call, ann } = await openServer(context)
  const first = await call(ann.token, 'agents.create', { name: 'Once' }, 'key-1')
  const again = await call(ann.token, 'agents.create', { name: 'Once' }, 'key-1')
  assert.equal(first.ok && again.ok, true)
  assert.deepEqual(first.ok && first.data, again.ok && again.data)
  assert.equal((await ask(ann.token, 'agents.list', {})).total_count, 10)
  assert.equal(refused(await call(ann.token, 'agents.create', { name: 'Other' }, 'key-1')), '409 GENERAL_001')
})
