import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { notes } from './index.ts'

const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds

function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(notes, name, can, parameters)
  const confirm = (parameters: Record<string, unknown>, name = 'forget') =>
    notes.actions[name]?.confirm?.(can, parameters)
  return { can, tell, confirm }
}

test('what was told is told back to the one who said it', async () => {
  const { tell } = open()
  const { text } = await tell('remember', { text: ' the boiler service is on 3 March ' })
  assert.equal(text, 'I will remember: the boiler service is on 3 March.')
  await tell('remember', { text: 'my locker number is 4471' })
  const boiler = await tell('recall', { query: 'when is the boiler service' })
  assert.equal(boiler.text, 'You said: the boiler service is on 3 March.')
  assert.equal((await tell('recall', { query: 'locker' })).text, 'You said: your locker number is 4471.')
})

test('what was never told is not made up', async () => {
  const { tell } = open()
  await tell('remember', { text: 'the boiler service is on 3 March' })
  const { data, text } = await tell('recall', { query: 'passport' })
  assert.deepEqual([data, text], [{ memories: [] }, 'I have nothing noted about "passport".'])
})

test('tags are kept in one form, added to and searched by', async () => {
  const { tell } = open()
  const { data } = await tell('remember', { text: 'tyres are 205', tags: ['#Car', 'car '] })
  await tell('remember', { text: 'the cellar is 205 steps down' })
  const tagged = await tell('tag', { query: 'tyres', tags: ['Winter'] })
  assert.deepEqual(tagged.data, { memory_id: data['memory_id'], tags: ['car', 'winter'] })
  assert.equal(tagged.text, 'Tagged "tyres are 205" with winter.')
  const found = await tell('recall', { query: '205', tags: ['car'] })
  assert.equal((found.data['memories'] as object[]).length, 1)
  assert.equal((await tell('list', { tags: ['winter'] })).text, '1 note: "tyres are 205".')
})

test('a note to tag is the newest unless named, and must be one', async () => {
  const { tell } = open()
  await assert.rejects(tell('tag', { tags: ['x'] }), new ActionError('There are no notes to tag.'))
  await tell('remember', { text: 'boiler bill paid' })
  await tell('remember', { text: 'boiler service done' })
  assert.equal((await tell('tag', { tags: ['house'] })).text, 'Tagged "boiler service done" with house.')
  await assert.rejects(tell('tag', { query: 'boiler', tags: ['x'] }), ActionError)
  await assert.rejects(tell('tag', { query: 'tyres', tags: ['x'] }), ActionError)
  const many = Array.from({ length: 32 }, (_, index) => `t${index}`)
  await assert.rejects(tell('tag', { tags: many }), new ActionError('A note can have 32 tags.'))
})

test('a note is pinned and let go: the newest unless it is said which, and it must be one', async () => {
  const { tell, can } = open()
  await assert.rejects(tell('pin'), new ActionError('There are no notes yet.'))
  await tell('remember', { text: 'Tom likes tea' })
  await tell('remember', { text: 'Ann likes coffee' })
  assert.equal((await tell('pin')).text, 'Pinned: "Ann likes coffee".')
  assert.equal((await tell('pin', { query: 'Tom' })).text, 'Pinned: "Tom likes tea".')
  assert.equal((await tell('unpin', { query: 'Ann' })).text, 'No longer pinned: "Ann likes coffee".')
  const entries = await can.memory.list({})
  assert.deepEqual(
    entries.map(({ pinned }) => pinned),
    [false, true],
  )
  await assert.rejects(tell('pin', { query: 'likes' }), ActionError)
  await assert.rejects(
    tell('pin', { query: 'zebra' }),
    new ActionError('I have nothing noted about "zebra".'),
  )
})

test('the newest note is forgotten at once when it was just made, and asked about when it is older', async () => {
  const { tell, can, confirm } = open()
  await assert.rejects(tell('forget', { newest: true }), new ActionError('There are no notes yet.'))
  await tell('remember', { text: 'Tom likes tea' })
  await tell('remember', { text: 'Ann likes coffee' })
  assert.equal(await confirm({ newest: true }), undefined)
  can.clock.now += 120_000
  assert.equal(await confirm({ newest: true }), 'The newest note is "Ann likes coffee". Shall I forget it?')
  assert.equal((await tell('forget', { newest: true })).text, 'Forgotten: "Ann likes coffee".')
  assert.equal((await tell('list')).text, '1 note: "Tom likes tea".')
})

test('one note that is meant is forgotten, and what is only near is not', async () => {
  const { tell, confirm } = open()
  await tell('remember', { text: 'the plumber charged 85 euros' })
  await tell('remember', { text: 'the electrician charged 90 euros' })
  assert.equal(await confirm({ query: 'the plumber' }), undefined)
  const near = new ActionError(
    'No note is about "gardener euros". The nearest: "the electrician charged 90 euros" and "the plumber charged 85 euros".',
  )
  await assert.rejects(tell('forget', { query: 'gardener euros' }), near)
  const { data, text } = await tell('forget', { query: 'plumber' })
  assert.deepEqual([data['forgotten'], text], [1, 'Forgotten: "the plumber charged 85 euros".'])
  assert.equal((await tell('list')).text, '1 note: "the electrician charged 90 euros".')
})

test('forgetting several asks first and then forgets them all', async () => {
  const { tell, confirm } = open()
  await tell('remember', { text: 'Tom drinks coffee' })
  await tell('remember', { text: 'my coffee is at the top' })
  const both = '"your coffee is at the top" and "Tom drinks coffee"'
  assert.equal(await confirm({ query: 'coffee' }), `That deletes 2 notes: ${both}. Shall I?`)
  assert.equal((await tell('forget', { query: 'coffee' })).data['forgotten'], 2)
  await assert.rejects(
    tell('forget', { query: 'coffee' }),
    new ActionError('I have nothing noted about "coffee".'),
  )
})

test('a note is forgotten by its id, and no note by no name', async () => {
  const { tell } = open()
  const { data } = await tell('remember', { text: 'x' })
  await assert.rejects(tell('forget'), new ActionError('Which note should I forget?'))
  await assert.rejects(tell('forget', { memory_id: 'nope' }), new ActionError('There is no note nope.'))
  assert.equal((await tell('forget', { memory_id: data['memory_id'] })).data['forgotten'], 1)
  assert.equal((await tell('list')).text, 'There are no such notes.')
})

test('notes are listed newest first, since a time, and cut short in speech only', async () => {
  const { can, tell } = open()
  for (let index = 1; index <= 8; index += 1) await tell('remember', { text: `note ${index}` })
  const { data, text } = await tell('list')
  assert.equal(text, '8 notes: "note 8", "note 7", "note 6", "note 5", "note 4" and 3 more.')
  assert.equal((data['memories'] as object[]).length, 8)
  can.clock.now += 3_600_000
  await tell('remember', { text: 'later' })
  assert.equal((await tell('list', { since: '2026-03-25T10:30' })).text, '1 note: "later".')
  await assert.rejects(tell('list', { since: 'monday' }), ActionError)
})

test("an imported text is one note for each paragraph, and answered as its source's words", async () => {
  const { can, tell } = open()
  const { data, text } = await tell('import_text', {
    text: 'I like the sea.\n\nThe serial number is KX-99.',
    source: 'diary',
  })
  assert.equal(text, 'Imported 2 notes.')
  const [first] = data['memory_ids'] as string[]
  const { content, source, trust } = (await can.memory.get(first ?? '')) ?? {}
  assert.deepEqual(
    [content, source, trust],
    ['I like the sea.', { kind: 'import', name: 'diary' }, 'untrusted'],
  )
  assert.equal((await tell('recall', { query: 'sea' })).text, 'From diary: I like the sea.')
  await tell('import_text', { text: 'The tide turns at six.' })
  assert.equal((await tell('recall', { query: 'tide' })).text, 'From imported text: The tide turns at six.')
})

test('an empty text, more than 500 paragraphs or one without end is refused, and nothing is kept', async () => {
  const { tell } = open()
  await assert.rejects(
    tell('import_text', { text: ' \n ' }),
    new ActionError('There is nothing in this text.'),
  )
  await assert.rejects(tell('import_text', { text: 'x\n\n'.repeat(501) }), ActionError)
  await assert.rejects(tell('import_text', { text: `a\n\n${'x'.repeat(10_001)}` }), ActionError)
  await assert.rejects(tell('remember', { text: '  ' }), new ActionError('What should I remember?'))
  assert.equal((await tell('list')).text, 'There are no such notes.')
  assert.equal((await tell('import_text', { text: 'x\n\n'.repeat(500) })).text, 'Imported 500 notes.')
})

test('who recalls something or goes on with a question is asked whether it is to be kept', async () => {
  const { confirm } = open()
  for (const text of ['when we were at the lake', 'the old mill, who owned that?', 'that film we saw?'])
    assert.equal(await confirm({ text }, 'remember'), `Shall I remember “${text}”?`)
  for (const text of [
    'the mill is old, and Ann owned it',
    'when the bins go: Tuesday',
    'my sister Ann, who lives in Rome',
    'how I like my coffee: black',
    'the time we leave is 9:40',
  ])
    assert.equal(await confirm({ text }, 'remember'), undefined)
})
