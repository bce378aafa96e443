import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CREDENTIAL, hear, openOutside, openService, problem } from './rig.ts'
import { whisperEars } from './whisper.ts'

const VERBOSE = {
  task: 'transcribe',
  language: 'german',
  text: ' Guten Tag.\n [Musik]',
  segments: [
    { text: ' Guten Tag.', avg_logprob: -0.2, no_speech_prob: 0.05 },
    { text: ' Untertitel von jemand', avg_logprob: -1.4, no_speech_prob: 0.9 },
  ],
}

test('a whisper server is asked once, and what it made up for silence is left out', async (t) => {
  const { port, asked } = await openService(t, (response) => response.end(JSON.stringify(VERBOSE)))
  const url = `http://127.0.0.1:${port}`
  const stt = whisperEars({ name: 'W', url, credential_id: CREDENTIAL }, openOutside(t, [port]))
  assert.deepEqual(await hear(stt, 10, { language: 'de' }), {
    text: 'Guten Tag.',
    confidence: 0.819,
    language: 'de',
  })
  await hear(stt, 10, { language: 'auto' })
  const [one, other] = asked.map(({ body }) => body.toString('latin1'))
  assert.equal(asked[0]?.path, '/inference')
  assert.match(one ?? '', /name="language"\r\n\r\nde\r\n[^]*name="prompt"\r\n\r\nConcierge, Notes\r\n/)
  assert.match(other ?? '', /name="language"\r\n\r\nauto\r\n/)
})

test('a whisper server that fails, or says so with a status of success, is told by name', async (t) => {
  for (const [status, body, sentence] of [
    [200, '{"error":"failed to read audio data"}', 'engine: W answered no transcript.'],
    [200, '{"text":" (wind blows) "}', 'silence: W heard nobody speak.'],
    [400, '{"error":"x"}', 'engine: W refused the request (400).'],
    [
      302,
      '',
      'engine: W sends on to another address, which is not followed: its url should be that one (302).',
    ],
  ] as const) {
    const { port } = await openService(t, (response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body),
    )
    const stt = whisperEars({ name: 'W', url: `http://127.0.0.1:${port}` }, openOutside(t, [port]))
    assert.equal(await problem(hear(stt)), sentence)
  }
})

test('it is well when it says so, or is too old to, and not while it loads its model', async (t) => {
  for (const [status, ok] of [
    [200, true],
    [404, true],
    [503, false],
    [500, false],
  ] as const) {
    const { port, asked } = await openService(t, (response) =>
      response.writeHead(status).end('{"status":"x"}'),
    )
    const stt = whisperEars({ name: 'W', url: `http://127.0.0.1:${port}/` }, openOutside(t, [port]))
    const { ok: is, problem: said } = await stt.health()
    assert.deepEqual([is, asked[0]?.path], [ok, '/health'])
    if (status === 503) assert.equal(said, 'W is still loading its model.')
  }
  const shut = whisperEars({ name: 'W', url: 'http://127.0.0.1:9' }, openOutside(t, [9]))
  const { ok, problem: said, remedy } = await shut.health()
  assert.equal(ok, false)
  assert.match(said, /^W: 127\.0\.0\.1:9 takes no connections\.$/)
  assert.match(remedy ?? '', /^Start it with: whisper-server /)
})
