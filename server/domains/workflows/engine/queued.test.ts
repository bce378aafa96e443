import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openStage, step } from '../rig.ts'
import { own } from './rig.ts'

const OTHERS = ['b', 'c', 'd', 'e', 'f'].map((id) => step(id, { depends_on: [] }))

/** A stage on which everything that begins is dear, so that most of a run stands in line while some of it ends. */
async function openDear(t: TestContext) {
  const stage = await openStage(t)
  const { clock } = stage
  const [elapsed, now] = [clock.elapsed.bind(clock), clock.now.bind(clock)]
  let dear = 0
  let isOn = false
  Error.stackTraceLimit = 30
  Object.assign(clock, {
    elapsed: () => elapsed() + dear,
    now: () => {
      // What begins notes when: nothing else that asks for the time is dear.
      if (isOn && /#launch/u.test(new Error('Who asks?').stack ?? '')) dear += 40
      return now()
    },
  })
  /** Starts a workflow and lets so many milliseconds pass. */
  const run = async (id: string, ms: number) => {
    isOn = true
    await stage.start(id)
    for (let step_ms = 0; step_ms < ms; step_ms += 20) {
      for (let turn = 0; turn < 30; turn += 1) await nextTurn()
      clock.advance(20)
    }
    isOn = false
    assert.ok(dear > 0, 'Nothing was dear, so that no line has formed.')
  }
  return { stage, run }
}

test('a step that stands in line is begun once, and again only when its next attempt is due', async (t) => {
  const { stage, run } = await openDear(t)
  const performed: string[] = []
  stage.script = (id) => {
    performed.push(id)
    return id === 'a' ? { ms: 600_000 } : id === 'x' ? { error: 'no' } : {}
  }
  const { id } = await stage.create({
    steps: [
      step('a', { depends_on: [] }),
      step('q', { depends_on: [] }),
      step('x', { depends_on: [] }),
      ...OTHERS,
    ],
    retry_policy: { max_attempts: 4, backoff_strategy: 'fixed', delay_ms: 300_000 },
    error_handling: { strategy: 'continue', notification_on_error: false },
    timeout_ms: 3_600_000,
  })
  await run(id, 3_000)
  assert.deepEqual(performed.toSorted(), ['a', 'b', 'c', 'd', 'e', 'f', 'q', 'x'])
})

test('a question that stands in line is asked once', async (t) => {
  const { stage, run } = await openDear(t)
  stage.script = (id) => (id === 'a' ? { ms: 600_000 } : {})
  const ask = own('x', 'wait_for_approval', { text: 'May I?' }, { depends_on: [] })
  const { id } = await stage.create({
    steps: [step('a', { depends_on: [] }), step('q', { depends_on: [] }), ask, ...OTHERS],
    timeout_ms: 3_600_000,
  })
  await run(id, 3_000)
  const asked = (await stage.told()).filter((event) => JSON.stringify(event).includes('May I'))
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['notification:created'],
  )
})
