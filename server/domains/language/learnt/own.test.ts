import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf } from './kinds.ts'
import { joined, toOwn } from './own.ts'

const act = { perform: () => ({ data: {}, text: '' }) }
const doers = [
  { agent_number: 4, skill: { name: 'tasks', actions: { add: act, done: act } } },
  { agent_number: 0, skill: { name: 'system', actions: { stop: act } } },
] as unknown as Parameters<typeof toOwn>[1]

function example(text: string, agent_number = 4, action = 'add') {
  const [id, lesson_id, created_at] = ['one', 'one', '2026-11-22T10:00:00.000Z']
  return { id, lesson_id, text, agent_number, action, source: 'correction' as const, created_at }
}
const texts = (examples: readonly { text: string }[]) => examples.map(({ text }) => text)

test('of one label the newest 200 weigh, a sentence that was repeated once, and all are known by heart', () => {
  const many = Array.from({ length: 201 }, (_, place) => example(`say ${place}`))
  const own = toOwn([...many, example('wind it', 4, 'done'), example('Say 0!')], doers)
  const added = own.examples.filter(({ label }) => label === 'tasks/add')
  assert.deepEqual([added.length, own.examples.length, own.exact.size], [200, 201, 202])
  assert.deepEqual([texts(added).at(0), texts(added).at(-1)], ['say 2', 'Say 0!'])
  assert.ok(own.exact.has(keyOf('say 1')))
})

test('what stop is known by stays so, and is learnt as nothing else; of anything else the user is right', () => {
  const base = [
    { text: 'Quit it', label: 'system/stop' },
    { text: 'tick it off', label: 'tasks/done' },
  ]
  const own = toOwn([example('quit it!'), example('tick it off'), example('leave off', 0, 'stop')], doers)
  const { examples, changed } = joined(base, own)
  assert.deepEqual(examples, [
    { text: 'Quit it', label: 'system/stop' },
    { text: 'tick it off', label: 'tasks/add' },
    { text: 'leave off', label: 'system/stop' },
  ])
  assert.deepEqual(changed.toSorted(), ['system/stop', 'tasks/add', 'tasks/done'])
})
