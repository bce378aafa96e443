import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { missing } from '../../server/domains/speech/ears/library.ts'
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
    assert.deepEqual([stopped.error?.code, stopped.error?.details?.['reason']], ['VOICE_001', 'stopped'])
  },
)
