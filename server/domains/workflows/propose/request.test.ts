import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { system } from '../../../skills/system/index.ts'
import { isProposal } from './index.ts'
import { SKILLS } from './rig.ts'

/** Sentences that are reminders, watches, lessons, statements, questions, or done now. */
const OTHERS = [
  'every day at 9 remind me to drink water',
  'remind me every day at 9 to drink water',
  'remind me at 9 to list my tasks',
  'every weekday at 5 tell me to stretch',
  'every morning wake me at 6',
  'every 2 hours remind me to stand up',
  'on the first of every month remind me to pay the rent',
  'every monday at 9 set a reminder to plan the week',
  'I need to take my pills every morning at 8, make sure I do',
  'every sunday call grandma',
  'every friday put out the bins',
  'every evening read a book',
  'every night check the doors',
  'every morning make the bed',
  'every day is a gift',
  'every monday I go swimming',
  'note that the bins go out every tuesday',
  'remember that I list my tasks every monday at 9',
  'add call mum every sunday',
  'watch nas.example.net:22 every 10 minutes',
  'check example.org/prices every hour',
  'whenever the file /data/report.csv changes tell me',
  'tell me when example.org/feed.xml changes',
  'tell me when https://example.com/tickets says on sale',
  'when I say good night, tell agent 3 to list',
  'when I say stop I mean agent 0 stop',
  'when I say groceries, show me the shopping list',
  'when the movie finishes remind me to call',
  'when the insurance agent calls, remind me to ask for the policy',
  'when the reminders agent dances, tell me',
  'list my tasks',
  'list my tasks tomorrow at 9',
  'tomorrow list my tasks',
  'what do I have every monday',
  'how do I make a workflow',
  'list my workflows',
  'run the workflow morning',
  'delete the workflow morning',
  'start the morning workflow',
  'summarise this: every day at 8 list my tasks',
  'what happens when agent 5 finishes',
  'set a timer for 15 minutes',
  'add every line of this csv to the packing list\nitem,qty\nsocks,6',
  'every',
  'every day at 8',
  'when agent 5 finishes',
  'when I say',
  '',
  '   ',
]

test('what is no workflow goes on to the ordinary understanding', () => {
  for (const sentence of OTHERS) assert.equal(isProposal(sentence), false, sentence)
})

test('the word itself always asks for one, and only as an order', () => {
  for (const sentence of [
    'make a workflow',
    'Create a new automation that lists my tasks',
    'I want a routine',
  ])
    assert.equal(isProposal(sentence), true, sentence)
  for (const sentence of ['make the workflow faster', 'a workflow', 'I had a routine'])
    assert.equal(isProposal(sentence), false, sentence)
})

test('no phrase, example or sentence for an agent is taken away from it', () => {
  const declared = [...SKILLS, system].flatMap(({ actions }) =>
    Object.values(actions).flatMap(({ phrases, examples }) => [
      ...examples,
      ...phrases.map((phrase) => phrase.replaceAll(/[[\](){}|]/g, ' ')),
    ]),
  )
  const file = new URL('../../language/sentences.jsonl', import.meta.url)
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const labelled = lines.map((line) => (JSON.parse(line) as { text: string }).text)
  assert.ok(declared.length > 1000 && labelled.length > 300)
  assert.deepEqual(
    [...declared, ...labelled].filter((text) => isProposal(text, true)),
    [],
  )
})

test('what is to be told again and again is no reminder, also when nobody reads how often', () => {
  for (const text of ['every blue moon tell me my tasks', 'twice a day, at 7 and 19 tell me my reminders'])
    assert.equal(isProposal(text), true, text)
  assert.equal(isProposal('every blue moon I go swimming'), false)
})

test('hostile and endless sentences are answered at once', () => {
  const long = [
    `every day at 8 ${'list my tasks and '.repeat(220)}`,
    `when I say ${'a '.repeat(1900)}`,
    `every ${'monday and '.repeat(350)}`,
    `make a workflow called ${'x'.repeat(3900)}`,
    `when ${'the agent '.repeat(390)}finishes`,
    'every day '.repeat(390),
    `list my tasks ${'when '.repeat(700)}`,
    `every day ${'"'.repeat(3900)}`,
    `every day at ${'1 '.repeat(1900)}`,
    'x'.repeat(100_000),
  ]
  const started = process.cpuUsage().user
  for (const sentence of long) isProposal(sentence)
  assert.ok(process.cpuUsage().user - started < 2_000_000)
})
