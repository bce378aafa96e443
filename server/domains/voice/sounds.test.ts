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
  const waiting = new Map<string, (megabytes: number) => void>()
  const sounds = openSounds(
    { clock: fakeClock(0), random: seededRandom(1) },
    {
      say: ({ text }) => {
        said.push(text)
        const { promise, resolve } = Promise.withResolvers<Said>()
        waiting.set(text, (megabytes) =>
          resolve({ wav: new Uint8Array(megabytes * MB), voice: VOICE, duration: 1 }),
        )
        return promise
      },
    },
  )
  const offer = (text: string): string => {
    const manner = { speech_rate: 1, pitch: 1, volume: 1, remote_audio: false }
    return (
      sounds
        .offer({ user_id: 'ann', text, ...manner, voiceFor }, true)
        .split('/')
        .at(-1) ?? ''
    )
  }
  const fetch = async (id: string): Promise<number> => ((await sounds.fetch('ann', id)) ?? []).length / MB
  return { said, waiting, offer, fetch }
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
