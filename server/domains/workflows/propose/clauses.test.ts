import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GALLERY } from '../gallery/index.ts'
import { explain } from './explain.ts'
import { isProposal } from './index.ts'
import { FIRST_AGENTS } from './proposal.ts'
import { problemsOf, proposed, shortened } from './rig.ts'

const DAILY = 'every day at 8'
const LIST = ['tasks 4/list', 'tell 0/notify']

test('however one asks to be told of what was done, it is one notification with the result', async () => {
  const endings = `tell me|let me know|send me a notification|send me a message with the result|send it to me|notify me|text me|
    report back|give me the result|show me|drop me a line|say so|let me know how it went|remind me of it|remind me|update me`
  for (const ending of endings.split('|').map((one) => one.trim()))
    for (const link of [', then', ', and', ' and then']) {
      const sentence = `${DAILY} list my tasks${link} ${ending}`
      const proposal = await proposed(sentence)
      assert.deepEqual([shortened(proposal).slice(1), proposal.unclear], [LIST, []], sentence)
      assert.match(String(proposal.definition.steps[1]?.parameters['text']), /steps\.tasks\.result/, sentence)
      assert.deepEqual(problemsOf(proposal.definition), [], sentence)
    }
})

test('what is one’s own is listed for a summary, and the text of a page is read first', async () => {
  const table: readonly (readonly [order: string, ...steps: string[]])[] = [
    ['summarise my notes, then tell me', 'notes 2/list', 'tell 0/notify'],
    [
      'sum up all my notes and reminders and send it to me',
      'notes 2/list',
      'reminders 3/list',
      'tell 0/notify',
    ],
    ['go over my tasks and let me know', ...LIST],
    [
      'summarise https://example.org and tell me',
      'page 8/read_page {"url":"https://example.org"}',
      'summary 6/summarise {"text":"{{steps.page.result.text.slice(0, 20000)}}"}',
      'tell 0/notify',
    ],
  ]
  for (const [order, ...steps] of table) {
    const proposal = await proposed(`${DAILY} ${order}`)
    assert.deepEqual([shortened(proposal).slice(1), proposal.unclear], [steps, []], order)
    assert.deepEqual(problemsOf(proposal.definition), [], order)
  }
  const third = await proposed('make a workflow that sums up my notes, then lets me know')
  assert.deepEqual(shortened(third), ['manual', 'notes 2/list', 'tell 0/notify'])
  assert.deepEqual((await proposed(`${DAILY} list my tasks and email me the result`)).unclear, [
    'email me the result',
  ])
})

test('a reminder of "it" has what was found as its text, and is not told besides', async () => {
  const { definition } = await proposed(`${DAILY} list my tasks and remind me of it in two hours`)
  const [list, remind, ...more] = definition.steps
  assert.deepEqual(
    [list?.id, remind?.action, remind?.parameters['in_seconds'], more],
    ['tasks', 'remind', 7_200, []],
  )
  assert.match(String(remind?.parameters['text']), /^\{\{\(steps\.tasks\.status .*\.slice\(0, 450\)\}\}$/)
  assert.deepEqual(problemsOf(definition), [])
})

/** Reminders at times that a reminder cannot repeat itself at, and the schedule of the workflow that they are. */
const MANY: readonly (readonly [sentence: string, cron: string])[] = [
  ['remind me to take my pills every morning and every evening', '0 8,18 * * *'],
  ['every weekday remind me at 8 and at 17 to take my pills', '0 8,17 * * 1-5'],
  ['remind me every hour between 9 and 17 to drink', '0 9-17 * * *'],
  ['every 30 minutes in the morning remind me to stretch', '*/30 6-11 * * *'],
  ['every hour on weekdays tell me to stand up', '0 * * * 1-5'],
  ['every last friday of the month remind me to submit my hours', '0 8 * * 5#L'],
  ['remind me on the last day of every month to back up', '0 8 L * *'],
]

test('a reminder that comes more often than reminders repeat is proposed as a workflow, and any other is none', async () => {
  for (const [sentence, cron] of MANY) {
    assert.equal(isProposal(sentence), true, sentence)
    const { definition, unclear } = await proposed(sentence)
    assert.deepEqual([definition.trigger.conditions['cron'], unclear], [cron, []], sentence)
    assert.deepEqual(
      definition.steps.map(({ action }) => action),
      ['notify'],
      sentence,
    )
  }
  const { definition } = await proposed(MANY[0]?.[0] ?? '')
  assert.equal(definition.steps[0]?.parameters['text'], 'Remember to take your pills.')
  for (const sentence of [
    'every 3 months remind me to see the dentist',
    'remind me every monday and thursday at 7 to run',
    'every other monday remind me to call mum',
    'every weekday remind me at 8 to leave',
  ])
    assert.equal(isProposal(sentence), false, sentence)
})

test('a schedule between "tell me" and what to tell is one, and no order for now', async () => {
  for (const sentence of [
    'let me know every monday at 9 what is on my to do list',
    'every monday let me know at 9 what is on my to do list',
    'let me know what is on my to do list every monday at 9',
  ])
    assert.deepEqual(
      shortened(await proposed(sentence)),
      ['cron 0 9 * * 1', 'tasks 4/list {"list":"to do"}', 'tell 0/notify'],
      sentence,
    )
})

test('no workflow that one begins with is explained with a cron expression', () => {
  assert.ok(GALLERY.length > 5)
  for (const { name, definition } of GALLERY) {
    const words = explain(definition, FIRST_AGENTS)
    const { cron } = definition.trigger.conditions
    assert.ok(typeof cron !== 'string' || !words.includes(cron), name)
    assert.doesNotMatch(words, /[\d*]\S* [\d*]\S* \* /, name)
  }
})
