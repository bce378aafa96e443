import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONFIDENCE_TO_ACT, CONFIDENCE_TO_ASK } from '../../../contract/limits.ts'
import { openSpeaker } from './rig.ts'

const ann = await openSpeaker()
const { say, hear } = ann
const before = ['milk', 'bread', 'eggs', 'tea']
await say(`add ${before.join(', ')} to my list`)
await say('remember that the spare key is under the stone')
await say('remember that the spare tyre is in the shed')
await say('remind me in ten minutes to stretch')
await say('remind me in twenty minutes to stretch')

/** What Ann owns: items, notes and reminders. */
async function belongings(): Promise<unknown> {
  const looked = ['what is on my to do list', 'list my notes', 'list my reminders']
  const answers = []
  for (const sentence of looked) answers.push((await hear(sentence, 'looking'))[1])
  return answers
}

const VAGUE = `
  bread, hmm, remove perhaps
  the milk thing away
  could the tea go
  maybe jot down something about tea
  sort of nudge me some time
  list milk or not
  bin the eggs I guess
  the key note is rubbish
  put it on there
  throw the whole lot out
  tea is done or gone`
  .trim()
  .split('\n')
  .map((sentence) => sentence.trim())

test('nothing with an effect runs below the threshold without asking, whatever is said', async () => {
  const owned = await belongings()
  for (const [at, sentence] of VAGUE.entries()) {
    const { intent, execution_id, response } = await say(sentence, `vague ${at}`)
    const { action, confidence } = intent
    const may = confidence >= CONFIDENCE_TO_ACT || isReading(action)
    assert.ok(
      may || execution_id === undefined,
      `${sentence}: ${action} at ${confidence}, "${response.text}"`,
    )
  }
  assert.deepEqual(await belongings(), owned)
})

/** Actions of the built-in agents that only look. */
function isReading(action: string): boolean {
  const actions = ann.app.agents.skills
    .all()
    .flatMap((skill) => Object.entries(skill.actions).filter(([name]) => name === action))
  return actions.length > 0 && actions.every(([, { effect }]) => effect === 'read')
}

test('a destructive action that is only likely asks at any confidence, and one that is below does too', async () => {
  const owned = await belongings()
  const likely = 'I no longer want the tea on there'
  const asked = await say(likely, 'likely')
  assert.equal(asked.intent.action, 'remove')
  assert.ok(asked.intent.confidence > CONFIDENCE_TO_ASK)
  assert.match(
    asked.response.text,
    /^Shall I ask Tasks & Lists to take things off a list without doing them: .*tea/,
  )
  assert.deepEqual([asked.response.requires_followup, asked.execution_id], [true, undefined])
  assert.deepEqual(await belongings(), owned)
  assert.equal((await hear('no', 'likely'))[1], 'All right, I leave it.')
})

test('destroying several always asks, by its plainest phrase too, and says how many and which', async () => {
  const owned = await belongings()
  const rows = [
    ['remove milk, bread and tea from my list', 'That removes 3 items: milk, bread and tea. Shall I?'],
    [
      'forget everything about spare',
      'That deletes 2 notes: "the spare key is under the stone" and "the spare tyre is in the shed". Shall I?',
    ],
  ] as const
  for (const [sentence, question] of rows) {
    const [, text] = await hear(sentence, sentence)
    assert.deepEqual(
      text.toLowerCase().split(/\W+/).toSorted(),
      question.toLowerCase().split(/\W+/).toSorted(),
    )
  }
  assert.match((await hear('cancel all stretch', 'several'))[1], /^That cancels 2 reminders: .*Shall I\?$/)
  assert.deepEqual(await belongings(), owned)
})

test('a phrase of an agent that writes runs at once, at full confidence', async () => {
  const { intent, agent_routing, execution_id, response } = await say('add oats to my list')
  assert.deepEqual([intent.action, intent.confidence], ['add', 1])
  assert.deepEqual([agent_routing.target_agent, agent_routing.routing_confidence], [4, 1])
  assert.ok(execution_id !== undefined && response.text === 'Added oats to your to do list.')
})

test('what nobody understands does nothing, and says what could be said', async () => {
  const told = await say('blorp the fnargle twice')
  assert.deepEqual(
    [told.command_understood, told.intent.action, told.intent.confidence],
    [false, 'unknown', 0],
  )
  assert.deepEqual([told.intent.entities, told.agent_routing.target_agent], [{}, null])
  assert.deepEqual([told.agent_routing.global_command, told.response.requires_followup], [false, true])
  assert.ok((told.response.suggestions ?? []).length === 3 && told.execution_id === undefined)
  assert.match(told.response.text, /^I did not understand that\. /)
})

test('a value that the action does not take is answered in a sentence, and nothing is done', async () => {
  const owned = await belongings()
  const long = await say(`remind me to ${'x'.repeat(501)} at six`)
  assert.equal(long.response.text, 'I cannot do that: the text must not have more than 500 characters.')
  assert.deepEqual([long.command_understood, long.execution_id], [true, undefined])
  assert.match((await hear('set a timer for zero seconds'))[1], /^I cannot do that: the seconds must be/)
  assert.deepEqual(await belongings(), owned)
})

test('an action that fails is an answer, spoken without its code', async () => {
  const failed = await say('remove plutonium from my list')
  assert.equal(failed.agent_response?.success, false)
  assert.match(failed.agent_response?.error ?? '', /^AGENT_\d{3}: /)
  assert.doesNotMatch(failed.response.text, /AGENT_|: $/)
  assert.equal(failed.command_understood, true)
})
