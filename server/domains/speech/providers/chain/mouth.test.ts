import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../../test/clock.ts'
import { until } from '../../../egress/rig.ts'
import { SpeechError } from '../../kinds.ts'
import type { SpeakOptions, SpokenChunk, TtsProvider, Voice } from '../../kinds.ts'
import { problem, speakOptions, spoken } from '../rig.ts'
import { openMouthChain } from './mouth.ts'

const voiceOf = (provider: string, language = 'en'): Voice => ({
  voice_id: `${provider}/v`,
  language,
  name: 'v',
  provider,
})

interface Behaviour {
  remote?: boolean
  language?: string
  speak?: (options: SpeakOptions) => AsyncIterable<SpokenChunk>
  voices?: () => Promise<Voice[]>
}

/** An engine that lies outside: it speaks a sample that is its own. */
function engine(
  name: string,
  sample: number,
  { remote = false, language = 'en', ...behaves }: Behaviour = {},
): TtsProvider {
  return {
    name,
    remote,
    health: async () => ({ ok: true, problem: '' }),
    voices: behaves.voices ?? (async () => [voiceOf(name, language)]),
    async *speak(options) {
      if (behaves.speak !== undefined) yield* behaves.speak(options)
      else yield { samples: Int16Array.of(sample), sample_rate: 16_000 }
    },
  }
}

function chain(engines: readonly TtsProvider[], allow_remote = true) {
  const clock = fakeClock(0)
  const links = engines.map((one) => ({ engine: one, allow_remote }))
  return { clock, ...openMouthChain({ links, clock, deadline_ms: 5_000 }) }
}

async function* broken(after = 0): AsyncGenerator<SpokenChunk> {
  for (let made = 0; made < after; made += 1) yield { samples: Int16Array.of(9), sample_rate: 16_000 }
  throw new SpeechError('engine', 'A died.')
}
const never = (): Promise<never> => new Promise(() => {})

test('the engine of the voice speaks, and when it fails another with a voice of that language', async () => {
  const told: unknown[] = []
  const answered = ({ engine: by, passed }: { engine: string; passed: readonly { why: string }[] }) =>
    told.push([by, ...passed.map(({ why }) => why)])
  const healthy = chain([engine('A', 1), engine('B', 2)])
  assert.deepEqual(await spoken(healthy.speak({ ...speakOptions({ voice: voiceOf('B') }), answered })), [2])
  const others = [
    engine('D', 4, { language: 'de' }),
    engine('F', 3, { remote: true }),
    engine('M', 5, { language: 'mul' }),
  ]
  const failing = chain([...others, engine('A', 1, { speak: () => broken() })])
  assert.deepEqual(await spoken(failing.speak({ ...speakOptions({ voice: voiceOf('A') }), answered })), [5])
  assert.deepEqual(told, [
    ['B'],
    [
      'M',
      'A died.',
      'D has no voice for en.',
      'F is on another machine, and you have not allowed that (remote_audio).',
    ],
  ])
})

test('nobody goes on in the middle of what another has begun', async () => {
  const { speak } = chain([engine('A', 1, { speak: () => broken(2) }), engine('B', 2)])
  const heard: number[] = []
  const work = (async () => {
    for await (const { samples } of speak(speakOptions({ voice: voiceOf('A') }))) heard.push(...samples)
  })()
  assert.equal(await problem(work), 'engine: A died.')
  assert.deepEqual(heard, [9, 9])
})

test('an engine that hangs is left, and who leaves ends what is being made', async () => {
  const signals: AbortSignal[] = []
  const hung = engine('A', 1, {
    async *speak({ signal }) {
      signals.push(signal)
      yield await never()
    },
  })
  const { speak, clock } = chain([hung, engine('B', 2)])
  const late = spoken(speak(speakOptions({ voice: voiceOf('A') })))
  await until(() => signals.length === 1)
  clock.advance(5_000)
  assert.deepEqual([await late, signals[0]?.aborted], [[2], true])
  const stop = new AbortController()
  const left = spoken(speak(speakOptions({ voice: voiceOf('A'), signal: stop.signal })))
  await until(() => signals.length === 2)
  stop.abort(new RangeError('enough'))
  await assert.rejects(left, RangeError)
  const endless = engine('E', 1, {
    async *speak({ signal }) {
      signals.push(signal)
      for (;;) yield { samples: Int16Array.of(1), sample_rate: 16_000 }
    },
  })
  for await (const _ of chain([endless]).speak(speakOptions({ voice: voiceOf('E') }))) break
  assert.equal(signals[2]?.aborted, true)
})

test('voices are those of all who may be asked and answer', async () => {
  const away = engine('Away', 1, { voices: () => Promise.reject(new SpeechError('engine', 'x')) })
  const slow = engine('Slow', 1, { voices: never })
  const far = engine('Far', 1, { remote: true })
  const ears = chain([away, engine('B', 2), slow, far], false)
  const asked = ears.voices()
  await until(() => ears.clock.untilNext() !== undefined)
  ears.clock.advance(5_000)
  assert.deepEqual(await asked, [voiceOf('B')])
  assert.match(
    await problem(
      spoken(chain([far], false).speak({ ...speakOptions({ voice: voiceOf('Far') }), remote_audio: true })),
    ),
    /^missing: No engine can say this\. Far is on another machine, and the owner/,
  )
})

test('an engine that fails at texts alone is not left alone for them, and one that says nothing at all is', async () => {
  const said: string[] = []
  let isDead = false
  const picky = engine('A', 1, {
    async *speak({ text }) {
      said.push(text)
      if (isDead || text === 'evil') throw new SpeechError('engine', 'A died.')
      yield { samples: Int16Array.of(1), sample_rate: 16_000 }
    },
  })
  const { speak } = chain([picky])
  const say = (text: string) => problem(spoken(speak(speakOptions({ text, voice: voiceOf('A') }))))
  for (let round = 0; round < 10; round += 1) assert.match(await say('evil'), /A died\.$/)
  await new Promise(setImmediate)
  assert.equal(await say('hello'), 'answered [1]')
  assert.ok(said.includes('OK'))
  isDead = true
  for (let round = 0; round < 3; round += 1) assert.match(await say('hello'), /A died\.$/)
  await new Promise(setImmediate)
  assert.match(await say('hello'), /A failed 3 times in a row and is left alone for 30 s\.$/)
})
