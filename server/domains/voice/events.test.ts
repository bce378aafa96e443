import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server_events } from '../../../contract/events.ts'
import type { EventName } from '../../../contract/events.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openSpeaker } from './rig.ts'

const ann = await openSpeaker()

/** The events of voice since the last time, a stage each. */
async function stages(): Promise<string[]> {
  const events = (await ann.events()).filter(({ name }) => name.startsWith('voice:'))
  for (const { name, data } of events)
    assert.deepEqual(findIssues(server_events[name as EventName], data), [], name)
  return events.map(({ name, data }) => {
    const status = (data as { status?: string }).status
    return status === undefined ? name : `${name} ${status}`
  })
}

const HEARD = ['voice:command_received', 'voice:processing analyzing', 'voice:processing routing']

test('a command that an agent does is told stage by stage, and its answer last', async () => {
  await ann.events()
  await ann.say('add milk to my list')
  assert.deepEqual(await stages(), [...HEARD, 'voice:processing executing', 'voice:response_ready'])
})

test('what is answered at once has no stage of execution', async () => {
  for (const sentence of ['status', 'set a timer', 'no', 'blorp the fnargle twice']) {
    await ann.say(sentence, 'at once')
    assert.deepEqual(await stages(), [...HEARD, 'voice:response_ready'], sentence)
  }
})

test('progress grows from stage to stage and stays below the end', async () => {
  await ann.say('add bread to my list')
  const told = (await ann.events()).filter(({ name }) => name === 'voice:processing')
  assert.deepEqual(
    told.map(({ data }) => (data as { progress: number }).progress),
    [0.25, 0.5, 0.75],
  )
})

test('the execution is told between the stage and the answer, and the answer has its result', async () => {
  const { response } = await ann.say('what is 2 plus 3')
  const events = await ann.events()
  const at = (name: string) => events.findIndex((event) => event.name === name)
  assert.ok(at('agent:execution_started') > at('voice:command_received'))
  assert.ok(at('agent:execution_completed') > at('agent:execution_started'))
  assert.equal(at('voice:response_ready'), events.length - 1)
  const last = (events.at(-1)?.data ?? {}) as { text?: string; agent_response?: { text: string } }
  assert.deepEqual([last.text, last.agent_response?.text], [response.text, '2 plus 3 is 5.'])
})

test('the command is told as it was said, with its language, before anything is done about it', async () => {
  await ann.ask(ann.token, 'voice.process', { text_fallback: 'Hey paios, STATUS please', language: 'en-GB' })
  assert.deepEqual((await ann.events())[0], {
    name: 'voice:command_received',
    data: { text: 'Hey paios, STATUS please', confidence: 1, language: 'en-GB' },
  })
})

test('a sentence said to one agent is told in the same stages', async () => {
  await ann.tellAgent('4', { text_input: 'add tea to my list' })
  assert.deepEqual(await stages(), [...HEARD, 'voice:processing executing', 'voice:response_ready'])
})

test('what is refused before it is understood is not told', async () => {
  await ann.call(ann.token, 'voice.process', { text_fallback: ' ' })
  await ann.tellAgent('99', { text_input: 'status' })
  assert.deepEqual(await stages(), [])
})

test('an action that fails is told with its failure', async () => {
  await ann.say('remove plutonium from my list')
  const { name, data } = (await ann.events()).at(-1) ?? { name: '', data: {} }
  const { text, agent_response } = data as { text: string; agent_response: { success: boolean } }
  assert.deepEqual([name, agent_response.success], ['voice:response_ready', false])
  assert.doesNotMatch(text, /AGENT_/)
})
