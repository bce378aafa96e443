import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SpeakOptions } from '../kinds.ts'
import { openFlite } from './flite-provider.ts'
import { all, joined, openMouthHost } from './rig.ts'

const host = openMouthHost({ children_max: 1 })
after(() => host.close())
const flite = openFlite({ host })
const [voice] = await flite.voices()
const LONG = Array.from({ length: 30 }, (_, place) => `This is sentence ${place + 1}.`).join(' ')

function saying(user_id: string, text: string): SpeakOptions {
  assert.ok(voice)
  const { signal } = new AbortController()
  return { user_id, text, voice, speech_rate: 1, pitch: 1, volume: 1, signal }
}

test('a short text need not wait for the end of a long one of somebody else, which loses nothing', async () => {
  const alone = joined(await all(flite.speak(saying('ann', LONG))))
  const chunks = []
  let short: Promise<unknown> = Promise.resolve()
  let heard_at = 0
  for await (const chunk of flite.speak(saying('ann', LONG))) {
    chunks.push(chunk)
    if (chunks.length === 1)
      short = all(flite.speak(saying('bob', 'Yes.'))).then(() => (heard_at = chunks.length))
  }
  await short
  assert.ok(heard_at > 0 && heard_at < 15, String(heard_at))
  assert.deepEqual(joined(chunks), alone)
})

test('of many long texts of one user none is cut off, and another user is heard before the second of them', async () => {
  const ended: string[] = []
  const texts = Array.from({ length: 3 }, () =>
    all(flite.speak(saying('ann', LONG))).then(({ length }) => ended.push(`ann ${length}`)),
  )
  const short = all(flite.speak(saying('bob', 'Yes.'))).then(() => ended.push('bob'))
  await Promise.all([...texts, short])
  assert.deepEqual(ended, ['bob', 'ann 30', 'ann 30', 'ann 30'])
})

test('who stops listening while a text waits to go on leaves nothing behind', async () => {
  const long = flite.speak(saying('ann', LONG))[Symbol.asyncIterator]()
  await long.next()
  const short = all(flite.speak(saying('bob', 'Yes. No. Perhaps.')))
  await long.next()
  await long.return?.()
  assert.equal((await short).length, 3)
  assert.equal((await all(flite.speak(saying('cid', 'Yes.')))).length, 1)
})
