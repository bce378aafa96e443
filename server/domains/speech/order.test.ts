import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { after, test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { START } from '../../kernel/rig.ts'
import { embeddedEars } from './ears/provider.ts'
import { hintsOf, lacking, room } from './ears/rig.ts'
import type { OpenJob } from './host/kinds.ts'
import type { Host } from './host/pool.ts'
import type { SpeechParts } from './index.ts'
import { SAMPLE_RATE } from './kinds.ts'
import { openEarsChain } from './providers/chain/ears.ts'
import { listenTo } from './sound.ts'
import type { WakeModel } from './wake/kinds.ts'
import { otherSpeech } from './wake/others.ts'
import { joined, said } from './wake/rig.ts'
import { learn, study } from './wake/train.ts'

const folder = mkdtempSync(pathOf(tmpdir(), 'paios-order-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const KINDS: Record<string, () => Promise<{ openJob: OpenJob }>> = {
  audio: () => import('./audio/child.ts'),
  ears: () => import('./ears/child.ts'),
  wake: () => import('./wake/child.ts'),
}
/** Does the jobs of the children here. */
const host: Host = {
  open: async (kind, options, { onMessage = () => {} }) => {
    const job = await (await KINDS[kind]?.())?.openJob(options, onMessage)
    const call = async (message: unknown): Promise<unknown> => job?.handle(message)
    return { is_wanted: false, send: async (message) => void (await call(message)), call, close: () => {} }
  },
  close: () => Promise.resolve(),
}
const own = embeddedEars({ host, data_dir: folder, pronounce: () => Promise.resolve({}) })
const ears = openEarsChain({ links: [{ engine: own, allow_remote: false }], clock: fakeClock(START) })
const parts: SpeechParts = {
  decoders: host,
  waiters: host,
  wakers: host,
  chains: () => ({ ears }) as unknown as ReturnType<SpeechParts['chains']>,
  begun: () => {},
}
const hints = hintsOf(['what time is it', 'stop', 'undo [that|it]', '(add|put) {items:items} to my list'])

/** What is heard of a sound in a room, piece by piece until its speaker is said to have ended. */
async function orderIn(sound: Int16Array, wake_phrases: readonly WakeModel[]): Promise<string> {
  const noise = room(sound.length)
  const samples = sound.map((sample, at) => sample + (noise[at] ?? 0))
  const told = { ended: false }
  const stream = await listenTo(parts, {
    user_id: 'ann',
    language: 'en',
    hints,
    noise_suppression: false,
    remote_audio: false,
    format: 'pcm16',
    wake_words: [],
    wake_phrases,
    onSilence: () => (told.ended = true),
    signal: new AbortController().signal,
  })
  for (let at = 0; at < samples.length && !told.ended; at += 1280)
    await stream.write(new Uint8Array(samples.slice(at, at + 1280).buffer))
  return (await stream.end()).text
}

const isLoud = (sample: number): boolean => Math.abs(sample) > 150
/** Without the silence around it. */
function bare(samples: Int16Array): Int16Array {
  return samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1)
}

const silence = (seconds: number): Int16Array => new Int16Array(Math.round(seconds * SAMPLE_RATE))

for (const [voice, phrase] of [
  ['awb', 'Hello house.'],
  ['slt', 'Okay kitchen.'],
  ['rms', 'Good Friday.'],
] as const)
  test(
    `an order is heard at once after a phrase that was learnt, and after a pause: ${phrase}`,
    { skip: lacking },
    async () => {
      const rates = [1, 0.9, 1.1]
      const recordings = await Promise.all(rates.map((speech_rate) => said(phrase, voice, { speech_rate })))
      const model = learn(phrase, study(recordings, await otherSpeech(phrase, 'learn')))
      const woken = bare(await said(phrase, voice, { speech_rate: 1.04 }))
      const heard: [number, string][] = []
      for (const order of ['what time is it', 'stop'])
        for (const pause of [0.05, 0.1, 0.4, 0.8, 1.5]) {
          const sentence = bare(await said(order, voice))
          const sound = joined(silence(1), woken, silence(pause), sentence, silence(1.5))
          const text = await orderIn(sound, [model])
          if (text !== order) heard.push([pause, text])
        }
      assert.deepEqual(heard, [])
    },
  )
