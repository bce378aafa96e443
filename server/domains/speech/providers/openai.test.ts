import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { openCanary, until } from '../../egress/rig.ts'
import { toWav } from '../audio/wav.ts'
import { openAiEars, openAiMouth } from './openai.ts'
import type { OpenAiOptions } from './openai.ts'
import {
  CREDENTIAL,
  SECRET,
  hear,
  listenOptions,
  openOutside,
  openService,
  problem,
  speakOptions,
  spoken,
} from './rig.ts'

const options = (url: string, more: Partial<OpenAiOptions> = {}): OpenAiOptions => ({
  name: 'Cloud',
  url,
  credential_id: CREDENTIAL,
  ...more,
})
const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

const VERBOSE = {
  text: ' Remind me\nat six. ',
  language: 'english',
  segments: [{ text: ' Remind me at six.', avg_logprob: -0.1, no_speech_prob: 0.01 }],
}

test('what was said goes out as a WAV file in a form, with the secret, and comes back as a transcript', async (t) => {
  const { port, url, asked } = await openService(t, (response) => json(response, VERBOSE))
  const stt = openAiEars(options(`${url}/`), openOutside(t, [port]))
  assert.deepEqual(await hear(stt), { text: 'Remind me at six.', confidence: 0.905, language: 'en' })
  const [one] = asked
  assert.deepEqual([one?.path, one?.headers.authorization], ['/v1/audio/transcriptions', `Bearer ${SECRET}`])
  const type = one?.headers['content-type'] ?? ''
  const form = await new Response(new Uint8Array(one?.body ?? []), {
    headers: { 'content-type': type },
  }).formData()
  const file = form.get('file')
  assert.ok(file instanceof File)
  assert.deepEqual(await file.bytes(), toWav(new Int16Array(1_600), 16_000))
  form.delete('file')
  assert.deepEqual(Object.fromEntries(form), {
    model: 'whisper-1',
    response_format: 'verbose_json',
    language: 'en',
    prompt: 'Concierge, Notes',
  })
})

test('a newer model is asked for what it knows, and its probabilities are its confidence', async (t) => {
  const answer = { text: 'yes', logprobs: [{ logprob: -0.5 }, { logprob: -0.1 }, { token: 'x' }] }
  const { port, url, asked } = await openService(t, (response) => json(response, answer))
  const stt = openAiEars(options(url, { model: 'gpt-4o-transcribe' }), openOutside(t, [port]))
  assert.deepEqual(await hear(stt, 100, { language: 'auto' }), { text: 'yes', confidence: 0.741 })
  const body = asked[0]?.body.toString('latin1') ?? ''
  assert.match(body, /name="response_format"\r\n\r\njson\r\n/)
  assert.match(body, /name="include\[\]"\r\n\r\nlogprobs\r\n/)
  assert.doesNotMatch(body, /name="language"/)
})

test('whoever is on another machine gets the sound and none of the names', async (t) => {
  const { port, url } = await openService(t, (response) => json(response, VERBOSE))
  const outside = openOutside(t, [port])
  assert.equal(openAiEars(options(url), outside).remote, false)
  for (const other of ['https://api.example.org/v1', 'http://192.168.1.2:80', 'http://[2001:db8::1]/v1'])
    assert.equal(openAiEars(options(other), outside).remote, true, other)
  assert.equal(openAiEars(options('http://[::1]:80/v1'), outside).remote, false)
  const bodies: string[] = []
  const egress = {
    ...outside.egress,
    request: async ({ body }: { body?: string | Uint8Array }) => {
      bodies.push(Buffer.from(body ?? '').toString('latin1'))
      return { status: 200, headers: {}, url: '', body: Buffer.from(JSON.stringify(VERBOSE)) }
    },
  }
  await hear(openAiEars(options('https://api.example.org/v1'), { ...outside, egress }))
  assert.doesNotMatch(bodies[0] ?? '', /Concierge|prompt/)
})

test('every way in which a service can fail is a sentence that names it, and none has the secret', async (t) => {
  const elsewhere = await openCanary(t)
  const cases: [string, (response: ServerResponse) => unknown, RegExp][] = [
    [
      'key',
      (response) => json(response, { error: SECRET }, 401),
      /^engine: Cloud does not accept its credential.*\(401\)/,
    ],
    ['path', (response) => json(response, {}, 404), /^engine: Cloud has nothing at this address.*\(404\)/],
    ['busy', (response) => json(response, {}, 429), /^busy: Cloud has too much to do/],
    ['broken', (response) => response.writeHead(500).end(SECRET), /^engine: Cloud failed \(500\)/],
    [
      'text',
      (response) => response.end(`no ${SECRET}`),
      /^engine: Cloud answered something that is not the JSON/,
    ],
    ['list', (response) => response.end('[]'), /^engine: Cloud answered something that is not the JSON/],
    ['no text', (response) => json(response, { error: SECRET }), /^engine: Cloud answered no transcript/],
    ['number', (response) => json(response, { text: 7 }), /^engine: Cloud answered no transcript/],
    [
      'novel',
      (response) => json(response, { text: 'x'.repeat(20_000) }),
      /^engine: Cloud answered no transcript/,
    ],
    [
      'huge',
      (response) => response.end(' '.repeat(2_000_000)),
      /^engine: Cloud broke its answer off, or it was too long/,
    ],
    [
      'silence',
      (response) => json(response, { text: ' [BLANK_AUDIO] ' }),
      /^silence: Cloud heard nobody speak/,
    ],
    [
      'reset',
      (response) => response.socket?.resetAndDestroy(),
      /^engine: Cloud: .* closed the connection too early/,
    ],
    ['no HTTP', (response) => response.socket?.end('hello\r\n\r\n'), /^engine: Cloud: .* is not HTTP/],
    [
      'cut',
      (response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"text":"half')
        setImmediate(() => response.socket?.destroy())
      },
      /^engine: Cloud broke its answer off/,
    ],
    [
      'redirect',
      (response) => response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/` }).end(),
      /^engine: Cloud sends on to another address, which is not followed/,
    ],
  ]
  for (const [what, answer, sentence] of cases) {
    const { port, url } = await openService(t, answer)
    const outside = openOutside(t, [port, elsewhere.port])
    const stt = openAiEars(options(url), outside)
    const heard = hear(stt)
    assert.match(await problem(heard), sentence, what)
    const error: unknown = await heard.catch((failure: unknown) => failure)
    assert.equal(inspect(error, { depth: 9, showHidden: true }).includes(SECRET), false, what)
  }
  assert.equal(elsewhere.hits(), 0)
})

test('a secret that comes back as what was said comes back as its name', async (t) => {
  const { port, url } = await openService(t, (response) => json(response, { text: `it is ${SECRET}` }))
  const { text } = await hear(openAiEars(options(url), openOutside(t, [port])))
  assert.equal(text.includes(SECRET), false)
})

test('a service that never answers is left after its time, and at once when nobody waits any more', async (t) => {
  const { port, url, hits } = await openService(t, () => {})
  const outside = openOutside(t, [port])
  const stt = openAiEars(options(url), outside)
  const slow = problem(hear(stt))
  await until(() => hits() === 1)
  outside.clock.advance(30_000)
  assert.match(await slow, /^deadline: Cloud: 127\.0\.0\.1:\d+ did not answer within 30 s\.$/)
  const stop = new AbortController()
  const stopped = hear(stt, 100, { signal: stop.signal })
  await until(() => hits() === 2)
  stop.abort(new RangeError('enough'))
  await assert.rejects(stopped, RangeError)
})

test('where it may not go it does not go, and the sentence says what the operator would set', async (t) => {
  const canary = await openCanary(t)
  const outside = openOutside(t, [])
  const stt = openAiEars(options(`http://127.0.0.1:${canary.port}/v1`), outside)
  assert.match(await problem(hear(stt)), /^missing: Cloud: .* in PAIOS_EGRESS_LAN\.$/)
  assert.match((await stt.health()).problem, /PAIOS_EGRESS_LAN/)
  assert.equal(canary.hits(), 0)
})

test('no utterance takes more memory than the longest may', async (t) => {
  const stt = openAiEars(options('http://127.0.0.1:1/v1'), openOutside(t, []))
  const listening = await stt.open(listenOptions())
  for (let second = 0; second < 30; second += 1) await listening.write(new Int16Array(16_000))
  assert.match(
    await problem(listening.write(new Int16Array(16_000))),
    /^audio: The recording is longer than 30 s/,
  )
})

test('it is well when it refuses a request with nothing in it, and what ails it is told', async (t) => {
  for (const [status, sentence] of [
    [400, ''],
    [422, ''],
    [401, 'Cloud does not accept its credential, or was sent none (401).'],
    [404, 'Cloud has nothing at this address: its url or its model is wrong (404).'],
    [503, 'Cloud failed (503).'],
    [301, 'Cloud sends on to another address, which is not followed: its url should be that one (301).'],
  ] as const) {
    const { port, url, asked } = await openService(t, (response) => json(response, {}, status))
    const outside = openOutside(t, [port])
    for (const engine of [openAiEars(options(url), outside), openAiMouth(options(url), outside)])
      assert.deepEqual(await engine.health(), { ok: sentence === '', problem: sentence })
    assert.deepEqual(
      asked.map(({ path }) => path),
      ['/v1/audio/transcriptions', '/v1/audio/speech'],
    )
  }
})

test('a text is spoken piece by piece, and the first sound is there before the last was made', async (t) => {
  const samples = Int16Array.from({ length: 6_000 }, (_, at) => at * 2)
  const sound = Buffer.from(toWav(samples, 24_000))
  const rest: (() => void)[] = []
  const { port, url, asked } = await openService(t, (response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).write(sound.subarray(0, 6_001))
    rest.push(() => response.end(sound.subarray(6_001)))
  })
  const tts = openAiMouth(options(url, { voices: ['nova', 'echo'] }), openOutside(t, [port]))
  assert.deepEqual((await tts.voices())[1], {
    voice_id: 'Cloud/echo',
    language: 'mul',
    name: 'echo',
    provider: 'Cloud',
  })
  const text = 'The kettle is on. It will boil soon.'
  const chunks = tts.speak(speakOptions({ text, volume: 0.5, speech_rate: 1.5 }))[Symbol.asyncIterator]()
  const heard: number[] = []
  const take = async (): Promise<void> => {
    const { value } = await chunks.next()
    assert.equal(value.sample_rate, 24_000)
    heard.push(...value.samples)
  }
  await take()
  assert.deepEqual([heard.length > 2_000, heard.length < 3_000, rest.length], [true, true, 1])
  rest.shift()?.()
  while (heard.length < 6_000) await take()
  assert.deepEqual(
    heard,
    Array.from({ length: 6_000 }, (_, at) => at),
  )
  const second = take()
  await until(() => rest.length === 1)
  await second
  assert.deepEqual(JSON.parse(asked[0]?.body.toString() ?? ''), {
    model: 'tts-1',
    input: 'The kettle is on.',
    voice: 'nova',
    response_format: 'wav',
    speed: 1.5,
  })
  await chunks.return?.()
})

test('sound that is none, or is cut off, is told as such, and whoever leaves ends the request', async (t) => {
  const wav = Buffer.from(toWav(new Int16Array(1_000), 24_000))
  for (const [body, sentence] of [
    ['{"error":"x"}', /^engine: Cloud answered something that is not a WAV file\.$/],
    [wav.subarray(0, 100), /^engine: Cloud broke the sound off\.$/],
    [wav.subarray(0, 20), /^engine: Cloud broke the sound off\.$/],
    ['', /^engine: Cloud broke the sound off\.$/],
  ] as const) {
    const { port, url } = await openService(t, (response) => response.end(body))
    const tts = openAiMouth(options(url), openOutside(t, [port]))
    assert.match(await problem(spoken(tts.speak(speakOptions()))), sentence)
  }
  let open = true
  const { port, url } = await openService(t, (response) => {
    response.on('close', () => (open = false))
    response.write(wav)
  })
  const tts = openAiMouth(options(url), openOutside(t, [port]))
  for await (const _ of tts.speak(speakOptions())) break
  await until(() => !open)
})
