import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host, Session } from './host/pool.ts'
import type { SpeechParts, StreamOptions } from './index.ts'
import { listenTo } from './sound.ts'

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
function partsOf(begun: string[]): SpeechParts {
  const decoders = hostOf([SAMPLES, SAMPLES, SAMPLES, SAMPLES])
  const listening = {
    write: () => Promise.resolve(),
    end: () => Promise.resolve({ text: 'stop', confidence: 1, engine: 'x' }),
  }
  const ears = {
    open: () => Promise.resolve(listening),
    health: () => Promise.resolve([]),
    languages: () => [],
  }
  return {
    decoders,
    waiters: decoders,
    wakers: hostOf([undefined, undefined, { word: 'paios' }]),
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
