import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import { every, isFree, sampleOf } from './inputs.ts'
import { dataOf, leaveOut, none, openTarget, outcomeOf, skipped } from './rig.ts'

// What is heard needs the recogniser of this machine, if it has one.
const target = await openTarget({ app: { recogniser: undefined } })
after(() => target.remove())
const { token } = target.ann
const MEMORY = 'POST /api/agents/2/memory'

/** What parsers of forms and webhooks have taken for a file of their own. */
const FILES: readonly object[] = [
  { files: { x: { filepath: '/etc/passwd' } } },
  { files: [{ path: '/etc/passwd' }] },
  { file: '/etc/passwd' },
  { audio: { filepath: '/etc/passwd' } },
  { audio_data: { filepath: '/etc/passwd' } },
  { audio_data: 'file:///etc/passwd' },
  { $file: '/etc/passwd' },
]

test('D-001: no body makes the server read a file, whichever operation it is for', async () => {
  const wrong: string[] = []
  const writing = every.filter(({ http }) => http.method === 'POST' || http.method === 'PUT')
  assert.ok(writing.length > 35)
  for (const operation of writing)
    for (const files of FILES) {
      const answered = await target.perform(operation, { ...sampleOf(operation), ...files }, { token })
      const isOpen = isFree(operation) || 'audio_data' in files
      // A message is answered by a message, whatever came of it.
      const expected = operation.carries === undefined ? '400 GENERAL_001' : '200 GENERAL_001'
      if (!isOpen && outcomeOf(answered) !== expected) wrong.push(`${operation.name}: ${outcomeOf(answered)}`)
      if (answered.status < 300 && operation.carries === undefined) wrong.push(`${operation.name} did it`)
      if (answered.text.includes('root:')) wrong.push(`${operation.name} answered a file`)
    }
  none(wrong)
})

test('D-003: no operation takes a name of a file, and no body with files in it is read', async () => {
  const named = every.flatMap(({ name, input }) =>
    Object.keys(input.properties).map((field) => `${name} ${field}`),
  )
  assert.deepEqual(
    named.filter((one) => /file|path|dir/i.test(one)),
    [],
  )
  const body = '--x\r\nContent-Disposition: form-data; name="a"; filename="../../x"\r\n\r\nx\r\n--x--\r\n'
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  for (const place of [
    'POST /api/voice/process',
    'POST /api/agents/2/voice',
    'POST /api/voice/train',
    MEMORY,
  ])
    assert.equal(outcomeOf(await target.http(place, { token, body, headers })), '415 GENERAL_001', place)
})

test("D-004: the sound of an answer is its user's alone, and no address reaches beside it", async (t) => {
  const spoken = await target.perform(operations['voice.synthesize'], { text: 'Hello.' }, { token })
  if (skipped(t, operations['voice.synthesize'], spoken.body)) return
  if (spoken.status === 503) {
    leaveOut(t, 'an engine that speaks')
    return
  }
  const { audio_url } = dataOf<{ audio_url: string }>(spoken)
  const path = new URL(audio_url, target.origin).pathname
  assert.equal((await target.http(`GET ${path}`, { token })).status, 200)
  assert.equal((await target.http(`GET ${path}`, { token: target.bob.token })).status, 404)
  const folder = path.slice(0, path.lastIndexOf('/'))
  for (const name of [
    '../root.key',
    '..%2froot.key',
    '%2e%2e%2froot.key',
    '..%5croot.key',
    '..%252froot.key',
    '%00',
    `${path.slice(folder.length + 1)}%00.wav`,
  ])
    assert.match(outcomeOf(await target.http(`GET ${folder}/${name}`, { token })), /^40[04] /, name)
})

const say = (audio_data: string) => target.perform(operations['voice.process'], { audio_data }, { token })

test('D-024: a sound that is none is refused before it is decoded', async (t) => {
  const header = Buffer.from(
    '52494646ffffffff57415645666d74201000000001000100803e0000007d00000200100064617461ffffffff',
    'hex',
  )
  const silence = Buffer.concat([
    Buffer.from(
      '524946462480000057415645666d74201000000001000100803e0000007d0000020010006461746100800000',
      'hex',
    ),
    Buffer.alloc(32_768),
  ])
  const heard = await say(silence.toString('base64'))
  if (outcomeOf(heard).startsWith('503 ')) {
    leaveOut(t, 'the recogniser of speech')
    return
  }
  for (const bad of [
    '',
    '*',
    'A',
    'data:audio/wav;base64,UklGRg==',
    header.toString('base64'),
    Buffer.from('PK\u0003\u0004zip').toString('base64'),
    silence.subarray(0, 40).toString('base64'),
  ])
    assert.match(outcomeOf(await say(bad)), /^400 GENERAL_001$|^422 VOICE_001(?: |$)/, bad.slice(0, 30))
})
