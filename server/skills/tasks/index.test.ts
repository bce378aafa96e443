import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { tasks } from './index.ts'
import { ITEMS } from './items.ts'

const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds

function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(tasks, name, can, parameters)
  const confirm = (parameters: Record<string, unknown>, name = 'remove') =>
    tasks.actions[name]?.confirm?.(can, parameters)
  const onList = async (list?: string) => {
    const { data } = await tell('list', list === undefined ? {} : { list })
    return (data['items'] as { text: string }[]).map(({ text }) => text)
  }
  return { can, tell, confirm, onList }
}

test('things go on the list that was said, however it was said, and else on the to do list', async () => {
  const { tell, onList } = open()
  const { data, text } = await tell('add', { items: ['milk', 'eggs'], list: 'My Shopping List' })
  assert.deepEqual(data, { added: ['milk', 'eggs'], list: 'shopping' })
  assert.equal(text, 'Added milk and eggs to your shopping list.')
  assert.equal(
    (await tell('add', { items: ['Call the bank.'] })).text,
    'Added Call the bank to your to do list.',
  )
  await tell('add', { items: ['stamps'], list: 'to-dos' })
  assert.deepEqual(await onList('the shopping list'), ['milk', 'eggs'])
  assert.deepEqual(await onList(), ['Call the bank', 'stamps'])
})

test('the end of what is added names a list that there is, and else is part of it', async () => {
  const { tell, onList } = open()
  await tell('add', { items: ['2 l of milk to shopping'] })
  await tell('add', { items: ['call mum to list'] })
  await tell('add', { items: ['rope', 'tape to camping'] })
  assert.deepEqual(
    [await onList('shopping'), await onList()],
    [['2 l of milk'], ['call mum', 'rope', 'tape to camping']],
  )
  await tell('add', { items: ['tent'], list: 'camping' })
  await tell('add', { items: ['rope', 'tape to the camping'] })
  assert.deepEqual(await onList('camping'), ['tent', 'rope', 'tape'])
  await tell('add', { items: ['lamp'], list: 'work' })
  await tell('add', { items: ['drive to work'] })
  await tell('add', { items: ['look forward to shopping'] })
  assert.deepEqual(await onList('work'), ['lamp'])
  await tell('add', { items: ['my shopping list rice', 'beans'] })
  assert.deepEqual(await onList('shopping'), ['2 l of milk', 'rice', 'beans'])
})

test('whether something is on a list is answered, with where else it is or that it is done', async () => {
  const { tell } = open()
  await tell('add', { items: ['oat milk', 'tea'], list: 'shopping' })
  await tell('done', { items: ['tea'], list: 'shopping' })
  const is = async (item: string, list?: string) => (await tell('list', { item, list })).text
  assert.equal(await is('milk', 'shopping'), 'Yes: on your shopping list there is oat milk.')
  assert.equal(await is('milk'), 'Not on your to do list: milk. Oat milk is on your shopping list.')
  assert.equal(await is('tea', 'shopping'), 'Not on your shopping list: tea. It was done already.')
  assert.equal(
    await is('milk and salt', 'shopping'),
    'Yes: on your shopping list there is oat milk. Not on your shopping list: salt.',
  )
  assert.equal(await is('salt', 'shopping'), 'Not on your shopping list: salt.')
})

test('the lists that there are, are named with how much is open on them', async () => {
  const { tell } = open()
  assert.match((await tell('list', { names: true })).text, /^You have no list yet\. /)
  await tell('add', { items: ['milk', 'tea'], list: 'shopping' })
  await tell('add', { items: ['call Ann'] })
  await tell('done', { items: ['tea'], list: 'shopping' })
  const { text } = await tell('list', { names: true })
  assert.equal(text, 'You have 2 lists: shopping with 1 item and to do with 1 item.')
})

test('a list is the same by singular and plural', async () => {
  const { tell, onList } = open()
  await tell('add', { items: ['tea'], list: 'groceries' })
  await tell('add', { items: ['rice'], list: 'grocery list' })
  assert.deepEqual(await onList('groceries'), ['tea', 'rice'])
})

test('what is there already is said and not added twice', async () => {
  const { tell, onList } = open()
  await tell('add', { items: ['milk', 'Milk', ' milk. '], list: 'shopping' })
  const { data, text } = await tell('add', { items: ['the Milk', 'bread'], list: 'shopping' })
  assert.deepEqual(data['added'], ['bread'])
  assert.equal(text, 'Added bread to your shopping list. Milk is already on your shopping list.')
  assert.equal(
    (await tell('add', { items: ['milk'], list: 'shopping' })).text,
    'Milk is already on your shopping list.',
  )
  await tell('add', { items: ['oat milk'], list: 'shopping' })
  assert.deepEqual(await onList('shopping'), ['milk', 'bread', 'oat milk'])
})

test('done things leave the list, and return to its end when they are needed again', async () => {
  const { can, tell, onList } = open()
  await tell('add', { items: ['milk', 'eggs'], list: 'shopping' })
  const { data, text } = await tell('done', { items: ['the milk', 'butter'] })
  assert.deepEqual(data, { done: ['milk'], missing: ['butter'] })
  assert.equal(text, 'Done: milk. I could not find butter.')
  assert.deepEqual(await onList('shopping'), ['eggs'])
  await tell('add', { items: ['milk'], list: 'shopping' })
  assert.deepEqual(await onList('shopping'), ['eggs', 'milk'])
  assert.equal((await can.records.list(ITEMS)).length, 2)
})

test('what is on no list cannot be done, and what is there is named', async () => {
  const { tell } = open()
  await assert.rejects(
    tell('done', { items: ['x'], list: 'party' }),
    new ActionError('There is nothing on your party list.'),
  )
  await tell('add', { items: ['cups'], list: 'party' })
  const refusal = new ActionError('I cannot find "plates" on your party list. There is cups.')
  await assert.rejects(tell('done', { items: ['plates'], list: 'party' }), refusal)
  await assert.rejects(tell('add', { items: [' . '] }), new ActionError('What should I add?'))
})

test('two things of one name are told apart by their list, or the to do list is meant', async () => {
  const { tell, onList } = open()
  await tell('add', { items: ['tape'], list: 'garden' })
  await tell('add', { items: ['tape'], list: 'office' })
  const refusal = new ActionError(
    '"tape" could be "tape" on your garden list or "tape" on your office list. Which one do you mean?',
  )
  await assert.rejects(tell('done', { items: ['tape'] }), refusal)
  await tell('add', { items: ['tape'] })
  await tell('done', { items: ['tape'] })
  assert.deepEqual([await onList(), await onList('garden')], [[], ['tape']])
})

test('one thing is removed without asking, several only after asking', async () => {
  const { tell, confirm, onList } = open()
  await tell('add', { items: ['milk', 'eggs', 'tea'], list: 'shopping' })
  assert.equal(await confirm({ items: ['milk'] }), undefined)
  assert.equal(await confirm({ items: ['milk', 'tea'] }), 'That removes 2 items: milk and tea. Shall I?')
  const { text } = await tell('remove', { items: ['milk', 'tea'], list: 'shopping' })
  assert.equal(text, 'Removed milk and tea from your shopping list.')
  assert.deepEqual(await onList('shopping'), ['eggs'])
  await assert.rejects(tell('remove', { items: ['rice'] }), ActionError)
  assert.equal(await confirm({ items: ['rice', 'jam'], list: 'garden' }), undefined)
})

test('a thing that is done already can still be removed, after those that are not', async () => {
  const { can, tell } = open()
  await tell('add', { items: ['milk'] })
  await tell('done', { items: ['milk'] })
  await tell('remove', { items: ['milk'] })
  assert.deepEqual(await can.records.list(ITEMS), [])
})

test('priority moves a thing to the top or the bottom of its own list', async () => {
  const { tell, onList } = open()
  await tell('add', { items: ['rent', 'tax return', 'gutters'] })
  const { data, text } = await tell('prioritise', { item: 'the tax return' })
  assert.deepEqual(data, { item: 'tax return', list: 'to do', priority: 'high' })
  assert.equal(text, '"tax return" is now at the top of your to do list, with high priority.')
  await tell('prioritise', { item: 'rent', priority: 'lowest' })
  assert.deepEqual(await onList(), ['tax return', 'gutters', 'rent'])
  await tell('add', { items: ['new'] })
  assert.deepEqual((await onList()).at(-1), 'new')
  await assert.rejects(tell('prioritise', { item: 'vet' }), ActionError)
  await assert.rejects(tell('prioritise', { item: 'rent', priority: 'purple' }), TypeError)
})

test('an empty list says so and names the others', async () => {
  const { tell } = open()
  assert.equal((await tell('list')).text, 'Your to do list is empty.')
  await tell('add', { items: ['milk', 'tea'], list: 'shopping' })
  const { data, text } = await tell('list')
  assert.equal(text, 'Your to do list is empty. There is also shopping with 2 items.')
  assert.deepEqual(data['other_lists'], [{ list: 'shopping', count: 2 }])
  assert.equal((await tell('list', { list: 'shopping' })).text, 'On your shopping list are milk and tea.')
})

test('a table becomes items of a list, with its priorities, and none twice', async () => {
  const { tell } = open()
  await tell('add', { items: ['Call vet'] })
  const { data, text } = await tell('import_csv', {
    csv: 'task,priority\nCall vet,1\nOrder ink,2\n\nPay rent,high\n',
  })
  assert.deepEqual(data, { added: ['Order ink', 'Pay rent'], list: 'to do' })
  assert.equal(text, 'Added 2 items to your to do list. 1 item had been there already.')
  const { data: listed } = await tell('list')
  const priorities = (listed['items'] as { priority: string }[]).map(({ priority }) => priority)
  assert.deepEqual(priorities, ['normal', 'normal', 'high'])
})

test('an empty table or one of more than 500 items is refused, and nothing is added', async () => {
  const { tell, onList } = open()
  await assert.rejects(
    tell('import_csv', { csv: 'item\n\n' }),
    new ActionError('There are no items in this table.'),
  )
  const rows = Array.from({ length: 501 }, (_, index) => `thing ${index}`)
  await assert.rejects(tell('import_csv', { csv: `item\n${rows.join('\n')}` }), ActionError)
  assert.deepEqual(await onList(), [])
})

test('what was done long ago is cleared away when something is added to its list', async () => {
  const { can, tell } = open()
  await tell('add', { items: ['milk'] })
  await tell('done', { items: ['milk'] })
  can.clock.now += 91 * 86_400_000
  await tell('add', { items: ['tea'] })
  assert.equal((await can.records.list(ITEMS)).length, 1)
})

test('what is to be put somewhere that is no list is asked about, and a thing to do is not', async () => {
  const { confirm } = open()
  for (const item of [
    'two tickets to my booking',
    'me to the group',
    'salt to this soup',
    'salt to taste',
    "it's salt",
    'sun list hat',
    'salt, stir it',
  ])
    assert.equal(
      await confirm({ items: item.split(', ') }, 'add'),
      `Shall I put “${item}” on your to do list?`,
    )
  const things = ['milk', 'take the bins to the kerb', 'visit to the dentist', 'call IT']
  for (const items of [...things, 'dinner on Friday', 'wash the car and wax it'].map((item) => [item]))
    assert.equal(await confirm({ items }, 'add'), undefined, items.join())
  assert.equal(await confirm({ items: ['me to the group'], list: 'garden' }, 'add'), undefined)
})

test('a list that there is not is made for things, and asked about for what somebody tells', async () => {
  const { tell, confirm } = open()
  const items = ['six games and I was in goal']
  assert.equal(await confirm({ items: ['jam'], list: 'cellar' }, 'add'), undefined)
  assert.match((await confirm({ items: ['jam'], list: 'we' }, 'add')) ?? '', /^There is no we list\./)
  assert.match((await confirm({ items, list: 'we' }, 'add')) ?? '', /^There is no we list\. Shall I make it/)
  await tell('add', { items: ['ball'], list: 'club' })
  for (const list of ['club', 'Clubs', 'the club'])
    assert.equal(await confirm({ items, list }, 'add'), undefined, list)
})
