import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunkOf, eventOf } from '../../kernel/wyoming.ts'
import type { WyomingEvent } from '../../kernel/wyoming.ts'
import { call, openTestWyoming, testSpeech, until } from './rig.ts'
import { WYOMING_BOUNDS } from './service.ts'

const START = eventOf('audio-start', { rate: 16_000, width: 2, channels: 1 })
const STOP = eventOf('audio-stop')
const SOUND = chunkOf(Int16Array.of(1), 16_000)
const plain = (event: WyomingEvent | 'end') =>
  event === 'end' ? event : [event.type, event.data, Array.from(event.payload)]

test('whoever asks what this is hears of its languages and voices, in the form that Home Assistant reads', async (t) => {
  const { port } = await openTestWyoming(t)
  const caller = call(t, port)
  caller.send(eventOf('describe'))
  const event = await caller.next()
  assert.ok(event !== 'end')
  const artifact = { attribution: { name: 'PAIOS', url: '' }, installed: true, version: '1.2.3' }
  assert.equal(event.type, 'info')
  assert.deepEqual(event.data, {
    asr: [
      {
        ...artifact,
        name: 'paios',
        description: 'PAIOS',
        models: [
          { ...artifact, name: 'paios', description: 'Commands and names of PAIOS', languages: ['en'] },
        ],
        supports_transcript_streaming: false,
      },
    ],
    tts: [
      {
        ...artifact,
        name: 'paios',
        description: 'PAIOS',
        voices: [
          { ...artifact, name: 'flite/slt', description: 'slt', languages: ['en-US'], speakers: null },
        ],
        supports_synthesize_streaming: false,
      },
    ],
    handle: [],
    intent: [],
    wake: [],
    mic: [],
    snd: [],
    satellite: null,
  })
  caller.send(eventOf('ping', { text: 'a' }), eventOf('unheard-of'))
  assert.deepEqual(plain(await caller.next()), ['pong', { text: 'a' }, []])
})

test('sound comes in and its transcript goes out, one utterance after the other on one connection', async (t) => {
  const { port, service } = await openTestWyoming(t)
  const caller = call(t, port)
  caller.send(eventOf('transcribe', { language: 'de' }), START, chunkOf(Int16Array.of(1, -2), 16_000), STOP)
  assert.deepEqual(plain(await caller.next()), ['transcript', { text: 'heard 2', language: 'en' }, []])
  const stereo = { rate: 8_000, width: 2, channels: 2 }
  const sound = { ...chunkOf(Int16Array.of(10, 20, -3, -5), 8_000), data: stereo }
  caller.send(STOP, chunkOf(Int16Array.of(9), 16_000), eventOf('transcribe', { language: '../x' }))
  caller.send(eventOf('audio-start', stereo), sound, STOP)
  assert.deepEqual(plain(await caller.next()), ['transcript', { text: 'heard 2', language: 'en' }, []])
  assert.deepEqual(
    service.opened.map(({ language, rate, samples }) => [language, rate, samples]),
    [
      ['de', 16_000, [1, -2]],
      ['auto', 8_000, [15, -4]],
    ],
  )
})

test('a text is spoken as it is made, with the voice that is asked for', async (t) => {
  const { port, service } = await openTestWyoming(t)
  const caller = call(t, port)
  caller.send(eventOf('synthesize', { text: 'AB', voice: { name: 'flite/slt', language: 'en' } }))
  const format = { rate: 16_000, width: 2, channels: 1 }
  const events = [await caller.next(), await caller.next(), await caller.next(), await caller.next()]
  assert.deepEqual(events.map(plain), [
    ['audio-start', format, []],
    ['audio-chunk', format, [65, 0]],
    ['audio-chunk', format, [66, 0]],
    ['audio-stop', {}, []],
  ])
  caller.send(eventOf('synthesize', { text: 7, voice: 'x' }))
  assert.deepEqual(
    [plain(await caller.next()), plain(await caller.next())],
    [
      ['audio-start', format, []],
      ['audio-stop', {}, []],
    ],
  )
  assert.deepEqual(
    service.said.map(({ text, voice, language }) => [text, voice, language]),
    [
      ['AB', 'flite/slt', 'en'],
      ['', undefined, undefined],
    ],
  )
})

test('what is no message, or asks for too much, is told why and is not spoken with any more', async (t) => {
  const { port, service } = await openTestWyoming(t, { bounds: { seconds_max: 1 } })
  const long = chunkOf(new Int16Array(10_000), 16_000)
  const cases: [(WyomingEvent | string)[], RegExp][] = [
    [['GET / HTTP/1.1\r\n\r\n'], /^a message begins with a line that is no JSON object$/],
    [['x'.repeat(70_000)], /^a message begins with a line of more than 65536 bytes$/],
    [
      ['{"type":"audio-chunk","payload_length":9999999}\n'],
      /^a message has a payload of more than 1048576 bytes$/,
    ],
    [['{"type":"describe","data_length":65537}\n'], /^a message has a data of more than 65536 bytes$/],
    [[eventOf('audio-start', { rate: 16_000, width: 3, channels: 1 })], /^the sound is not 16-bit PCM/],
    [[START, START], /^Another utterance has not ended yet\.$/],
    [[START, chunkOf(Int16Array.of(1), 8_000)], /^The sound changes its format in the middle\.$/],
    [[START, { ...long, payload: Uint8Array.of(1) }], /^the sound has a part of a sample$/],
    [[START, long, long], /^The recording is longer than 1 s\.$/],
    [[eventOf('synthesize', { text: 'x'.repeat(10_001) })], /^The text has more than 10000 characters\.$/],
  ]
  for (const [sent, sentence] of cases) {
    const caller = call(t, port)
    caller.send(...sent)
    const event = await caller.next()
    assert.ok(event !== 'end' && event.type === 'error')
    assert.match(String(event.data['text']), sentence)
    assert.equal(await caller.next(), 'end')
    await caller.closed
  }
  assert.equal(service.said.length, 0)
})

test('when speech fails its sentence is told, and what it did not mean for others is not', async (t) => {
  const failing = [new RangeError('Piper is away.'), new Error('at the secret place of Ann')]
  const service = testSpeech({ open: () => Promise.reject(failing.shift()) })
  const { port } = await openTestWyoming(t, { service })
  for (const text of ['Piper is away.', 'Speech failed.']) {
    const caller = call(t, port)
    caller.send(START, SOUND)
    assert.deepEqual(plain(await caller.next()), ['error', { text, code: 'failed' }, []])
    assert.equal(await caller.next(), 'end')
  }
})

test('whoever says nothing more, or half of a message, is left when its time is over', async (t) => {
  const { port, clock, service } = await openTestWyoming(t)
  const silent = call(t, port)
  const half = call(t, port)
  half.send(START, SOUND, '{"type":"audio-')
  await until(() => service.opened.length === 1)
  clock.advance(WYOMING_BOUNDS.idle_ms - 1)
  // Bytes are no sign of life, messages are.
  half.send('ch')
  const lively = call(t, port)
  lively.send(eventOf('ping'))
  await lively.next()
  clock.advance(1)
  await Promise.all([silent.closed, half.closed])
  assert.equal(service.opened[0]?.signal.aborted, true)
  lively.send(eventOf('ping'))
  assert.deepEqual(plain(await lively.next()), ['pong', { text: '' }, []])
})

test('work that takes too long, or that nobody waits for any more, is broken off', async (t) => {
  const never = new Promise<never>(() => {})
  const signals: AbortSignal[] = []
  const service = testSpeech({
    open: async ({ signal }) => {
      signals.push(signal)
      return { write: async () => {}, end: () => never }
    },
    async *speak({ signal }) {
      signals.push(signal)
      yield await never
    },
  })
  const { port, clock } = await openTestWyoming(t, { service })
  for (const sent of [[START, SOUND, STOP], [eventOf('synthesize', { text: 'a' })]]) {
    const caller = call(t, port)
    caller.send(...sent)
    const known = signals.length
    await until(() => signals.length > known)
    // Until the transcript is waited for.
    await until(() => clock.untilNext() !== undefined)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(WYOMING_BOUNDS.work_ms)
    const event = await caller.next()
    assert.ok(event === 'end' || event.data['text'] === 'It took longer than 60 s.')
    await caller.closed
    assert.equal(signals.at(-1)?.aborted, true)
  }
  const leaving = call(t, port)
  leaving.send(eventOf('synthesize', { text: 'a' }))
  await until(() => signals.length === 3)
  leaving.socket.resetAndDestroy()
  await until(() => signals[2]?.aborted === true)
})

test('who begins and says nothing, or only now and then, keeps nobody from being heard', async (t) => {
  const { port, clock, service } = await openTestWyoming(t)
  const silent = call(t, port)
  silent.send(START, eventOf('ping'))
  await silent.next()
  assert.equal(service.opened.length, 0)
  silent.send(STOP)
  assert.deepEqual(plain(await silent.next()), ['transcript', { text: '' }, []])
  const slow = call(t, port)
  slow.send(START, eventOf('ping'))
  await slow.next()
  // It has not begun before there is something to hear.
  clock.advance(WYOMING_BOUNDS.pause_ms * 2)
  for (let times = 0; times < 2; times += 1) {
    slow.send(SOUND, eventOf('ping'))
    await slow.next()
    assert.equal(service.opened[0]?.signal.aborted, false)
    clock.advance(WYOMING_BOUNDS.pause_ms / 2)
  }
  clock.advance(1)
  await until(() => service.opened[0]?.signal.aborted === true)
  slow.send(SOUND, STOP)
  assert.deepEqual(plain(await slow.next()), [
    'error',
    { text: 'The sound has come to a stop.', code: 'failed' },
    [],
  ])
})

test('what hearing takes is not counted as silence of the speaker', async (t) => {
  const given: { advance?: (ms: number) => void } = {}
  const heard = testSpeech()
  const service = testSpeech({
    open: async (options) => {
      given.advance?.(WYOMING_BOUNDS.pause_ms * 1.5)
      const stream = await heard.open(options)
      return {
        ...stream,
        write: (part) => {
          given.advance?.(WYOMING_BOUNDS.pause_ms * 1.5)
          return stream.write(part)
        },
      }
    },
  })
  const { port, clock } = await openTestWyoming(t, { service })
  given.advance = (ms) => clock.advance(ms)
  const caller = call(t, port)
  caller.send(START, SOUND, SOUND, STOP)
  const [type] = plain(await caller.next())
  assert.deepEqual([type, heard.opened[0]?.signal.aborted], ['transcript', false])
})

test('there is room for so many and no more, and each that leaves makes room', async (t) => {
  const { port } = await openTestWyoming(t, { bounds: { connections: 2 } })
  const callers = [call(t, port), call(t, port)]
  for (const caller of callers) {
    caller.send(eventOf('ping'))
    await caller.next()
  }
  const third = call(t, port)
  assert.equal(await third.next(), 'end')
  callers[0]?.socket.destroy()
  let answer: unknown = 'end'
  for (let tries = 0; tries < 100 && answer === 'end'; tries += 1) {
    const again = call(t, port)
    again.send(eventOf('ping'))
    answer = await again.next()
  }
  assert.notEqual(answer, 'end')
})

test('whoever does not take what is spoken is not spoken to without end', async (t) => {
  const count = { made: 0 }
  const service = testSpeech({
    async *speak() {
      for (;;) {
        count.made += 1
        yield { samples: new Int16Array(4_096), sample_rate: 16_000 }
      }
    },
  })
  const { port, clock } = await openTestWyoming(t, { service })
  const caller = call(t, port)
  caller.socket.pause()
  caller.send(eventOf('synthesize', { text: 'a' }))
  let before = -1
  while (count.made !== before || count.made === 0) {
    before = count.made
    for (let turn = 0; turn < 300; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(count.made < 4_000, `${count.made} chunks`)
  clock.advance(WYOMING_BOUNDS.idle_ms)
  caller.socket.resume()
  await caller.closed
})

test('other machines are let in when they are named, and this one cannot be opened to all', async (t) => {
  await assert.rejects(
    openTestWyoming(t, { host: '0.0.0.0' }),
    /no password: to listen at 0\.0\.0\.0, name the machines/,
  )
  const { port, wyoming } = await openTestWyoming(t, {
    host: '0.0.0.0',
    peers: ['10.0.0.0/8', '2001:db8::1'],
  })
  const caller = call(t, port)
  caller.send(eventOf('ping'))
  assert.notEqual(await caller.next(), 'end')
  await wyoming.close()
  assert.equal(await caller.next(), 'end')
})
