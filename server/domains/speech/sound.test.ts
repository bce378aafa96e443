import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host, Session } from './host/pool.ts'
import type { SpeechParts, StreamOptions } from './index.ts'
import { SpeechError } from './kinds.ts'
import type { ListenOptions } from './kinds.ts'
import { listenTo, transcribe } from './sound.ts'

/** A place where jobs answer as they are told. */
function hostOf(answers: readonly unknown[]): Host {
  const left = [...answers]
  const session: Session = {
    is_wanted: false,
    send: () => Promise.resolve(),
    call: () => Promise.resolve(left.shift()),
    close: () => {},
  }
  return { open: () => Promise.resolve(session), close: () => Promise.resolve() }
}

const SAMPLES = new Int16Array(10)
/** A server in which each piece of sound is ten samples, and the third of those that are listened to wakes. */
function partsOf(
  begun: string[],
  heard: Int16Array[] = [],
  end_ms = 2,
  opened: ListenOptions[] = [],
): SpeechParts {
  const pieces = [0, 10, 20, 30].map((first) => SAMPLES.map((_, at) => first + at))
  const decoders = hostOf([...pieces, new Int16Array()])
  const listening = {
    write: (samples: Int16Array) => {
      heard.push(samples)
      return Promise.resolve()
    },
    end: () => Promise.resolve({ text: 'stop', confidence: 1, engine: 'x' }),
  }
  const ears = {
    open: (options: ListenOptions) => {
      opened.push(options)
      return Promise.resolve(listening)
    },
    health: () => Promise.resolve([]),
    languages: () => [],
  }
  return {
    decoders,
    waiters: decoders,
    wakers: hostOf([undefined, undefined, { word: 'paios', at_ms: 2, end_ms }]),
    chains: () => ({ ears }) as unknown as ReturnType<SpeechParts['chains']>,
    begun: (language) => begun.push(language),
  }
}
const hints = { signature: '', language: 'en', phrases: [], names: {}, pronunciations: {} }
const OPTIONS: StreamOptions = {
  user_id: 'ann',
  language: 'en-GB',
  hints,
  noise_suppression: false,
  remote_audio: false,
  format: 'pcm16',
  signal: new AbortController().signal,
}

test('that a sentence has begun is told at once, or when its wake word was said, and once', async () => {
  const begun: string[] = []
  const plain = await listenTo(partsOf(begun), OPTIONS)
  assert.deepEqual(begun, ['en-GB'])
  await plain.write(new Uint8Array(20))
  assert.equal((await plain.end()).text, 'stop')
  assert.deepEqual(begun.splice(0), ['en-GB'])
  const waiting = await listenTo(partsOf(begun), { ...OPTIONS, wake_words: ['paios'] })
  for (const after of [0, 0, 1, 1]) {
    await waiting.write(new Uint8Array(20))
    assert.equal(begun.length, after)
  }
})

test('what was said between the end of the wake word and the moment when it was certain belongs to the sentence', async () => {
  // 16 samples a millisecond: the word has ended after 16 of 30, or as far back as nothing is kept any more.
  for (const [end_ms, pieces] of [
    [
      1,
      [
        [16, 14],
        [30, 10],
      ],
    ],
    [
      0,
      [
        [0, 30],
        [30, 10],
      ],
    ],
    [2, [[30, 10]]],
  ] as const) {
    const heard: Int16Array[] = []
    const parts = partsOf([], heard, end_ms)
    const waiting = await listenTo(parts, { ...OPTIONS, wake_words: ['paios'] })
    for (let piece = 0; piece < 4; piece += 1) await waiting.write(new Uint8Array(20))
    assert.deepEqual(
      heard.map((piece) => [piece[0], piece.length]),
      pieces,
    )
    const count = pieces.reduce((sum, [, length]) => sum + length, 0)
    assert.equal((await waiting.end()).wav.length, 44 + 2 * count)
  }
})

test('a stream that fails lets go at once of what hears it', async () => {
  const signals: AbortSignal[] = []
  const dies = new SpeechError('engine', 'It died.')
  const parts = partsOf([])
  const decoders: Host = {
    ...parts.decoders,
    open: (_kind, _options, { signal }) => {
      signals.push(signal)
      return Promise.resolve({
        is_wanted: false,
        send: () => Promise.reject(dies),
        call: () => Promise.reject(dies),
        close: () => {},
      })
    },
  }
  const stream = await listenTo({ ...parts, decoders }, OPTIONS)
  assert.equal(signals[0]?.aborted, false)
  await assert.rejects(stream.write(new Uint8Array(20)), dies)
  assert.equal(signals[0]?.aborted, true)
  await assert.rejects(stream.end(), dies)
})

test('a recording is said to be one to whoever hears it, and a stream is not', async () => {
  const opened: ListenOptions[] = []
  const parts = partsOf([], [], 2, opened)
  await transcribe(parts, new Uint8Array(20), OPTIONS)
  await listenTo(parts, OPTIONS)
  assert.deepEqual(
    opened.map(({ is_recording }) => is_recording),
    [true, undefined],
  )
})
