import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from '../voice/rig.ts'

const { ask, token, say, clock } = await openSpeaker()

/** The agent and action that it goes to, what it holds, and why. */
async function heard(text: string) {
  const { agent_routing, intent } = await say(text, text)
  return {
    place: `${agent_routing.target_agent} ${intent.action}`,
    entities: intent.entities,
    reason: agent_routing.reason,
  }
}

test('a misspelt phrase is read as it is spelt, and that is said', async () => {
  const { place, entities, reason } = await heard('remnd me tomorow at six to buy beens')
  assert.deepEqual([place, entities], ['3 remind', { at: '2026-11-23T18:00:00+01:00', text: 'buy beens' }])
  assert.match(reason, /^I read “remnd” as “remind”, “tomorow” as “tomorrow”/)
})

test('what is free text stays as it was written', async () => {
  const { place, entities, reason } = await heard('remembr that the milc is remnds')
  assert.deepEqual([place, entities['text']], ['2 remember', 'the milc is remnds'])
  assert.match(reason, /“remembr” as “remember”/)
})

test('what a phrase takes as it is, is not repaired at all', async () => {
  const { entities, reason } = await heard('remind me at six to remnd bob')
  assert.deepEqual([entities['text'], reason.includes('I read')], ['remnd bob', false])
})

test('a word of the user’s own is right: it is never taken for another one', async () => {
  clock.advance(1)
  await ask(token, 'agents.update', {
    id: '4',
    config: { voice_commands: [{ phrase: 'remand {items}', action: 'add' }] },
  })
  const { place, entities } = await heard('remand milk')
  assert.deepEqual([place, entities], ['4 add', { items: ['milk'] }])
  assert.ok(!(await heard('do remand some milk')).reason.includes('remand'))
})

test('the explanation names what was read as what', async () => {
  await say('remnd me at nine to eat', 'why')
  assert.match((await say('explain routing', 'why')).response.text, /I read “remnd” as “remind”\./)
})
