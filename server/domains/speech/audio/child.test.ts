import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { openLog } from '../../../kernel/log.ts'
import { START } from '../../../kernel/rig.ts'
import { openHost } from '../host/pool.ts'
import type { Session } from '../host/pool.ts'
import type { AudioMessage } from './child.ts'
import { decode } from './decode.ts'
import { tone, NO_FORMS } from './fixture.ts'

function open(t: TestContext): (format?: string) => Promise<Session> {
  const clock = fakeClock(START)
  const log = openLog('error', clock, () => {})
  const host = openHost({ clock, log, entry: new URL('../child.ts', import.meta.url) })
  t.after(() => host.close())
  const signal = new AbortController().signal
  return (format) => host.open('audio', { format }, { user_id: 'ann', signal })
}

test(
  'a recording is decoded in a child of the domain, whole and as a stream, and refused in the same words',
  { skip: NO_FORMS },
  async (t) => {
    const session = await open(t)()
    const call = (message: AudioMessage): Promise<unknown> => session.call(message)
    const whole = await decode(tone('webm_opus'))
    assert.deepEqual(await call({ whole: tone('webm_opus') }), whole)
    await assert.rejects(call({ whole: Buffer.from('PK\x03\x04') }), {
      reason: 'audio',
      message: "That is a ZIP archive, which can't be heard. Send WAV, Ogg, WebM, MP3 or FLAC.",
    })
    const first = (await call({ push: tone('webm_opus') })) as Int16Array
    const rest = (await call({ end: true })) as Int16Array
    assert.equal(first.length + rest.length, whole.length)
  },
)

test('a job is found by its kind alone, never by a path or by what every object has', async (t) => {
  const clock = fakeClock(START)
  const log = openLog('error', clock, () => {})
  const host = openHost({
    clock,
    log,
    entry: new URL('../child.ts', import.meta.url),
    bounds: { children_max: 1 },
  })
  t.after(() => host.close())
  const names = [
    '',
    '../audio',
    '/etc/passwd',
    'audio\0',
    'AUDIO',
    'CON',
    'constructor',
    '__proto__',
    'toString',
    'node:fs',
  ]
  for (const name of names)
    await assert.rejects(
      host.open(name, {}, { user_id: 'ann', signal: new AbortController().signal }),
      {
        reason: 'engine',
      },
      name,
    )
})
