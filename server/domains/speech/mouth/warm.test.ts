import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Host } from '../host/pool.ts'
import { openFlite } from './flite-provider.ts'
import { all, openMouthHost } from './rig.ts'

const children = openMouthHost({ children_max: 1 })
after(() => children.close())
const ended = Promise.withResolvers<void>()
const opened: unknown[] = []
/** Notes what is opened, and tells when the first job has ended. */
const host: Host = {
  ...children,
  open: async (kind, options, about) => {
    opened.push([kind, (options as { text: string }).text])
    about.signal.addEventListener('abort', () => ended.resolve(), { once: true })
    return children.open(kind, options, about)
  },
  close: () => children.close(),
}

test('who is to speak soon has said a word to nobody, and its process is free again', async () => {
  const flite = openFlite({ host })
  flite.warmUp()
  await ended.promise
  assert.deepEqual(opened, [['mouth', 'Yes.']])
  const [voice] = await flite.voices()
  assert.ok(voice)
  const { signal } = new AbortController()
  assert.equal(
    (await all(flite.speak({ text: 'Done.', voice, speech_rate: 1, pitch: 1, volume: 1, signal }))).length,
    1,
  )
})

test('a process that cannot be had is nobody’s failure before there is something to say', async () => {
  const broken: Host = { open: () => Promise.reject(new Error('none')), close: () => Promise.resolve() }
  openFlite({ host: broken }).warmUp()
  await new Promise((resolve) => setImmediate(resolve))
})
