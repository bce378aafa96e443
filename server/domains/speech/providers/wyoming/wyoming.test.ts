import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { chunkOf, encodeEvent, eventOf, readEvents } from '../../../../kernel/wyoming.ts'
import type { WyomingEvent } from '../../../../kernel/wyoming.ts'
import { listen, until } from '../../../egress/rig.ts'
import { hear, listenOptions, openOutside, problem, speakOptions, spoken } from '../rig.ts'
import { wyomingEars } from './ears.ts'
import { wyomingMouth } from './mouth.ts'

type Answer = (event: WyomingEvent, socket: Socket) => unknown

/** A service of this machine that answers each message as it likes, and what it was sent. */
async function open(t: TestContext, answer: Answer, bounds = {}) {
  const got: WyomingEvent[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    void (async () => {
      for await (const event of readEvents(socket.iterator({ destroyOnReturn: false }))) {
        got.push(event)
        answer(event, socket)
      }
    })().catch(() => {})
  })
  const counted = await listen(t, server)
  const outside = openOutside(t, [counted.port], bounds)
  const options = { name: 'Piper', host: '127.0.0.1', port: counted.port }
  return {
    ...counted,
    got,
    outside,
    options,
    stt: wyomingEars(options, outside),
    tts: wyomingMouth(options, outside),
  }
}

const say = (socket: Socket, ...events: WyomingEvent[]) =>
  socket.write(Buffer.concat(events.map(encodeEvent)))
const onStop =
  (text: unknown): Answer =>
  ({ type }, socket) =>
    type === 'audio-stop' && say(socket, eventOf('transcript', { text, language: 'de_AT' }))

const raw =
  (text: string): Answer =>
  ({ type }, socket) =>
    type === 'audio-stop' && socket.write(text)

test('sound goes out as it is said, what is understood comes bit by bit, and the end is the transcript', async (t) => {
  const { stt, got } = await open(t, ({ type }, socket) => {
    if (type === 'audio-start')
      say(socket, eventOf('transcript-start'), eventOf('transcript-chunk', { text: 'guten' }))
    if (type === 'audio-stop')
      say(socket, eventOf('pong'), eventOf('transcript', { text: ' Guten\nTag ', language: 'de_AT' }))
  })
  const partials: string[] = []
  const listening = await stt.open(
    listenOptions({ language: 'de-AT', onPartial: ({ text }) => partials.push(text) }),
  )
  await listening.write(Int16Array.of(1, -1))
  await listening.write(new Int16Array(10_000))
  await until(() => partials.length === 1)
  assert.deepEqual(await listening.end(), { text: 'Guten Tag', confidence: 0.7, language: 'de-AT' })
  assert.deepEqual(partials, ['guten'])
  assert.deepEqual(
    got.map(({ type, data, payload }) => [
      type,
      Object.keys(data).length === 0 ? {} : data,
      payload.byteLength,
    ]),
    [
      ['transcribe', { language: 'de' }, 0],
      ['audio-start', { rate: 16_000, width: 2, channels: 1 }, 0],
      ['audio-chunk', { rate: 16_000, width: 2, channels: 1 }, 4],
      ['audio-chunk', { rate: 16_000, width: 2, channels: 1 }, 16_384],
      ['audio-chunk', { rate: 16_000, width: 2, channels: 1 }, 3_616],
      ['audio-stop', {}, 0],
    ],
  )
})

test('each way in which a service can fail while it hears is a sentence that names it', async (t) => {
  const cases: [string, Answer, RegExp][] = [
    [
      'error',
      ({ type }, socket) => type === 'audio-stop' && say(socket, eventOf('error', { text: 'evil' })),
      /^engine: Piper says that it failed\.$/,
    ],
    [
      'gone',
      ({ type }, socket) => type === 'audio-stop' && socket.end(),
      /^engine: Piper closed the connection before it had answered\.$/,
    ],
    [
      'reset',
      ({ type }, socket) => type === 'audio-start' && socket.resetAndDestroy(),
      /^engine: Piper: 127\.0\.0\.1:\d+ closed the connection too early\.$/,
    ],
    [
      'JSON',
      raw('evil\n'),
      /^engine: Piper does not speak Wyoming as it should: a message begins with a line that is no JSON object\.$/,
    ],
    [
      'length',
      raw('{"type":"transcript","data_length":-4}\n'),
      /^engine: Piper does not speak Wyoming .* no number of bytes\.$/,
    ],
    [
      'giant',
      raw('{"type":"transcript","payload_length":99999999}\n'),
      /^engine: Piper does not speak Wyoming .* more than 1048576 bytes\.$/,
    ],
    [
      'line',
      raw('x'.repeat(70_000)),
      /^engine: Piper does not speak Wyoming .* line of more than 65536 bytes\.$/,
    ],
    [
      'flood',
      raw(`{"type":"x","data":{"y":"${'x'.repeat(1_000)}"}}\n`.repeat(2_000)),
      /^engine: Piper: .* answered with more than 1048576 bytes\.$/,
    ],
    [
      'many',
      raw('{"type":"x"}\n'.repeat(20_000)),
      /^engine: Piper answered with more than 10000 messages\.$/,
    ],
    ['number', onStop(7), /^engine: Piper answered no transcript\.$/],
    ['novel', onStop('x'.repeat(10_001)), /^engine: Piper answered no transcript\.$/],
    ['silence', onStop(' '), /^silence: Piper heard nobody speak\.$/],
  ]
  for (const [what, answer, sentence] of cases) {
    const { stt, open: isOpen } = await open(t, answer)
    assert.match(await problem(hear(stt)), sentence, what)
    await until(() => isOpen() === 0)
  }
})

const manyBits = (count: number) => '{"type":"transcript-chunk","data":{"text":"["}}\n'.repeat(count)

test('what is heard so far is told now and then, however many bits it comes in, and its last bit, too', async (t) => {
  const { stt, outside, got } = await open(t, ({ type }, socket) => {
    if (type === 'audio-start') socket.write(manyBits(4_999) + manyBits(1).replace('[', 'end'))
    if (type === 'audio-stop') say(socket, eventOf('transcript', { text: 'x'.repeat(6_000) }))
  })
  const partials: string[] = []
  const listening = await stt.open(listenOptions({ onPartial: ({ text }) => partials.push(text) }))
  await until(() => got.some(({ type }) => type === 'audio-start') && partials.length === 1)
  await until(() => {
    outside.clock.advance(200)
    return partials.at(-1)?.endsWith('end') === true
  })
  assert.ok(partials.length < 1_000, `${partials.length}`)
  const told = partials.length
  assert.equal((await listening.end()).text.length, 6_000)
  outside.clock.advance(1_000)
  assert.equal(partials.length, told)
})

test('a deadline comes also while a service pours out what it has to say', async (t) => {
  const outside = openOutside(t, [])
  const stopped = Promise.withResolvers<void>()
  const whole = Buffer.concat([
    Buffer.from(manyBits(5_000)),
    encodeEvent(eventOf('transcript', { text: 'stop' })),
  ])
  async function* received() {
    await stopped.promise
    // The time is over as soon as anybody else has a turn.
    setImmediate(() => outside.clock.advance(30_000))
    yield whole
  }
  const connect = async () => ({
    received: received(),
    write: async (bytes: Uint8Array) => {
      if (Buffer.from(bytes).includes('audio-stop')) stopped.resolve()
    },
    close: () => {},
  })
  const stt = wyomingEars(
    { name: 'Piper', host: '127.0.0.1', port: 1 },
    { ...outside, egress: { ...outside.egress, connect } },
  )
  assert.equal(await problem(hear(stt)), 'deadline: Piper did not answer within 30 s.')
})

test('a service that hangs, or does not take what it is sent, is left when its time is over', async (t) => {
  const { stt, outside, got, open: isOpen } = await open(t, () => {})
  const slow = problem(hear(stt))
  await until(() => got.some(({ type }) => type === 'audio-stop'))
  outside.clock.advance(30_000)
  assert.equal(await slow, 'deadline: Piper did not answer within 30 s.')
  await until(() => isOpen() === 0)
  const deaf = await listen(
    t,
    createServer((socket) => socket.pause()),
  )
  const other = openOutside(t, [deaf.port])
  const full = wyomingEars({ name: 'Piper', host: '127.0.0.1', port: deaf.port }, other)
  const listening = await full.open(listenOptions())
  let isWaiting = false
  const writes = (async () => {
    for (;;) {
      isWaiting = false
      const write = listening.write(new Int16Array(8_000))
      isWaiting = true
      await write
    }
  })()
  const refused = problem(writes)
  const state = { isDone: false }
  void refused.then(() => (state.isDone = true))
  await until(() => isWaiting)
  for (let turn = 0; turn < 50 && !state.isDone; turn += 1) {
    await until(() => isWaiting || state.isDone)
    other.clock.advance(1_000)
  }
  assert.match(
    await refused,
    /^(?:deadline: Piper did not answer within 10 s|audio: The recording is longer)/,
  )
})

test('nobody waits for a service once nobody wants it any more', async (t) => {
  const { stt, tts, got, open: isOpen } = await open(t, () => {})
  const stop = new AbortController()
  const heard = hear(stt, 100, { signal: stop.signal })
  const said = spoken(tts.speak(speakOptions({ signal: stop.signal })))
  await until(
    () => got.some(({ type }) => type === 'audio-stop') && got.some(({ type }) => type === 'synthesize'),
  )
  stop.abort(new RangeError('enough'))
  await assert.rejects(heard, RangeError)
  await assert.rejects(said, RangeError)
  await until(() => isOpen() === 0)
})

test('a text is spoken by the voice that is asked for, as the service sends it', async (t) => {
  const { tts, got } = await open(t, ({ type }, socket) => {
    if (type !== 'synthesize') return
    const stereo = {
      ...chunkOf(Int16Array.of(10, 20, -4, -8), 22_050),
      data: { rate: 22_050, width: 2, channels: 2 },
    }
    say(
      socket,
      eventOf('audio-start', { rate: 22_050, width: 2, channels: 1 }),
      chunkOf(Int16Array.of(4), 22_050),
      stereo,
      eventOf('audio-stop'),
    )
  })
  const voice = { voice_id: 'Piper/amy', language: 'en-GB', name: 'amy', provider: 'Piper' }
  const chunks = await Array.fromAsync(tts.speak(speakOptions({ voice, volume: 0.5 })))
  assert.deepEqual(chunks, [
    { samples: Int16Array.of(2), sample_rate: 22_050 },
    { samples: Int16Array.of(8, -3), sample_rate: 22_050 },
  ])
  assert.deepEqual(got[0]?.data, { text: 'Hello there.', voice: { name: 'amy' } })
  await spoken(tts.speak(speakOptions({ voice: { ...voice, provider: 'other' } })))
  assert.deepEqual(got[1]?.data['voice'], { language: 'en-GB' })
})

test('each way in which a service can fail while it speaks is a sentence that names it', async (t) => {
  const chunk = {
    type: 'audio-chunk',
    data: { rate: 16_000, width: 2, channels: 1 },
    payload: Uint8Array.of(1),
  }
  const cases: [WyomingEvent[] | 'end' | 'endless', RegExp][] = [
    [[eventOf('audio-start'), eventOf('audio-stop')], /^engine: Piper answered without any sound\.$/],
    [[chunk], /^engine: Piper does not speak Wyoming as it should: the sound has a part of a sample\.$/],
    [
      [{ ...chunk, data: { rate: 16_000, width: 4, channels: 1 } }],
      /^engine: Piper does not speak Wyoming .* not 16-bit PCM/,
    ],
    [[eventOf('error')], /^engine: Piper says that it failed\.$/],
    ['end', /^engine: Piper closed the connection before it had answered\.$/],
    ['endless', /^engine: Piper: .* answered with more than 8388608 bytes\.$/],
  ]
  for (const [events, sentence] of cases) {
    const sound = encodeEvent(chunkOf(new Int16Array(30_000), 16_000))
    const { tts } = await open(t, ({ type }, socket) => {
      if (type !== 'synthesize') return
      if (events === 'end') return void socket.end()
      if (events !== 'endless') return void say(socket, ...events)
      const pour = (): void => {
        while (socket.writable && socket.write(sound));
      }
      socket.on('drain', pour)
      pour()
    })
    const work = (async () => {
      for await (const { samples } of tts.speak(speakOptions())) assert.ok(samples.length <= 30_000)
    })()
    assert.match(await problem(work), sentence)
  }
  const { tts, got, outside } = await open(t, () => {})
  const slow = problem(spoken(tts.speak(speakOptions())))
  await until(() => got.length === 1)
  outside.clock.advance(15_000)
  assert.equal(await slow, 'deadline: Piper did not answer within 15 s.')
})

const INFO = {
  asr: [
    {
      name: 'w',
      models: [
        { name: 'base', languages: ['en', 'de_DE', 7] },
        { name: 'gone', installed: false, languages: ['fr'] },
      ],
    },
    3,
  ],
  tts: [
    { voices: [{ name: 'amy', languages: ['en_GB'] }, { name: 'x'.repeat(90), languages: [] }, { name: 5 }] },
  ],
}

test('what a service is, it says itself: languages, voices, and whether it is of use at all', async (t) => {
  let info: object = INFO
  const { stt, tts, options, outside } = await open(t, ({ type }, socket) => {
    if (type === 'describe') say(socket, eventOf('pong'), eventOf('info', { ...info }))
  })
  assert.deepEqual(
    [await stt.health(), await tts.health()],
    [
      { ok: true, problem: '' },
      { ok: true, problem: '' },
    ],
  )
  assert.deepEqual(stt.languages, ['en', 'de'])
  assert.deepEqual(await tts.voices(), [
    { voice_id: 'Piper/amy', language: 'en-GB', name: 'amy', provider: 'Piper' },
  ])
  const gone = wyomingEars({ ...options, model: 'gone' }, outside)
  assert.deepEqual(await gone.health(), { ok: false, problem: 'Piper is there, but it has no model gone.' })
  info = { asr: 'evil', tts: [{ voices: {} }] }
  assert.equal((await stt.health()).problem, 'Piper is there, but it recognises no speech.')
  assert.equal((await tts.health()).problem, 'Piper is there, but it has no voice.')
})

test('a service that is not there, or nowhere one may go, says so and how to mend it', async (t) => {
  const { port, outside, got } = await open(t, () => {})
  const shut = wyomingEars({ name: 'Far', host: '127.0.0.2', port }, openOutside(t, []))
  assert.match((await shut.health()).problem, /^Far: .* in PAIOS_EGRESS_LAN\.$/)
  assert.match(await problem(hear(shut)), /^missing: Far: .* in PAIOS_EGRESS_LAN\.$/)
  const mute = wyomingMouth({ name: 'Mute', host: '127.0.0.1', port }, outside)
  const asked = mute.health()
  await until(() => got.length === 1)
  outside.clock.advance(5_000)
  assert.deepEqual(await asked, {
    ok: false,
    problem: 'Mute did not answer within 5 s.',
    remedy: `Start a Wyoming service that listens at 127.0.0.1:${port}.`,
  })
})
