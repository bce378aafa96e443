import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../../test/clock.ts'
import { until } from '../../../egress/rig.ts'
import { SpeechError } from '../../kinds.ts'
import type { Health, ListenOptions, SttProvider, Transcript } from '../../kinds.ts'
import { listenOptions, problem } from '../rig.ts'
import { openEarsChain } from './ears.ts'
import type { ChainListenOptions, EarsChainOptions } from './ears.ts'

interface Behaviour {
  remote?: boolean
  languages?: string[]
  health?: () => Promise<Health>
  open?: (options: ListenOptions) => Promise<void>
  write?: () => Promise<void>
  end?: () => Promise<Partial<Transcript>>
}

/** An engine that lies outside, as it behaves, and what it got. */
function engine(name: string, { remote = false, languages = [], ...behaves }: Behaviour = {}) {
  const got: number[] = []
  const opened: ListenOptions[] = []
  let checks = 0
  const stt: SttProvider = {
    name,
    remote,
    languages,
    health: async () => {
      checks += 1
      return (await behaves.health?.()) ?? { ok: true, problem: '' }
    },
    open: async (options) => {
      opened.push(options)
      await behaves.open?.(options)
      return {
        write: async (samples) => {
          await behaves.write?.()
          got.push(...samples)
        },
        end: async () => ({ text: name, confidence: 0.9, ...(await behaves.end?.()) }),
      }
    },
  }
  return { stt, got, opened, checks: () => checks }
}

type Engine = ReturnType<typeof engine>
const fails = (message = 'It died.') => Promise.reject(new SpeechError('engine', message))
const never = (): Promise<never> => new Promise(() => {})

function chain(
  engines: readonly Engine[],
  more: Partial<EarsChainOptions> & { allow_remote?: boolean } = {},
) {
  const clock = fakeClock(0)
  const { allow_remote = true, ...given } = more
  const links = engines.map(({ stt }) => ({ engine: stt, allow_remote }))
  return { clock, ...openEarsChain({ links, clock, ...given }) }
}

async function hear(ears: Pick<ReturnType<typeof chain>, 'open'>, more: Partial<ChainListenOptions> = {}) {
  const listening = await ears.open({ ...listenOptions(), ...more })
  await listening.write(Int16Array.of(1, 2))
  await listening.write(Int16Array.of(3))
  return listening.end()
}

test('the first that can hears, as it is said, and nobody else is asked', async () => {
  const [first, second] = [engine('A'), engine('B')]
  const partials: string[] = []
  const heard = await hear(chain([first, second]), { onPartial: ({ text }) => partials.push(text) })
  assert.deepEqual(heard, { text: 'A', confidence: 0.9, engine: 'A', passed: [] })
  assert.deepEqual([first.got, second.opened.length], [[1, 2, 3], 0])
  first.opened[0]?.onPartial?.({ text: 'x', confidence: 1 })
  assert.deepEqual(partials, ['x'])
})

test('wherever an engine fails, the next hears all of it, and why the others did not is told', async () => {
  for (const at of ['open', 'write', 'end'] as const) {
    const broken = engine('A', { [at]: () => fails() })
    const next = engine('B')
    const heard = await hear(chain([broken, next]), { onSilence: () => {} })
    // What was said before it was asked is a recording, in which no end is looked for.
    const { is_recording, onSilence } = next.opened[0] ?? {}
    assert.deepEqual(
      [is_recording, onSilence === undefined],
      at === 'open' ? [undefined, false] : [true, true],
    )
    assert.deepEqual(
      heard,
      { text: 'B', confidence: 0.9, engine: 'B', passed: [{ engine: 'A', why: 'A: It died.' }] },
      at,
    )
    assert.deepEqual(next.got, [1, 2, 3], at)
  }
  const odd = engine('A', {
    open: () => {
      throw new TypeError('x is undefined')
    },
  })
  assert.deepEqual((await hear(chain([odd, engine('B')]))).passed, [{ engine: 'A', why: 'A failed.' }])
})

test('an engine that hangs is left when its time is over, wherever it hangs, and hears that', async () => {
  for (const at of ['open', 'write', 'end'] as const) {
    let waits = false
    const hung = engine('A', { [at]: () => ((waits = true), never()) })
    const ears = chain([hung, engine('B')], { deadline_ms: 5_000 })
    const heard = hear(ears)
    await until(() => waits)
    ears.clock.advance(5_000)
    assert.deepEqual((await heard).passed, [{ engine: 'A', why: 'A did not answer within 5 s.' }], at)
    assert.equal(hung.opened[0]?.signal.aborted, true, at)
  }
})

test('that nobody spoke, or the sound is none, is an answer: nobody else gets it', async () => {
  for (const reason of ['silence', 'audio'] as const) {
    const first = engine('A', { end: () => Promise.reject(new SpeechError(reason, 'Nothing.')) })
    const second = engine('B')
    assert.equal(await problem(hear(chain([first, second]))), `${reason}: Nothing.`)
    assert.equal(second.opened.length, 0)
  }
})

test('no sound leaves this machine unless its owner and who speaks have both said so', async () => {
  const far = engine('Far', { remote: true })
  assert.equal((await hear(chain([far]), { remote_audio: true })).engine, 'Far')
  assert.equal(
    await problem(hear(chain([far]))),
    'missing: No engine can hear this. Far is on another machine, and you have not allowed that (remote_audio).',
  )
  assert.match(
    await problem(hear(chain([far], { allow_remote: false }), { remote_audio: true })),
    /the owner does not allow that \(allow_remote\)\.$/,
  )
  assert.equal(far.opened.length, 1)
  const unsure = engine('Near', { end: async () => ({ confidence: 0.1 }) })
  assert.equal((await hear(chain([unsure, far]))).engine, 'Near')
  assert.equal(far.opened.length, 1)
})

test('an engine is asked in its own languages alone, and without a language in any', async () => {
  const german = engine('DE', { languages: ['de'] })
  const ears = chain([german, engine('EN', { languages: ['en'] })])
  assert.deepEqual(await hear(ears, { language: 'en-US' }), {
    text: 'EN',
    confidence: 0.9,
    engine: 'EN',
    passed: [{ engine: 'DE', why: 'DE does not understand en-US.' }],
  })
  assert.equal((await hear(ears, { language: 'de-AT' })).engine, 'DE')
  assert.equal((await hear(ears, { language: 'auto' })).engine, 'DE')
  assert.match(
    await problem(hear(ears, { language: 'fr' })),
    /^missing: .*DE does not understand fr\. EN does not understand fr\./,
  )
  assert.equal(await problem(hear(chain([]))), 'missing: No engine can hear this. No engine is configured.')
  assert.deepEqual(ears.languages(), ['de', 'en'])
  assert.equal(chain([german, engine('Any')]).languages(), 'any')
})

test('who is not sure is compared with another one, and the surer of both counts', async () => {
  for (const [first, second, expected, why] of [
    [0.5, 0.8, 'B', 'A was less sure (0.5).'],
    [0.5, 0.4, 'A', 'B was less sure (0.4).'],
    [0.6, 0.9, 'A', undefined],
  ] as const) {
    const one = engine('A', { end: async () => ({ confidence: first }) })
    const other = engine('B', { end: async () => ({ confidence: second }) })
    const { engine: by, passed } = await hear(chain([one, other, engine('C')]))
    assert.deepEqual([by, passed[0]?.why, other.got.length], [expected, why, why === undefined ? 0 : 3])
    assert.equal(other.opened[0]?.is_recording, why === undefined ? undefined : true)
  }
  const unsure = engine('A', { end: async () => ({ confidence: 0.2 }) })
  const broken = engine('B', {
    end: () => Promise.reject(new SpeechError('silence', 'B heard nobody speak.')),
  })
  assert.deepEqual(await hear(chain([unsure, broken])), {
    text: 'A',
    confidence: 0.2,
    engine: 'A',
    passed: [{ engine: 'B', why: 'B heard nobody speak.' }],
  })
})

test('an engine that fails again and again is left alone for a while, and then tried once more', async () => {
  let isBroken = true
  const weak = engine('A', { end: async () => (isBroken ? fails() : {}) })
  const ears = chain([weak, engine('B')])
  for (let times = 0; times < 3; times += 1) await hear(ears)
  assert.equal((await hear(ears)).passed[0]?.why, 'A failed 3 times in a row and is left alone for 30 s.')
  assert.equal(weak.opened.length, 3)
  ears.clock.advance(30_000)
  isBroken = false
  assert.equal((await hear(ears)).engine, 'A')
  assert.equal((await hear(ears)).engine, 'A')
  const busy = engine('C', { end: () => Promise.reject(new SpeechError('busy', 'Later.')) })
  const others = chain([busy, engine('B')])
  for (let times = 0; times < 5; times += 1) await hear(others)
  assert.equal(busy.opened.length, 5)
})

test('how an engine is, is found out behind the back of who speaks, and is believed for half a minute', async () => {
  const answers: Health[] = [{ ok: false, problem: 'A is away.' }]
  const moody = engine('A', {
    health: async () => answers.shift() ?? { ok: true, problem: '' },
    end: () => fails(),
  })
  const ears = chain([moody, engine('B')])
  assert.equal((await hear(ears)).engine, 'B')
  await until(() => moody.checks() === 1)
  assert.deepEqual((await hear(ears)).passed, [{ engine: 'A', why: 'A is away.' }])
  assert.equal(moody.opened.length, 1)
  ears.clock.advance(30_000)
  await hear(ears)
  await until(() => moody.checks() === 2)
  await hear(ears)
  assert.equal(moody.opened.length, 2)
  const mute = engine('M', { health: never })
  const silent = chain([mute])
  const asked = silent.health()
  silent.clock.advance(8_000)
  assert.deepEqual(await asked, [
    { name: 'M', remote: false, ok: false, problem: 'M did not answer within 8 s.' },
  ])
})

test('whoever leaves is let go at once, and no engine is blamed or asked for it', async () => {
  const stop = new AbortController()
  let waits = false
  const next = engine('B')
  const ears = chain([engine('A', { end: () => ((waits = true), never()) }), next])
  const heard = hear(ears, { signal: stop.signal })
  await until(() => waits)
  stop.abort(new RangeError('enough'))
  await assert.rejects(heard, RangeError)
  assert.equal(next.opened.length, 0)
})

test('what is kept for the next engine is no more than the longest utterance', async () => {
  const ears = chain([engine('A'), engine('B')])
  const listening = await ears.open(listenOptions())
  for (let second = 0; second < 30; second += 1) await listening.write(new Int16Array(16_000))
  assert.match(
    await problem(listening.write(new Int16Array(16_000))),
    /^audio: The recording is longer than 30 s/,
  )
})
