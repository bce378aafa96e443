import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agents } from '../../../contract/agents.ts'
import type { Output } from '../../../contract/operation.ts'
import { findIssues } from '../../kernel/validate.ts'
import { PASSWORD } from '../../../test/app.ts'
import { openSpeaker, refusal, refusedPaths } from './rig.ts'

type VoiceAnswer = Output<typeof agents.voice>

const ann = await openSpeaker()
const { token, clock, tellAgent } = ann
const bob = await ann.app.auth.addUser('bob@example.org', PASSWORD)

async function answerOf(id: string, input: object): Promise<VoiceAnswer> {
  const reply = await tellAgent(id, input)
  assert.ok(reply.ok, JSON.stringify(reply))
  assert.deepEqual(findIssues(agents.voice.output, reply.data), [])
  return reply.data as VoiceAnswer
}

test('a sentence said to an agent is done by it, by its number as by its id', async () => {
  const { agents: all } = await ann.ask(token, 'agents.list', {})
  const { id = '' } = all.find(({ agent_number }) => agent_number === 4) ?? {}
  const byNumber = await answerOf('4', { text_input: 'add milk to my list' })
  assert.deepEqual(byNumber.agent_response.data, { added: ['milk'], list: 'to do' })
  assert.equal(byNumber.voice_response, 'Added milk to your to do list.')
  const byId = await answerOf(id, { text_fallback: 'add bread to my list' })
  assert.deepEqual([byId.command_understood, byId.transcribed_text], [true, 'add bread to my list'])
  assert.equal(byId.agent_response.success, true)
})

test('what another agent is for is not done by this one, nor by the other', async () => {
  const answer = await answerOf('5', { text_input: 'remember that the spare key is under the stone' })
  assert.doesNotMatch(answer.voice_response ?? '', /I will remember/)
  const notes = await answerOf('2', { text_input: 'list my notes' })
  assert.doesNotMatch(notes.voice_response ?? '', /spare key/)
})

test('where nothing is said, the field that is named is the one of the specification', async () => {
  assert.deepEqual(refusedPaths(await tellAgent('4', {})), ['/text_input'])
})

test('not understood is a 200 whose response has failed with VOICE_002', async () => {
  const answer = await answerOf('4', { text_input: 'blorp the fnargle twice' })
  assert.deepEqual([answer.command_understood, answer.agent_response.success], [false, false])
  assert.match(answer.agent_response.error ?? '', /^VOICE_002: I did not understand that\. /)
  assert.equal(answer.agent_response.data, undefined)
})

test('a question back says that a follow-up is needed, and the agent takes the answer', async () => {
  const asked = await answerOf('3', { text_input: 'set a timer', context: { conversation_id: 'q' } })
  assert.deepEqual(asked.agent_response.data, { requires_followup: true })
  assert.equal(asked.agent_response.text, 'For how long?')
  const done = await answerOf('3', { text_input: 'ten minutes', context: { conversation_id: 'q' } })
  assert.match(done.voice_response ?? '', /^Timer set for 10 minutes/)
})

test('a yes to one agent does not confirm what another has asked', async () => {
  await ann.say('add salt and pepper mills to my list', 'r')
  await ann.say('add rice and tea to my list', 'r')
  await ann.say('remove rice and tea from my list', 'r')
  const context = { conversation_id: 'r' }
  await answerOf('3', { text_input: 'yes', context })
  assert.match((await ann.say('what is on my to do list')).response.text, /rice/)
  await ann.say('remove rice and tea from my list', 'r')
  const done = await answerOf('4', { text_input: 'yes', context })
  assert.equal(done.voice_response, 'Removed rice and tea from your to do list.')
})

test('the context is free, but what has a meaning must have its shape', async () => {
  const text_input = 'add oats to my list'
  assert.ok((await tellAgent('4', { text_input, context: { mood: 'good', room: { floor: 1 } } })).ok)
  const wrong = { conversation_id: { a: 1 }, active_agent: '4', user_preferences: null }
  const refused = await tellAgent('4', { text_input, context: wrong })
  assert.equal(refusal(refused)?.code, 'GENERAL_001')
  assert.deepEqual(refusedPaths(refused).toSorted(), [
    '/context/active_agent',
    '/context/conversation_id',
    '/context/user_preferences',
  ])
})

test('stopping is everybody’s, whichever agent is spoken to', async () => {
  const stopped = await tellAgent('4', { text_input: 'stop' })
  assert.ok(stopped.ok)
  assert.equal((stopped.data as { voice_response?: string }).voice_response, 'Nothing was running.')
})

test('an agent that is not there, or is another user’s, is the same 404', async () => {
  const { access_token } = await ann.ask(undefined, 'auth.login', { email: bob.email, password: PASSWORD })
  const { agents: mine } = await ann.ask(token, 'agents.list', {})
  const { id = '' } = mine.find(({ agent_number }) => agent_number === 4) ?? {}
  const said = { text_input: 'add milk to my list' }
  const unknown = refusal(await tellAgent('99', said))
  assert.deepEqual([unknown?.code, unknown?.status], ['AGENT_001', 404])
  const foreign = refusal(await ann.call(access_token, 'agents.voice', { id, ...said }))
  assert.deepEqual([foreign?.code, foreign?.status], ['AGENT_001', 404])
  assert.equal(refusal(await tellAgent('0', said))?.code, 'AGENT_001')
})

test('an agent that does not listen is VOICE_003, and no sentence is routed to it', async () => {
  const sentence = 'what is 2 plus 3'
  clock.advance(1)
  await ann.ask(token, 'agents.update', { id: '5', voice_enabled: false })
  const refused = refusal(await tellAgent('5', { text_input: sentence }))
  assert.deepEqual(refused, { code: 'VOICE_003', status: 503, details: { reason: 'voice_disabled' } })
  assert.notEqual((await ann.say(sentence)).agent_routing.target_agent, 5)
  const { response, agent_routing } = await ann.say(`agent 5, ${sentence}`)
  assert.match(response.text, /^Agent 5, .*, does not listen to sentences: that is switched off for it\.$/)
  assert.equal(agent_routing.target_agent, null)
  assert.match((await ann.say(`agent 55, ${sentence}`)).response.text, /There is no agent 55/)
  clock.advance(1)
  await ann.ask(token, 'agents.update', { id: '5', voice_enabled: true })
  assert.equal((await ann.say(sentence)).agent_routing.target_agent, 5)
})

test('an agent that is switched off is AGENT_005, and no sentence is routed to it', async () => {
  const sentence = 'what is 2 plus 3'
  clock.advance(1)
  await ann.ask(token, 'agents.update', { id: '5', is_active: false })
  const refused = refusal(await tellAgent('5', { text_input: sentence }))
  assert.deepEqual([refused?.code, refused?.status], ['AGENT_005', 409])
  assert.notEqual((await ann.say(sentence)).agent_routing.target_agent, 5)
  clock.advance(1)
  await ann.ask(token, 'agents.update', { id: '5', is_active: true })
})

test('an agent that is switched off between a question and its yes does nothing', async () => {
  await ann.say('add milk and bread to my list', 's')
  await ann.say('remove milk and bread from my list', 's')
  clock.advance(1)
  await ann.ask(token, 'agents.update', { id: '4', is_active: false })
  const context = { conversation_id: 's' }
  const refused = await ann.call(token, 'voice.process', { text_fallback: 'yes', context })
  assert.equal(refusal(refused)?.code, 'AGENT_005')
  clock.advance(1)
  await ann.ask(token, 'agents.update', { id: '4', is_active: true })
  assert.match((await ann.say('what is on my to do list')).response.text, /milk/)
})

test('sound without an engine is VOICE_003, no text VOICE_002, and nothing GENERAL_001', async () => {
  assert.deepEqual(refusal(await tellAgent('4', { audio_data: 'UklGRg==' }))?.details, {
    reason: 'no_stt_engine',
  })
  assert.equal(refusal(await tellAgent('4', { text_input: ' ' }))?.code, 'VOICE_002')
  assert.equal(refusal(await tellAgent('4', {}))?.code, 'GENERAL_001')
})
