import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TSchema } from 'typebox'
import { client_events } from '../../contract/events.ts'
import { operations } from '../../contract/index.ts'
import { Id } from '../../contract/shapes.ts'
import { missing } from '../../server/domains/speech/ears/library.ts'
import { findIssues } from '../../server/kernel/validate.ts'
import type { Answer } from '../../server/transports/socket/rig.ts'
import { openWhole } from './rig.ts'

const whole = await openWhole({ hears: true })
after(() => whole.remove())
const NO_EARS = missing()?.problem ?? false

const socket = whole.open(whole.ann.token)
await socket.next('authenticated')
const sound = Buffer.alloc(2_560).toString('base64')
const piece = (utterance_id: string, more: object = {}) =>
  socket.ask('voice:audio', { utterance_id, format: 'pcm16', audio_data: sound, ...more })

test(
  'the last piece of an utterance is answered though another one was begun, or the listening stopped',
  { skip: NO_EARS },
  async () => {
    assert.deepEqual((await piece('one')).data, { listening: true })
    assert.deepEqual((await piece('two')).data, { listening: true })
    const late = await piece('one', { end: true })
    assert.deepEqual([late.error?.code, late.error?.details?.['reason']], ['VOICE_001', 'superseded'])
    assert.deepEqual((await piece('one')).data, { listening: false })
    assert.deepEqual((await piece('two')).data, { listening: true })
    await socket.ask('voice:stop_listening')
    const stopped = await piece('two', { end: true })
    const ids = [late, stopped].map(({ error }) => error?.request_id ?? '')
    assert.deepEqual([new Set(ids).size, ids.filter((id) => findIssues(Id, id).length > 0)], [2, []])
    assert.deepEqual([stopped.error?.code, stopped.error?.details?.['reason']], ['VOICE_001', 'stopped'])
  },
)

async function paths(event: string, ...args: unknown[]): Promise<string[] | undefined> {
  const { error } = await socket.ask(event, ...args)
  return (error?.details?.['issues'] as { path: string }[] | undefined)?.map(({ path }) => path)
}

test('what is wrong with an event is named as its client has it', async () => {
  assert.deepEqual((await paths('agent:execute', {}))?.[0], '/agent_id')
  assert.deepEqual((await paths('workflow:execute', 7))?.[0], '/workflow_id')
  assert.deepEqual(await paths('workflow:stop', 'x'), ['/execution_id'])
  const wrong = { utterance_id: 'w', format: 'mp3' }
  assert.deepEqual(await paths('voice:audio', wrong), ['/format'])
  assert.deepEqual(await paths('voice:audio', { utterance_id: 'w', colour: 'red' }), ['/colour'])
})

test('what the events of a voice are answered is what the contract says', { skip: NO_EARS }, async () => {
  const { audio_data = '' } = await whole.ask(whole.ann.token, 'voice.synthesize', {
    text: 'what time is it',
  })
  const said = Buffer.from(audio_data, 'base64').subarray(44).toString('base64')
  const { answer } = client_events['voice:audio']
  const whats: [answer: TSchema, given: Answer][] = [
    [answer, await piece('said', { audio_data: said })],
    [answer, await piece('said', { end: true })],
    [answer, await piece('said')],
    [client_events['voice:stop_listening'].answer, await socket.ask('voice:stop_listening')],
    [
      operations['voice.process'].output,
      await socket.ask('voice:command', { text_input: 'what time is it' }),
    ],
    [client_events['agent:subscribe'].answer, await socket.ask('agent:subscribe', '2')],
    [client_events.resume.answer, await socket.ask('resume', 0)],
  ]
  for (const [schema, { success, data }] of whats)
    assert.deepEqual([success, findIssues(schema, data)], [true, []])
})
