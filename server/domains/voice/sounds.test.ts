import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { Said } from '../speech/index.ts'
import { openSounds } from './sounds.ts'

const MB = 1024 * 1024
const voiceFor = () => Promise.resolve({ language: 'en', voice_id: 'x' })
const VOICE = { voice_id: 'x', language: 'en', name: 'x', provider: 'x' }

/** Sounds that are made when they are let, and how often each text was said. */
function opened() {
  const said: string[] = []
  const stopped: string[] = []
  const waiting = new Map<string, (megabytes: number) => void>()
  const sounds = openSounds(
    { clock: fakeClock(0), random: seededRandom(1) },
    {
      say: ({ text, signal }) => {
        said.push(text)
        const { promise, resolve, reject } = Promise.withResolvers<Said>()
        signal.addEventListener('abort', () => {
          stopped.push(text)
          reject(signal.reason)
        })
        waiting.set(text, (megabytes) =>
          resolve({ wav: new Uint8Array(megabytes * MB), voice: VOICE, duration: 1 }),
        )
        return promise
      },
    },
  )
  const offer = (text: string, soon = true): string => {
    const manner = { speech_rate: 1, pitch: 1, volume: 1, remote_audio: false }
    return (
      sounds
        .offer({ user_id: 'ann', text, ...manner, voiceFor }, soon)
        .split('/')
        .at(-1) ?? ''
    )
  }
  const fetch = async (id: string, signal?: AbortSignal): Promise<number> =>
    ((await sounds.fetch('ann', id, signal)) ?? []).length / MB
  return { said, stopped, waiting, offer, fetch, sounds }
}

test('the oldest sounds that were made are let go of and made again, and none that is still being made', async () => {
  const { said, waiting, offer, fetch } = opened()
  const [slow, old, young] = [offer('slow'), offer('old'), offer('young')]
  await new Promise(setImmediate)
  waiting.get('old')?.(20)
  assert.equal(await fetch(old), 20)
  waiting.get('young')?.(20)
  assert.equal(await fetch(young), 20)
  const fetched = fetch(slow)
  await new Promise(setImmediate)
  assert.deepEqual(said, ['slow', 'old', 'young'])
  waiting.get('slow')?.(1)
  assert.equal(await fetched, 1)
  const again = fetch(old)
  await new Promise(setImmediate)
  waiting.get('old')?.(20)
  assert.equal(await again, 20)
  assert.deepEqual(said, ['slow', 'old', 'young', 'old'])
})

test('what nobody waits for any more is not made to its end, unless it is made ahead', async () => {
  const { said, stopped, waiting, offer, fetch } = opened()
  const [id, ahead] = [offer('one', false), offer('ahead')]
  const away = [new AbortController(), new AbortController(), new AbortController()]
  const [first, second, third] = away.map(({ signal }, place) => fetch(place < 2 ? id : ahead, signal))
  await new Promise(setImmediate)
  away[0]?.abort(new RangeError('gone'))
  away[2]?.abort(new RangeError('gone'))
  await assert.rejects(first ?? Promise.resolve(), RangeError)
  await assert.rejects(third ?? Promise.resolve(), RangeError)
  assert.deepEqual([said, stopped], [['ahead', 'one'], []])
  away[1]?.abort(new RangeError('gone'))
  await assert.rejects(second ?? Promise.resolve(), RangeError)
  assert.deepEqual(stopped, ['one'])
  waiting.get('ahead')?.(1)
  assert.equal(await fetch(ahead), 1)
  const again = fetch(id)
  await new Promise(setImmediate)
  waiting.get('one')?.(2)
  assert.equal(await again, 2)
})

test('sounds are forgotten by what they say, or all of a user, also while they are made', async () => {
  const { stopped, waiting, offer, fetch, sounds } = opened()
  const [one, other] = [offer('one'), offer('other')]
  await new Promise(setImmediate)
  sounds.forget('bob')
  sounds.forget('ann', 'one')
  assert.deepEqual(stopped, ['one'])
  waiting.get('other')?.(1)
  assert.deepEqual([await fetch(one), await fetch(other)], [0, 1])
  sounds.forget('ann')
  assert.equal(await fetch(other), 0)
})
