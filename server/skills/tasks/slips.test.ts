import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { tasks } from './index.ts'
import { isSlip } from './slips.ts'

test('one letter left out, added, replaced or swapped is a slip, in either direction', () => {
  for (const [said, name] of [
    ['shoping', 'shopping'],
    ['shoppping', 'shopping'],
    ['shopoing', 'shopping'],
    ['shoppign', 'shopping'],
    ['hardwrae store', 'hardware store'],
    ['einkäufe', 'einkaufe'],
  ] as const) {
    assert.ok(isSlip(said, name), said)
    assert.ok(isSlip(name, said), said)
  }
})

test('short names, other first letters, numbers, two letters and the name itself are none', () => {
  for (const [said, name] of [
    ['shopping', 'shopping'],
    ['books', 'boots'],
    ['cooking', 'booking'],
    ['week 41', 'week 42'],
    ['week 4', 'week 42'],
    ['shpoing', 'shopping'],
    ['party', ''],
    ['', ''],
    ['to do', 'to dos'],
  ] as const)
    assert.equal(isSlip(said, name), false, said)
})

function open() {
  const can = openInMemory(Date.UTC(2026, 10, 26), 'UTC')
  return (name: string, parameters: object) => ask(tasks, name, can, parameters)
}

test('things go on the list there is, which is told, and no other list is made', async () => {
  const tell = open()
  await tell('add', { items: ['milk'], list: 'shopping' })
  const { text, data } = await tell('add', { items: ['eggs'], list: 'shoping' })
  assert.equal(
    text,
    'There is no shoping list, so I took your shopping list. Added eggs to your shopping list.',
  )
  assert.deepEqual(data, { added: ['eggs'], list: 'shopping' })
  const shown = await tell('list', { list: 'shoping' })
  assert.equal(shown.text, 'On your shopping list are milk and eggs.')
  assert.deepEqual(shown.data['other_lists'], [])
})

test('a list that is made, is there, or could be two others is the one that was said', async () => {
  const tell = open()
  await tell('add', { items: ['milk'], list: 'shopping' })
  const made = await tell('add', { items: ['bread'], list: 'shoping', create: true })
  assert.equal(made.text, 'Added bread to your shoping list.')
  assert.equal(
    (await tell('add', { items: ['tea'], list: 'shoping' })).text,
    'Added tea to your shoping list.',
  )
  assert.equal((await tell('add', { items: ['jam'], list: 'shopin' })).data['list'], 'shoping')
  assert.equal((await tell('add', { items: ['jam'], list: 'shoppin' })).data['list'], 'shopping')
  assert.equal((await tell('add', { items: ['jam'], list: 'shoppng' })).data['list'], 'shoppng')
})

test('nothing is taken off a list that was misspelt: it is asked about', async () => {
  const tell = open()
  await tell('add', { items: ['milk'], list: 'shopping' })
  const asks = new ActionError('There is nothing on your shoping list. Do you mean your shopping list?')
  for (const name of ['remove', 'done'])
    await assert.rejects(tell(name, { items: ['milk'], list: 'shoping' }), asks)
  await assert.rejects(tell('remove', { list: 'shoping' }), asks)
  assert.equal((await tell('list', { list: 'shopping' })).text, 'On your shopping list is milk.')
})
