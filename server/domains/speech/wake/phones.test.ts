import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Host } from '../host/pool.ts'
import { SpeechError } from '../kinds.ts'
import { openMouthHost } from '../mouth/rig.ts'
import { checkWords } from './phones.ts'

const host = openMouthHost()
after(() => host.close())
const { signal } = new AbortController()

test('each word that nobody could say, or that is in every other one, is told why, in one job for all', async () => {
  let jobs = 0
  const counted: Pick<Host, 'open'> = {
    open: (...given) => {
      jobs += 1
      return host.open(...given)
    },
  }
  const fit = ['paios', 'Good  Friday', 'o’clock', 'Übungsraum', 'my dear assistant of this house today ok']
  const reasons = { hey: 'is too short', [`${'x '.repeat(19)}x`]: 'takes too long to say' }
  const unfit = ['日本', 'Küche 阿福', 'a/b', '', "' house", ...Object.keys(reasons)]
  const why = await checkWords([...fit, ...unfit], { host: counted, signal })
  assert.deepEqual(
    why.slice(0, fit.length),
    fit.map(() => undefined),
  )
  assert.deepEqual(
    why.slice(fit.length).map((one) => /" (.*?)[.:]/.exec(one ?? '')?.[1]),
    unfit.map((word) => new Map(Object.entries(reasons)).get(word) ?? 'can not be pronounced'),
  )
  assert.equal(jobs, 1)
})

test('an engine that died tells nothing of a word, and who leaves is waited for no more', async () => {
  const dies: Pick<Host, 'open'> = { open: () => Promise.reject(new SpeechError('engine', 'It died.')) }
  await assert.rejects(checkWords(['paios'], { host: dies, signal }), { message: 'It died.' })
  const left = AbortSignal.abort(new RangeError('gone'))
  await assert.rejects(checkWords(['paios'], { host, signal: left }), RangeError)
})
