import assert from 'node:assert/strict'
import { test } from 'node:test'
import { voice } from '../../../contract/voice.ts'
import { PASSWORD } from '../../../test/app.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openSpeaker, refusal, refusedPaths } from './rig.ts'

const ann = await openSpeaker()
const { token, say } = ann
const process = (input: object) => ann.call(token, 'voice.process', input)
const bob = await ann.app.auth.addUser('bob@example.org', PASSWORD)

test('an answer has every field of the contract, understood or not, asked or done', async () => {
  for (const sentence of ['add milk to my list', 'status', 'set a timer', 'no', 'blorp the fnargle twice']) {
    const answer = await say(sentence, 'fields')
    assert.deepEqual(findIssues(voice.process.output, answer), [], sentence)
    assert.equal(answer.transcribed_text, sentence)
    assert.equal(answer.confidence_score, 1)
  }
})

test('an action is done by its agent, and the answer has its result', async () => {
  const { execution_id = '', ...answer } = await say('put cheese and 2 onions on the shopping list')
  assert.deepEqual(answer.intent.entities, { items: ['cheese', '2 onions'], list: 'shopping' })
  assert.deepEqual(answer.agent_response?.data, { added: ['cheese', '2 onions'], list: 'shopping' })
  assert.equal(answer.response.text, answer.agent_response?.text)
  const status = await ann.ask(token, 'agents.status', { id: '4', execution_id })
  assert.equal(status && 'status' in status && status.status, 'completed')
})

test('a global command is answered by the system, with no agent and no execution', async () => {
  const { agent_routing, execution_id, agent_response } = await say('Status, please!')
  assert.deepEqual([agent_routing.global_command, agent_routing.target_agent], [true, null])
  assert.deepEqual([agent_routing.fallback_agents.includes(0), execution_id], [false, undefined])
  assert.equal(agent_response, undefined)
})

test('whoever is addressed is meant, also where nothing is understood', async () => {
  const { agent_routing, command_understood, response } = await say('agent 3 put milk on the shopping list')
  assert.deepEqual([agent_routing.target_agent, agent_routing.routing_confidence], [3, 1])
  assert.equal(command_understood, false)
  assert.match(response.text, /agent 3 can do/)
  assert.equal((await say('blorp the fnargle twice')).agent_routing.target_agent, null)
})

test('a list that is made by its name asks for what is to be on it', async () => {
  assert.deepEqual(await ann.hear('make a list called camping gear', 'new list'), [
    'add',
    'What should I add?',
  ])
  const [, text] = await ann.hear('a tent and a stove', 'new list')
  assert.equal(text, 'Added a tent and a stove to your camping gear list.')
})

test('the first text that says something counts, under either name', async () => {
  const rows = [
    [{ text_input: 'status', text_fallback: 'health' }, 'status'],
    [{ text_input: ' ', text_fallback: 'health' }, 'health'],
    [{ text_input: 'status' }, 'status'],
    [{ audio_data: 'UklGRg==', text_fallback: 'health' }, 'health'],
  ] as const
  for (const [input, action] of rows) {
    const { intent } = await ann.ask(token, 'voice.process', input)
    assert.equal(intent.action, action)
  }
})

test('without an engine sound alone is VOICE_003 with the reason, also beside an empty text', async () => {
  const reason = { code: 'VOICE_003', status: 503, details: { reason: 'no_stt_engine' } }
  assert.deepEqual(refusal(await process({ audio_data: 'UklGRg==' })), reason)
  assert.deepEqual(refusal(await process({ audio_data: 'UklGRg==', text_fallback: '' })), reason)
  const spoken = await ann.call(token, 'voice.synthesize', { text: 'hello', language: 'tlh' })
  assert.deepEqual(refusal(spoken), { ...reason, details: { reason: 'no_tts_engine' } })
  const message = spoken.ok ? '' : spoken.error.error.message
  assert.equal(message, 'There is no voice for tlh here.')
})

test('no text is VOICE_002, neither text nor sound GENERAL_001, and each says why', async () => {
  for (const text_fallback of ['', '  ', '\n\t']) {
    assert.equal(refusal(await process({ text_fallback }))?.code, 'VOICE_002')
    assert.equal(refusal(await process({ text_fallback }))?.status, 422)
  }
  assert.deepEqual(refusal(await process({})), {
    code: 'GENERAL_001',
    status: 400,
    details: { issues: [{ path: '/text_fallback', message: 'is required when there is no audio' }] },
  })
})

test('fields that nobody knows, and values out of bounds, are refused', async () => {
  const rows: [object, string][] = [
    [{ text_fallback: 'status', colour: 'red' }, '/colour'],
    [{ text_fallback: 7 }, '/text_fallback'],
    [{ text_fallback: 'status', context: { active_agent: '3' } }, '/context/active_agent'],
    [{ text_fallback: 'status', context: { conversation_id: '' } }, '/context/conversation_id'],
    [{ text_fallback: 'status', context: { mood: 'good' } }, '/context/mood'],
    [{ text_fallback: 'status', language: 'e' }, '/language'],
    [{ text_fallback: 'status', dry_run: 'yes' }, '/dry_run'],
    [{ text_fallback: 'x'.repeat(100_001) }, '/text_fallback'],
  ]
  for (const [input, path] of rows) {
    const refused = await process(input)
    assert.deepEqual([refusal(refused)?.code, refusedPaths(refused)[0]], ['GENERAL_001', path])
  }
})

test('the language is that of the request, or of the preferences for "auto" and for none', async () => {
  const of = async (more: object) =>
    (await ann.ask(token, 'voice.process', { text_fallback: 'status', ...more })).detected_language
  assert.equal(await of({}), 'en')
  assert.equal(await of({ language: 'auto' }), 'en')
  assert.equal(await of({ language: 'en-GB' }), 'en-GB')
  await ann.ask(token, 'auth.preferences', { default_voice_language: 'de' })
  assert.equal(await of({ language: 'auto' }), 'de')
  assert.equal(await of({}), 'de')
  await ann.ask(token, 'auth.preferences', { default_voice_language: 'en' })
})

test('times are those of the zone of the request, then of the preferences, then of the server', async () => {
  const at = async (user_preferences?: Record<string, unknown>) => {
    const context = { conversation_id: 'zones', ...(user_preferences && { user_preferences }) }
    const text_fallback = 'remind me to call mum tomorrow at noon'
    const asked = { text_fallback, context, dry_run: true }
    return (await ann.ask(token, 'voice.process', asked)).intent.entities['at']
  }
  assert.equal(await at(), '2026-11-23T12:00:00+01:00')
  assert.equal(await at({ timezone: 'Asia/Tokyo' }), '2026-11-23T12:00:00+09:00')
  await ann.ask(token, 'auth.preferences', { timezone: 'America/New_York' })
  assert.equal(await at(), '2026-11-23T12:00:00-05:00')
  assert.equal(await at({ timezone: 'Pacific/Kiritimati' }), '2026-11-24T12:00:00+14:00')
  assert.equal(await at({ theme: 'dark' }), '2026-11-23T12:00:00-05:00')
  for (const timezone of ['Mars/Base', 4, null, ['Asia/Tokyo'], '']) {
    const refused = await process({ text_fallback: 'status', context: { user_preferences: { timezone } } })
    assert.deepEqual(refusedPaths(refused), ['/context/user_preferences/timezone'], String(timezone))
  }
})

test('a dry run understands, does nothing, and says so', async () => {
  const asked = { text_fallback: 'add plutonium to my list', dry_run: true }
  const { intent, execution_id, response, agent_response } = await ann.ask(token, 'voice.process', asked)
  assert.deepEqual([intent.action, intent.entities], ['add', { items: ['plutonium'] }])
  assert.deepEqual([execution_id, agent_response], [undefined, undefined])
  assert.equal(response.text, 'Nothing was done: this was a dry run.')
  assert.doesNotMatch((await say('what is on my to do list')).response.text, /plutonium/)
  const stop = await ann.ask(token, 'voice.process', { text_fallback: 'undo', dry_run: true })
  assert.deepEqual(stop.response, { text: 'Nothing was done: this was a dry run.', requires_followup: false })
  const open = { text_fallback: 'remind me to stretch', dry_run: true }
  assert.equal((await ann.ask(token, 'voice.process', open)).response.requires_followup, true)
})

test('a dry run of what is not understood is answered as not understood', async () => {
  const asked = { text_fallback: 'blorp the fnargle twice', dry_run: true }
  const { command_understood, response } = await ann.ask(token, 'voice.process', asked)
  assert.deepEqual([command_understood, response.requires_followup], [false, true])
  assert.match(response.text, /^I did not understand that\. /)
  assert.ok((response.suggestions ?? []).length > 0)
})

test('whoever has switched voice off gets VOICE_003 for every sentence, and others do not', async () => {
  const { access_token } = await ann.ask(undefined, 'auth.login', { email: bob.email, password: PASSWORD })
  await ann.ask(access_token, 'auth.preferences', { voice_enabled: false })
  const off = { code: 'VOICE_003', status: 503, details: { reason: 'disabled_by_user' } }
  const said = { text_fallback: 'status' }
  assert.deepEqual(refusal(await ann.call(access_token, 'voice.process', said)), off)
  assert.deepEqual(refusal(await ann.call(access_token, 'agents.voice', { id: '4', ...said })), off)
  assert.equal((await say('status')).command_understood, true)
  await ann.ask(access_token, 'auth.preferences', { voice_enabled: true })
  assert.ok((await ann.call(access_token, 'voice.process', said)).ok)
})

test('another user neither answers my question nor touches what is mine', async () => {
  const { access_token } = await ann.ask(undefined, 'auth.login', { email: bob.email, password: PASSWORD })
  const bobSays = (text_fallback: string) =>
    ann.ask(access_token, 'voice.process', { text_fallback, context: { conversation_id: 'shared' } })
  await say('add milk and bread to my list')
  await say('remove milk and bread from my list', 'shared')
  assert.equal((await bobSays('yes')).execution_id, undefined)
  assert.match((await bobSays('remove milk from my list')).response.text, /milk/)
  assert.match((await say('what is on my to do list')).response.text, /milk/)
  assert.equal((await say('yes', 'shared')).response.text, 'Removed milk and bread from your to do list.')
})

test('spaces make no dictation of an order, and what is dictated is kept as it is', async () => {
  const { intent } = await say(`add milk${' '.repeat(2_000)}to my shopping list`)
  assert.deepEqual(intent.entities, { items: ['milk'], list: 'shopping' })
  const text = `the recipe ${'is  long '.repeat(200)}and good`
  assert.deepEqual((await say(`remember: ${text}`)).intent.entities, { text })
})

test('what is said besides the name of a new list is no part of it', async () => {
  const [, answer] = await ann.hear('make a list called groceries and add milk to it', 'besides')
  assert.match(answer, /^Nothing is done: /)
})
