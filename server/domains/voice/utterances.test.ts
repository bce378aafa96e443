import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { openTestApp } from '../../../test/app.ts'
import type { Heard, Speech, Stream, StreamOptions } from '../speech/index.ts'
import { SpeechError } from '../speech/kinds.ts'
import { Utterances } from './utterances.ts'
import type { Told } from './utterances.ts'

const opened = await openTestApp()
after(() => opened.remove())
const { kernel } = opened.app
const { token, user_id } = await opened.claim()
assert.ok(token)

const HEARD: Heard = { text: 'status', confidence: 1, engine: 'none', wav: new Uint8Array() }

/** Somebody who hears when they are let, and notes what came. */
function hearing(failure?: SpeechError) {
  const ready = Promise.withResolvers<void>()
  const bytes: number[] = []
  const options: StreamOptions[] = []
  const stream: Stream = {
    write: (piece) => {
      bytes.push(...piece)
      return failure === undefined ? Promise.resolve() : Promise.reject(failure)
    },
    end: () => Promise.resolve({ ...HEARD, text: bytes.join(' ') }),
  }
  const speech: Pick<Speech, 'listen'> = {
    listen: async (given) => {
      options.push(given)
      await ready.promise
      return stream
    },
  }
  const utterances = new Utterances(kernel, speech)
  const told: Told['kind'][] = []
  utterances.hear(({ kind }) => told.push(kind))
  return { utterances, ready, options, told }
}

const around = {
  language: 'en',
  noise_suppression: true,
  remote_audio: false,
  wake_words: ['paios'],
  hints: () => Promise.resolve({ signature: '', language: 'en', phrases: [], names: {}, pronunciations: {} }),
}
const piece = (utterance_id: string, ...bytes: number[]) => ({
  utterance_id,
  audio_data: Buffer.from(bytes).toString('base64'),
})
const speaker = (connection_id: string, who = user_id) => ({ user_id: who, connection_id })
const callOf = (connection_id: string) => ({ ...speaker(connection_id), caller: undefined }) as never

test('pieces that come while the utterance is opened are heard in their order, the last one too', async () => {
  const { utterances, ready, told } = hearing()
  const ann = speaker('one')
  const begun = utterances.begin(ann, piece('u', 1, 2), around)
  const taken = [utterances.take(ann, piece('u', 3)), utterances.take(ann, { ...piece('u', 4), end: true })]
  ready.resolve()
  await begun
  await Promise.all(taken)
  assert.deepEqual(told, ['ended'])
  const { text } = await utterances.heard(callOf('one'), 'u')
  assert.deepEqual(text.split(' ').toSorted(), ['1', '2', '3', '4'])
  await assert.rejects(utterances.heard(callOf('one'), 'u'), { status: 404 })
})

test('of two who ask for an utterance while it is made out one gets it: an order is done once', async () => {
  const { utterances, ready } = hearing()
  const begun = utterances.begin(speaker('one'), { ...piece('u', 1), end: true }, around)
  const asked = [utterances.heard(callOf('one'), 'u'), utterances.heard(callOf('one'), 'u')]
  ready.resolve()
  await begun
  const [first, second] = await Promise.allSettled(asked)
  assert.equal(first?.status, 'fulfilled')
  assert.ok(second?.status === 'rejected')
  assert.equal(second.reason.status, 404)
})

test('what stops coming has ended, and nobody holds more than one place', async () => {
  const { utterances, ready, told } = hearing()
  ready.resolve()
  await utterances.begin(speaker('two'), piece('u', 1), around)
  await assert.rejects(utterances.begin(speaker('three'), piece('v', 1), around), { code: 'SYSTEM_001' })
  opened.clock.advance(5_000)
  assert.deepEqual(told, ['ended'])
  await utterances.begin(speaker('three'), piece('v', 1), around)
  utterances.stop(speaker('three'))
  assert.equal(await utterances.take(speaker('three'), piece('v', 2)), false)
  utterances.close()
})

test('who begins another utterance gives up the one before, which is told', async () => {
  const { utterances, ready, options, told } = hearing()
  ready.resolve()
  const ann = speaker('again')
  await utterances.begin(ann, piece('u', 1), around)
  await utterances.begin(ann, piece('v', 2), around)
  assert.deepEqual([told, options.map(({ signal }) => signal?.aborted)], [['superseded'], [true, false]])
  await assert.rejects(utterances.heard(callOf('again'), 'u'), { status: 404 })
  await utterances.take(ann, { ...piece('v', 3), end: true })
  await utterances.heard(callOf('again'), 'v')
  assert.deepEqual(told, ['superseded', 'ended'])
})

test('an utterance that fails lets go at once of who listens, and why is told when it is asked for', async () => {
  const { utterances, ready, options, told } = hearing(new SpeechError('engine', 'It died.'))
  ready.resolve()
  const ann = speaker('broken')
  await utterances.begin(ann, piece('u', 1), around)
  assert.deepEqual([told, options[0]?.signal?.aborted], [['ended'], true])
  await assert.rejects(utterances.heard(callOf('broken'), 'u'), { message: 'It died.' })
})

test('sound that comes faster than it is heard is an end, which lets go of who listens', async () => {
  const { utterances, ready, options, told } = hearing()
  const ann = speaker('flood')
  const begun = utterances.begin(ann, piece('u', 1), around)
  const much = piece('u', ...new Uint8Array(90_000))
  const taken = Array.from({ length: 50 }, () => utterances.take(ann, much))
  await setImmediate()
  assert.deepEqual([told, options[0]?.signal?.aborted], [['ended'], true])
  ready.resolve()
  await Promise.all([begun, ...taken])
  await assert.rejects(utterances.heard(callOf('flood'), 'u'), { message: /faster/ })
})

test('a few bytes now and then hold no place, and sound as it is said does', async () => {
  for (const [bytes, ended] of [
    [3, true],
    [64_000, false],
  ] as const) {
    const { utterances, ready, told } = hearing()
    ready.resolve()
    const ann = speaker(`slow ${bytes}`)
    const sound = { ...piece('u', ...new Uint8Array(bytes)), format: 'pcm16' as const }
    await utterances.begin(ann, sound, around)
    for (let times = 0; times < 8; times += 1) {
      opened.clock.advance(2_000)
      await utterances.take(ann, sound)
    }
    assert.deepEqual(told, ended ? ['ended'] : [], String(bytes))
    utterances.close()
  }
})

test('what waits for a wake word keeps nobody from speaking elsewhere, until the word was said', async () => {
  const { utterances, ready, options } = hearing()
  ready.resolve()
  const onShelf = { ...piece('shelf', 1), wait_for_wake: true }
  await utterances.begin(speaker('shelf'), onShelf, around)
  await assert.rejects(utterances.begin(speaker('other'), onShelf, around), { code: 'SYSTEM_001' })
  await utterances.begin(speaker('button'), piece('said', 1), around)
  utterances.stop(speaker('button'))
  options[0]?.onWake?.('paios')
  await assert.rejects(utterances.begin(speaker('button'), piece('again', 1), around), { code: 'SYSTEM_001' })
  utterances.close()
})

test('an utterance is its own socket’s and user’s alone', async () => {
  const { utterances, ready } = hearing()
  ready.resolve()
  await utterances.begin(speaker('four'), { ...piece('u', 9), end: true }, around)
  assert.equal(await utterances.take(speaker('four', 'somebody else'), piece('u', 1)), false)
  await assert.rejects(utterances.heard(callOf('five'), 'u'), { status: 404 })
  assert.equal((await utterances.heard(callOf('four'), 'u')).text, '9')
})
