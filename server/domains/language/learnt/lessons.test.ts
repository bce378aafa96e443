import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp } from '../../../../test/app.ts'
import { EXAMPLES_MAX, examplesIn, keyOf, stateOf } from './kinds.ts'
import type { Example } from './kinds.ts'
import { joined, readLabel, toOwn } from './own.ts'

const opened = await openTestApp()
after(() => opened.remove())
const { user_id } = await opened.claim()
const { lessons } = opened.app.language.learnt
const { kernel } = opened.app
const { store } = kernel

function example(text: string, agent_number = 4, action = 'add', lesson_id = 'one'): Example {
  const id = opened.app.kernel.id()
  return { id, lesson_id, text, agent_number, action, source: 'sample', created_at: kernel.now() }
}
const skill = (name: string, ...actions: string[]) => {
  const act = { perform: () => ({ data: {}, text: '' }) }
  return { name, actions: Object.fromEntries(actions.map((one) => [one, act])) }
}
const texts = async () => (await lessons.of(user_id)).map(({ text }) => text)

test('a lesson that is written in a transaction that fails was never there', async () => {
  const failing = store.write(async (tx) => {
    await lessons.write(tx, user_id, 'one', [example('wind it')])
    throw new RangeError('killed')
  })
  await assert.rejects(failing)
  assert.deepEqual(await texts(), [])
})

test('what is read while a lesson is written is not kept as if it were all', async () => {
  const [, before] = await Promise.all([
    store.write((tx) => lessons.write(tx, user_id, 'one', [example('wind it')])),
    texts(),
  ])
  assert.ok(before.length <= 1)
  assert.deepEqual(await texts(), ['wind it'])
  await store.write((tx) => lessons.write(tx, user_id, 'one', []))
  assert.deepEqual(await texts(), [])
})

test('5,000 examples fit, one more is refused, and nothing of it is kept', async () => {
  const many = Array.from({ length: EXAMPLES_MAX }, (_, place) => example(`say ${place}`))
  await store.write((tx) => lessons.write(tx, user_id, 'one', many))
  const more = store.write((tx) => lessons.write(tx, user_id, 'two', [example('one more')]))
  await assert.rejects(more, { code: 'GENERAL_001', message: /5,000 taught sentences/ })
  assert.equal((await texts()).length, EXAMPLES_MAX)
  // A lesson that takes its own place needs no room of its own.
  await store.write((tx) => lessons.write(tx, user_id, 'one', many.slice(1)))
  assert.equal((await texts()).length, EXAMPLES_MAX - 1)
  await store.write((tx) => lessons.write(tx, user_id, 'one', []))
})

test('a lesson and its state in the ledger are the same thing', () => {
  const lesson = [example('a'), example('b', 2, 'remember')]
  assert.deepEqual(examplesIn('one', stateOf(lesson)), lesson)
  assert.deepEqual([stateOf([]), examplesIn('one', undefined)], [undefined, []])
})

test('of the same sentence the last example counts, and what nobody can do rests', () => {
  const doers = [
    { agent_number: 4, skill: skill('tasks', 'add') },
    { agent_number: 12, skill: skill('tasks', 'add') },
    { agent_number: 2, skill: undefined },
  ] as unknown as Parameters<typeof toOwn>[1]
  const taught = [
    example('Wind it'),
    example('please wind it!', 12),
    example('dust it'),
    example('x', 2),
    example('y', 4, 'constructor'),
    example('z', 99),
  ]
  const own = toOwn(taught, doers)
  assert.deepEqual(
    own.examples.map(({ label }) => label),
    ['tasks/add@12', 'tasks/add'],
  )
  assert.deepEqual(own.exact.get(keyOf('WIND it')), { agent_number: 12, label: 'tasks/add' })
  assert.deepEqual(readLabel('tasks/add@12'), { label: 'tasks/add', agent_number: 12 })
  assert.deepEqual(readLabel('tasks/add'), { label: 'tasks/add', agent_number: undefined })
  const base = [
    { text: 'Wind it', label: 'notes/remember' },
    { text: 'hum', label: 'notes/recall' },
  ]
  const { examples, changed } = joined(base, own)
  assert.deepEqual(examples.map(({ text }) => text).toSorted(), ['dust it', 'hum', 'wind it'])
  assert.deepEqual(changed.toSorted(), ['notes/remember', 'tasks/add', 'tasks/add@12'])
})
