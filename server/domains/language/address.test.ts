import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAddress } from './address.ts'
import { agentNamed } from './names.ts'
import type { KnownAgent } from './catalogue.ts'

const AGENTS = [
  [2, 'Notes & Memory'],
  [3, 'Reminders & Calendar'],
  [4, 'Tasks & Lists'],
  [20, 'Home'],
  [21, 'Home Office'],
  [25, 'Émile’s Garden'],
  [105, 'Far'],
].map(([agent_number, name]) => ({ agent_number, name, skill: undefined, voice_commands: [] }) as KnownAgent)

/** The number that is addressed and what is said to it. */
function addressed(sentence: string): [number, string] | undefined {
  const found = findAddress(sentence, AGENTS)
  return found && [found.agent_number, found.rest]
}

test('an agent is addressed by its number, in digits or spoken, with or without a pause', () => {
  const rows: [string, number][] = [
    ['agent 4 add milk', 4],
    ['agent 4, add milk', 4],
    ['agent 4,add milk', 4],
    ['Agent 4: add milk', 4],
    ['AGENT 4. add milk', 4],
    ['agent 4! add milk', 4],
    ['agent 4 - add milk', 4],
    ['agent number 4 add milk', 4],
    ['agent four add milk', 4],
    ['Agent Four, add milk', 4],
    ['hey agent four, add milk', 4],
    ['ok agent 4 add milk', 4],
    ['agent 04 add milk', 4],
    ['agent 0 add milk', 0],
    ['agent zero add milk', 0],
    ['agent twenty five add milk', 25],
    ['agent twenty-five add milk', 25],
    ['agent one hundred and five add milk', 105],
    ['agent nine thousand nine hundred and ninety nine add milk', 9999],
    ['agent 9999 add milk', 9999],
    ['agent\u00a04\tadd milk', 4],
  ]
  for (const [sentence, number] of rows) assert.deepEqual(addressed(sentence), [number, 'add milk'], sentence)
})

test('the "to" of asking and telling is left out, and that of what is said is kept', () => {
  const rows: [string, string][] = [
    ['ask agent 4 to add milk', 'add milk'],
    ['ask agent four to add milk', 'add milk'],
    ['tell agent twenty five to add milk', 'add milk'],
    ['agent four to do list please', 'to do list please'],
    ['agent 4 to-do list please', 'to-do list please'],
    ['agent four re-add the milk', 're-add the milk'],
    ['agent 4, to be or not to be', 'to be or not to be'],
    ['agent six summarise "to be"', 'summarise "to be"'],
  ]
  for (const [sentence, rest] of rows) assert.equal(addressed(sentence)?.[1], rest, sentence)
})

test('what is said is kept as it was written, over several lines', () => {
  assert.deepEqual(addressed('agent 4: add  Milk,\nand Bread!'), [4, 'add  Milk,\nand Bread!'])
  assert.deepEqual(addressed('agent 4, 5, 6'), [4, '5, 6'])
  assert.deepEqual(addressed('agent four five'), [4, 'five'])
})

test('an agent is addressed by its name and a pause', () => {
  const rows: [string, number][] = [
    ['notes, add milk', 2],
    ['Notes & Memory: add milk', 2],
    ['hey memory, add milk', 2],
    ['the notes agent, add milk', 2],
    ['calendar: add milk', 3],
    ['LISTS , add milk', 4],
    ['home, add milk', 20],
    ['home office, add milk', 21],
    ['office, add milk', 21],
  ]
  for (const [sentence, number] of rows) assert.deepEqual(addressed(sentence), [number, 'add milk'], sentence)
})

test('an agent is asked by its name to do something', () => {
  const rows: [string, number][] = [
    ['ask notes to add milk', 2],
    ['tell the calendar to add milk', 3],
    ['hey ask home office to add milk', 21],
  ]
  for (const [sentence, number] of rows) assert.deepEqual(addressed(sentence), [number, 'add milk'], sentence)
  for (const sentence of [
    'ask Tom to add milk',
    'tell me to add milk',
    'ask notes about milk',
    'ask notes to',
  ])
    assert.equal(addressed(sentence), undefined, sentence)
})

test('what only looks like an address is none', () => {
  for (const sentence of [
    'notes add milk',
    'agent',
    'agent 4',
    'agent 4,',
    'agent four',
    'agent add milk',
    'agent smith, add milk',
    'agent 12345 add milk',
    'agent 4a add milk',
    'agent 3.5 add milk',
    'agent minus four add milk',
    'agent half add milk',
    'agents 4 add milk',
    'secret agent 4 add milk',
    'milk, bread and tea',
    'well, add milk',
    'nobody: add milk',
    'a, b',
    '',
  ]) {
    assert.equal(addressed(sentence), undefined, sentence)
  }
})

test('a name in look-alike letters is another name, one in wide letters the same', () => {
  assert.equal(addressed('n\u043etes, add milk'), undefined)
  assert.deepEqual(addressed('ＮＯＴＥＳ, add milk'), [2, 'add milk'])
})

test('an agent is named by number, by its whole name, or by a word that only it has', () => {
  const rows: [string, number | undefined][] = [
    ['4', 4],
    ['four', 4],
    ['agent four', 4],
    ['the agent number 4', 4],
    ['the tasks agent', 4],
    ['tasks', 4],
    ['Tasks & Lists', 4],
    ['tasks  &  LISTS', 4],
    ['home', 20],
    ['Home Office', 21],
    ['garden', 25],
    ['twenty first', 21],
    ['hom', undefined],
    ['7', undefined],
    ['0', undefined],
    ['&', undefined],
    ['the agent', undefined],
    ['', undefined],
    ['tasks and lists', 4],
    ['notes and memory', 2],
    ['and', undefined],
  ]
  for (const [text, number] of rows) assert.equal(agentNamed(text, AGENTS), number, text)
})

test('a word that two names share names neither of them', () => {
  const two = [
    { agent_number: 30, name: 'Red Bot', skill: undefined, voice_commands: [] },
    { agent_number: 31, name: 'Blue Bot', skill: undefined, voice_commands: [] },
  ]
  assert.equal(agentNamed('bot', two), undefined)
  assert.equal(agentNamed('blue', two), 31)
  assert.equal(findAddress('bot, add milk', two), undefined)
})
