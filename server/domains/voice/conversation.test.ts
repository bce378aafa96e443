import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { action, shape } from '../../skills/skill.ts'
import { openConversations } from './conversation.ts'
import type { Question } from './conversation.ts'

const OPEN_MS = 120_000

function question(text: string): Question {
  const declared = action({
    summary: '',
    effect: 'write',
    parameters: shape({ text: Type.String() }),
    result: shape({}),
    phrases: [],
    examples: [],
    perform: () => ({ data: {}, text: '' }),
  })
  const meaning = { agent_number: 2, agent_name: 'Notes', name: 'remember', action: declared, preset: {} }
  return { kind: 'slot', meaning, parameters: {}, parameter: 'text', question: text }
}

test('a question is open for two minutes, to the millisecond, and then it is gone', () => {
  const conversations = openConversations()
  conversations.ask('ann a', question('What?'), 1_000)
  assert.equal(conversations.open('ann a', 1_000 + OPEN_MS - 1)?.question, 'What?')
  assert.equal(conversations.open('ann a', 1_000 + OPEN_MS), undefined)
  // A clock that is set back does not open it again.
  assert.equal(conversations.open('ann a', 1_000), undefined)
})

test('one conversation has one open question: the later one takes the place and the time of the earlier', () => {
  const conversations = openConversations()
  conversations.ask('ann a', question('First?'), 0)
  conversations.ask('ann a', question('Second?'), OPEN_MS - 1)
  assert.equal(conversations.open('ann a', OPEN_MS + 5)?.question, 'Second?')
  conversations.close('ann a')
  assert.equal(conversations.open('ann a', OPEN_MS + 5), undefined)
})

test('questions of other conversations and of other users are not seen, nor closed', () => {
  const conversations = openConversations()
  conversations.ask('ann a', question('Ann?'), 0)
  conversations.ask('bob a', question('Bob?'), 0)
  conversations.close('ann b')
  conversations.close('bob a')
  assert.equal(conversations.open('ann a', 1)?.question, 'Ann?')
  assert.equal(conversations.open('ann b', 1), undefined)
  assert.equal(conversations.open('bob a', 1), undefined)
})

test('ten thousand conversations are kept, and of one more the oldest question is let go', () => {
  const conversations = openConversations()
  for (let number = 0; number < 10_000; number += 1)
    conversations.ask(`ann ${number}`, question('Old?'), number)
  // Asking again makes the first one the youngest.
  conversations.ask('ann 0', question('Again?'), 10_000)
  conversations.ask('ann new', question('New?'), 10_001)
  assert.equal(conversations.open('ann 0', 10_002)?.question, 'Again?')
  assert.equal(conversations.open('ann new', 10_002)?.question, 'New?')
  assert.equal(conversations.open('ann 1', 10_002), undefined)
  assert.equal(conversations.open('ann 2', 10_002)?.question, 'Old?')
})

test('the last change of ten thousand conversations is known, the later one alone, and a question does not touch it', () => {
  const conversations = openConversations()
  conversations.did('ann one', 'first')
  conversations.did('ann one', 'second')
  conversations.ask('ann one', question('?'), 0)
  conversations.close('ann one')
  assert.equal(conversations.lastDone('ann one'), 'second')
  assert.equal(conversations.lastDone('bob one'), undefined)
  for (let count = 0; count < 9_999; count += 1) conversations.did(`ann ${count}`, 'x')
  assert.equal(conversations.lastDone('ann one'), 'second')
  conversations.did('ann more', 'x')
  assert.deepEqual([conversations.lastDone('ann one'), conversations.lastDone('ann 0')], [undefined, 'x'])
})
