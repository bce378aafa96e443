import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestNamed, workflowsNamed } from './names.ts'
import { whenWords } from './when.ts'

const WORKFLOWS = [
  { id: '1', name: 'Make a briefing from my notes', when: ['morning', 'weekday', 'weekdays'] },
  { id: '2', name: 'Backup', when: ['night', 'nightly', 'daily'] },
  { id: '3', name: 'Backup of the photos', when: ['weekly', 'sunday'] },
  { id: '4', name: "Mum's birthday", when: [] },
  { id: '5', name: 'Tea & Cake', when: ['afternoon'] },
  { id: '6', name: '晨报 digest', when: [] },
  { id: '7', name: 'The Workflow', when: [] },
]

/** Ids of the workflows that each of these can mean. */
function ids(text: string): string {
  return workflowsNamed(text, WORKFLOWS)
    .map(({ id }) => id)
    .join(' ')
}

test('a name that has the word "it" in it is not meant by that word', () => {
  const own = [{ id: '1', name: 'Read me the list if it is not empty', when: [] }]
  for (const said of ['it', 'that', 'this one', 'the same']) assert.deepEqual(workflowsNamed(said, own), [])
  assert.equal(workflowsNamed('the list', own).length, 1)
})

test('a workflow is found by its name, by words of it, and by when it runs, the best likeness first', () => {
  const table: [string, string][] = [
    ['backup', '2'],
    ['the BACKUP', '2'],
    ['backup workflow', '2'],
    ['my photos', '3'],
    ['photo', '3'],
    ['photos backup', '3'],
    ['the briefing', '1'],
    ['the morning workflow', '1'],
    ['the morning briefing', '1'],
    ['nightly', '2'],
    ['weekly backup', '3'],
    ['the daily one', ''],
    ['mums birthday', '4'],
    ['Mum’s birthday', '4'],
    ['tea and cake', '5'],
    ['tea & cake', '5'],
    ['晨报', '6'],
    ['the workflow', '7'],
  ]
  for (const [text, found] of table) assert.equal(ids(text), found, text)
})

test('one slip of a letter is forgiven in a longer word, and nothing that is another word', () => {
  for (const text of ['breifing', 'briefng', 'briefingg', 'briesing', 'the morning breifing'])
    assert.equal(ids(text), '1', text)
  for (const text of ['brfing', 'grieving', 'te', 'tee', 'back', 'up', 'photography'])
    assert.equal(ids(text), '', text)
})

test('letters that only look alike make another name', () => {
  assert.equal(ids('bаckup'), '')
  assert.equal(ids('brıefıng'), '')
})

test('several that fit equally are all told, and what says nothing names nothing', () => {
  const twice = [...WORKFLOWS, { id: '8', name: 'Photos of Bob', when: [] }]
  assert.deepEqual(
    workflowsNamed('photos', twice).map(({ id }) => id),
    ['3', '8'],
  )
  for (const text of ['', '  ', 'the', 'my', '?!', 'x'.repeat(100_000), '\u0001'])
    assert.equal(ids(text), '', text)
  assert.deepEqual(workflowsNamed('backup', []), [])
})

const nearest = (text: string) => nearestNamed(text, WORKFLOWS)?.id

test('the nearest of names that are none shares a word or most of its letters, and there need not be any', () => {
  assert.deepEqual(
    [
      'photo albums',
      'backup of my films',
      'bakkupp',
      'birthdays',
      'cake and coffee',
      'zeppelin',
      '',
      'the',
    ].map(nearest),
    ['3', '3', '2', '4', '5', undefined, undefined, undefined],
  )
  assert.equal(nearest('x'.repeat(100_000)), undefined)
  assert.equal(nearestNamed('backup', []), undefined)
})

const words = (cron: string) => whenWords({ type: 'schedule', conditions: { cron } }).join(' ')
const every = (every_ms: unknown) => whenWords({ type: 'schedule', conditions: { every_ms } })

test('a schedule is spoken of by its hours and its days', () => {
  assert.equal(words('0 8 * * 1-5'), 'morning weekday weekdays')
  assert.equal(words('30 0 8 * * 1-5'), 'morning weekday weekdays')
  assert.equal(words('0 3 * * *'), 'night nightly daily')
  assert.equal(words('0 4,12,18 * * 0'), 'morning afternoon noon midday evening weekly sunday')
  assert.equal(words('0 22 1 * *'), 'night nightly monthly')
  assert.equal(words('0 * * * *'), 'hourly daily')
  assert.equal(words('*/5 9-17 * * MON'), 'weekly')
  assert.equal(words('@Daily'), 'daily')
  assert.deepEqual([words(''), words('@reboot'), words('0 8')], ['', '', ''])
  assert.deepEqual(
    [every(3_600_000), every(86_400_000), every(60_000), every('x')],
    [['hourly'], ['daily'], [], []],
  )
  assert.deepEqual(whenWords({ type: 'manual', conditions: { cron: '0 8 * * *' } }), [])
})

test('names that sound the same are both meant, unless one is written so', () => {
  const two = [
    { id: '1', name: 'Disk watch', when: [] },
    { id: '2', name: 'disk_watch', when: [] },
  ]
  const found = (text: string) => workflowsNamed(text, two).map(({ id }) => id)
  assert.deepEqual(found('disk watch'), ['1', '2'])
  assert.deepEqual(found('disk_watch'), ['2'])
  assert.deepEqual(found('Disk watch'), ['1'])
})
