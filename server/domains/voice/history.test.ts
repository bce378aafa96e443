import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { voice } from '../../../contract/voice.ts'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openSpeaker, refusal } from './rig.ts'

const ann = await openSpeaker()
const commands = (input: { limit?: number; cursor?: string } = {}) =>
  ann.ask(ann.token, 'voice.commands', input)
const SAID = ['status', 'add milk to my list', 'what is 2 plus 3', 'blorp the fnargle twice', 'set a timer']

test('nobody has said anything at first, and explaining the routing says so', async () => {
  assert.deepEqual(await commands(), { commands: [] })
  assert.equal((await ann.hear('explain routing'))[1], 'You have not said anything yet.')
})

test('what was said is kept newest first, with what became of it and nothing of the user', async () => {
  for (const sentence of SAID) await ann.say(sentence, 'history')
  const { commands: kept } = await commands({ limit: SAID.length })
  assert.deepEqual(
    kept.map(({ text }) => text),
    SAID.toReversed(),
  )
  const [timer, blorp, sum, milk, status] = kept
  assert.deepEqual([timer?.action, timer?.understood, timer?.execution_id], ['timer', true, null])
  assert.deepEqual([blorp?.action, blorp?.understood, blorp?.tier], ['unknown', false, 'none'])
  assert.deepEqual([sum?.target_agent, sum?.response], [5, '2 plus 3 is 5.'])
  assert.deepEqual([milk?.tier, milk?.confidence], ['template', 1])
  assert.deepEqual([status?.target_agent, status?.action], [null, 'status'])
  assert.deepEqual(findIssues(voice.commands.output, await commands()), [])
})

test('pages follow each other without a gap and without saying anything twice', async () => {
  const all = (await commands({ limit: 500 })).commands.map(({ id }) => id)
  const paged: string[] = []
  let cursor: string | undefined
  do {
    const page = await commands({ limit: 2, ...(cursor !== undefined && { cursor }) })
    assert.ok(page.commands.length <= 2)
    paged.push(...page.commands.map(({ id }) => id))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  assert.deepEqual(paged, all)
  assert.equal((await commands({ limit: all.length })).next_cursor, undefined)
})

test('a cursor that was not given out, and a limit out of bounds, are refused', async () => {
  for (const input of [
    { cursor: 'nonsense' },
    { cursor: '' },
    { limit: 0 },
    { limit: 501 },
    { limit: 1.5 },
  ]) {
    const refused = refusal(await ann.call(ann.token, 'voice.commands', input))
    assert.equal(refused?.code, 'GENERAL_001', JSON.stringify(input))
  }
})

test('the history is each user’s own, and so is what is explained', async () => {
  const { email } = await ann.app.auth.addUser('bob@example.org', PASSWORD)
  const { access_token } = await ann.ask(undefined, 'auth.login', { email, password: PASSWORD })
  assert.deepEqual(await ann.ask(access_token, 'voice.commands', {}), { commands: [] })
  const { next_cursor } = await commands({ limit: 1 })
  const foreign = await ann.ask(access_token, 'voice.commands', { cursor: next_cursor ?? '' })
  assert.deepEqual(foreign, { commands: [] })
  const asked = await ann.ask(access_token, 'voice.process', { text_fallback: 'explain routing' })
  assert.equal(asked.response.text, 'You have not said anything yet.')
})

test('of a very long sentence the record keeps the beginning', async () => {
  const text = `blorp ${'x'.repeat(20_000)}`
  const answer = await ann.say(text)
  assert.equal(answer.transcribed_text, text)
  assert.equal((await commands({ limit: 1 })).commands[0]?.text, text.slice(0, 10_000))
})

test('what is forgotten is in no event any more, and the events keep their order', async () => {
  const told = async () => (await ann.app.kernel.events.since(ann.user_id, 0)).events
  const said = async () => JSON.stringify(await told())
  await ann.say('what is 411 plus 12')
  await ann.say('what is 77 plus 1')
  await ann.say('what is 411 plus 1', 'another one')
  const before = await told()
  const [, , { id } = { id: '' }] = (await commands({ limit: 3 })).commands
  await ann.ask(ann.token, 'voice.forget', { id })
  assert.doesNotMatch(await said(), /what is 411 plus 12/)
  assert.match(await said(), /what is 77 plus 1".*what is 411 plus 1"/)
  const spoken = (await told()).filter(({ name }) => name === 'voice:response_ready')
  assert.doesNotMatch(JSON.stringify(spoken), /423/)
  assert.deepEqual(
    (await told()).map(({ seq, name }) => [seq, name]).slice(0, before.length),
    before.map(({ seq, name }) => [seq, name]),
  )
  await ann.ask(ann.token, 'voice.forget_all', {})
  assert.doesNotMatch(await said(), /what is 77 plus 1/)
})

test('explaining the routing speaks of the last sentence, not of itself', async () => {
  await ann.say('what is 2 plus 3')
  const [, first] = await ann.hear('explain routing')
  assert.equal(
    first,
    '“what is 2 plus 3”: The words are a phrase of agent 5, Data. It was for agent 5: calculate. The words are a phrase that I know, with 100 % confidence. No agent had the benefit of the doubt. No language model was asked.',
  )
  assert.equal((await ann.hear('explain routing'))[1], first)
})

test('after a restart history and settings are there, and a question is simply asked again', async () => {
  const first = await openTestApp()
  const { token } = await first.claim()
  const context = { conversation_id: 'restart' }
  await first.ask(token, 'voice.process', { text_fallback: 'add milk and bread to my list' })
  await first.ask(token, 'voice.process', { text_fallback: 'remove milk and bread from my list', context })
  await first.ask(token, 'voice.settings', { pitch: 1.5 })
  const before = await first.ask(token, 'voice.commands', {})
  await first.close()
  const second = await openTestApp({ data_dir: first.data_dir })
  assert.deepEqual(await second.ask(token, 'voice.commands', {}), before)
  assert.equal((await second.ask(token, 'voice.settings', {})).pitch, 1.5)
  const yes = await second.ask(token, 'voice.process', { text_fallback: 'yes', context })
  assert.equal(yes.execution_id, undefined)
  await second.close()
  rmSync(first.data_dir, { recursive: true, force: true })
})
