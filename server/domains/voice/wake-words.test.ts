import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import { missing } from '../speech/ears/library.ts'
import { SpeechError } from '../speech/kinds.ts'
import { refusedPaths } from './rig.ts'

const opened = await openTestApp({ recogniser: undefined })
after(() => opened.remove())
const { token, user_id } = await opened.claim()
const change = (...wake_words: string[]) => opened.call(token, 'voice.settings', { wake_words })
const dies = () =>
  Promise.reject(new SpeechError('engine', 'The speech engine ended unexpectedly; try again.'))

test('no word is refused because an engine died', async (t) => {
  t.mock.method(opened.app.speech, 'checkWakeWords', dies)
  assert.equal((await change('computer')).ok, true)
})

test(
  'words are tried while every place of those who wait for one is taken',
  { skip: missing()?.problem ?? false },
  async () => {
    const { id: bob } = await opened.app.auth.addUser('bob@example.org', 'correct horse battery staple 9')
    const shelf = { utterance_id: 'shelf', format: 'pcm16', wait_for_wake: true } as const
    const speakers = [user_id, bob].map((who) => ({ user_id: who, connection_id: who }))
    const { voice } = opened.app.doors
    for (const speaker of speakers) await voice.begin(speaker, shelf)
    assert.deepEqual(refusedPaths(await change('computer', 'hey')), ['/wake_words/1'])
    assert.equal((await change('computer', 'good friday')).ok, true)
    for (const speaker of speakers) voice.stop(speaker)
  },
)
