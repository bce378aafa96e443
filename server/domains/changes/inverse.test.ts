import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openUndoing, stateOf } from './fixture.ts'

type Said = readonly [agent: number, action: string, parameters: Record<string, unknown>]

const ICS = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:lunch@example.org
DTSTAMP:20261101T000000Z
DTSTART:20261201T110000Z
DTEND:20261201T120000Z
SUMMARY:Lunch
END:VEVENT
END:VCALENDAR
`

/** What is there before, and every action of the daily agents that writes. */
const BEFORE: readonly Said[] = [
  [2, 'remember', { text: 'the bike code is 1234', tags: ['code'] }],
  [2, 'remember', { text: 'Karin likes tulips' }],
  [3, 'remind', { text: 'stretch', in_seconds: 600 }],
  [3, 'remind', { text: 'water the fern', at: '2026-11-23T08:00', repeat: 'daily' }],
  [4, 'add', { items: ['milk', 'eggs', 'bread'], list: 'shopping' }],
  [4, 'add', { items: ['call the vet'] }],
]
const DEEDS: readonly Said[] = [
  [2, 'remember', { text: 'the spare key is with Ahmed', tags: ['key', 'house'], memory_type: 'fact' }],
  [2, 'forget', { query: 'bike code' }],
  [2, 'tag', { query: 'tulips', tags: ['Flowers'] }],
  [2, 'import_text', { text: 'First point.\n\nSecond point.', source: 'a book' }],
  [3, 'remind', { text: 'call home', at: '2026-11-24' }],
  [3, 'timer', { seconds: 60, label: 'tea' }],
  [3, 'snooze', { text: 'stretch', seconds: 60 }],
  [3, 'cancel', { text: 'stretch' }],
  [3, 'cancel', { text: 'fern' }],
  [3, 'import_ics', { ics: ICS.replaceAll('\n', '\r\n') }],
  [4, 'add', { items: ['jam', 'milk'], list: 'shopping' }],
  [4, 'done', { items: ['milk', 'eggs'] }],
  [4, 'remove', { items: ['bread', 'call the vet'] }],
  [4, 'prioritise', { item: 'bread' }],
  [4, 'import_csv', { csv: 'item,priority\nsoap,high\nsponge,low', list: 'shopping' }],
]

test('every daily deed is undone to the state before it and done again to the state after it', async (context) => {
  const server = await openUndoing(context)
  for (const [agent, action, parameters] of BEFORE) await server.done(agent, action, parameters)
  for (const [agent, action, parameters] of DEEDS) {
    const before = stateOf(server)
    const { execution_id, result } = await server.act(agent, action, parameters)
    assert.equal(result?.success, true, `${action}: ${result?.error}`)
    const after = stateOf(server)
    assert.notDeepEqual(after, before, action)
    const undone = await server.undo()
    assert.deepEqual([undone.undone, undone.text], [execution_id, `Undone: ${result?.text}`])
    assert.deepEqual(stateOf(server), before, action)
    const redone = await server.redo()
    assert.deepEqual([redone.undone, redone.text], [undone.execution_id, `Done again: ${result?.text}`])
    assert.deepEqual(stateOf(server), after, action)
    await server.undo()
    assert.deepEqual(stateOf(server), before, action)
  }
})

test('all that was done is undone step by step to where it began, and done again to where it ended', async (context) => {
  const server = await openUndoing(context)
  const states = [stateOf(server)]
  // The second cancellation and the last of the bread would find nothing left.
  const deeds = [...BEFORE, ...DEEDS.filter(([, action]) => action !== 'cancel' && action !== 'prioritise')]
  for (const [agent, action, parameters] of deeds) {
    await server.done(agent, action, parameters)
    states.push(stateOf(server))
  }
  for (const state of states.slice(0, -1).toReversed()) {
    await server.undo()
    assert.deepEqual(stateOf(server), state)
  }
  await assert.rejects(server.undo(), { code: 'GENERAL_001', status: 404 })
  for (const state of states.slice(1)) {
    await server.redo()
    assert.deepEqual(stateOf(server), state)
  }
  await assert.rejects(server.redo(), { code: 'GENERAL_001', status: 404 })
})

test('what only reads, fails or changes nothing is no deed', async (context) => {
  const server = await openUndoing(context)
  const { execution_id } = await server.act(4, 'add', { items: ['milk'] })
  await server.act(4, 'list')
  await server.act(4, 'done', { items: ['no such thing'] })
  await server.act(4, 'add', { items: ['milk'] })
  await server.act(5, 'calculate', { expression: '1' })
  assert.equal((await server.undo()).undone, execution_id)
})

test('what rang is found again when clearing it away is undone', async (context) => {
  const server = await openUndoing(context)
  await server.done(3, 'timer', { seconds: 1 })
  server.clock.advance(1_000)
  for (let turn = 0; turn < 20; turn += 1) await server.write(() => Promise.resolve())
  server.clock.advance(31 * 86_400_000)
  await server.signIn()
  const before = stateOf(server)
  await server.done(3, 'timer', { seconds: 2 })
  await server.undo()
  assert.deepEqual(stateOf(server), before)
})
