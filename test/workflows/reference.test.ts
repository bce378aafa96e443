import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptOf } from './arbitrary.ts'
import type { Plan } from './arbitrary.ts'
import { act, after, fail, final, flow, ok, set, wait } from './flows.ts'
import type { Settings, Steps } from './flows.ts'
import { interpret, settled, trace } from './reference.ts'
import type { Expected } from './reference.ts'

const expect = (steps: Steps, plan: Plan, settings: Partial<Settings>): Expected =>
  interpret(flow(steps, settings), scriptOf(plan), { input: { n: 5 }, jitter: 0 })
const tiesOf = (steps: Steps, plan: Plan, settings: Partial<Settings> = {}): readonly string[] =>
  trace(flow(steps, settings), scriptOf(plan), { input: { n: 5 }, jitter: 0 }).ties

/** As `failed at 30 by b: a completed 10, b failed 30 (failure), c stopped x0 30`; one attempt goes without saying. */
function story({ status, ended_at, error_step, steps, order }: Expected): string {
  const told = order.map(([id, outcome, at]) => {
    const kind = steps[id]?.error_kind
    const attempts = steps[id]?.attempts
    return `${id} ${outcome}${attempts === 1 ? '' : ` x${attempts}`} ${at}${kind ? ` (${kind})` : ''}`
  })
  return `${status} at ${ended_at}${error_step ? ` by ${error_step}` : ''}: ${told.join(', ')}`
}

function ends(steps: Steps, plan: Plan, settings: Partial<Settings>, wanted: string): void {
  assert.equal(story(expect(steps, plan, settings)), wanted)
}

const abc = [act('a'), act('b'), act('c')]
const good = { a: [ok(10)], b: [ok(20)], c: [ok(5)], d: [ok(30)] }
const bFails = { ...good, b: [fail(20)] }
const going = { strategy: 'continue' } as const
/** A second step with this condition between `a`, which completes at 10, and `c`. */
const between = (condition: string): Steps => [act('a'), act('b', { condition }), act('c')]

test('the steps of a list run one after the other', () => {
  ends(abc, good, {}, 'completed at 35: a completed 10, b completed 30, c completed 35')
  ends([act('a')], good, {}, 'completed at 10: a completed 10')
})

test('in a list, a failure is the end unless the strategy is to continue', () => {
  const stopped = 'failed at 30 by b: a completed 10, b failed 30 (failure), c stopped x0 30'
  ends(abc, bFails, { strategy: 'fail_fast' }, stopped)
  ends(abc, bFails, { strategy: 'retry' }, stopped)
  ends(abc, bFails, going, 'failed at 35 by b: a completed 10, b failed 30 (failure), c completed 35')
  ends(
    abc,
    { a: [final(10)], b: [ok(20)], c: [fail(5)] },
    going,
    'failed at 35 by a: a failed 10 (final), b completed 30, c failed 35 (failure)',
  )
})

const seen = (condition: string): Steps => [
  act('a'),
  act('b', { condition: 'false' }),
  act('c', { condition }),
]

test('a condition that is false skips its step alone, and what follows sees null', () => {
  const skipped = 'completed at 15: a completed 10, b skipped x0 10, c completed 15'
  ends(between('false'), good, {}, skipped)
  ends(between("steps.a.status === 'failed'"), good, {}, skipped)
  ends(between('input.n > 5'), good, {}, skipped)
  ends(between("steps.c?.status === 'completed'"), good, {}, skipped)
  ends(between("steps.a.status === 'failed' && steps.c.status === 'failed'"), good, {}, skipped)
  ends(seen('steps.b.result == null'), good, {}, skipped)
  ends(seen("steps.b.status === 'skipped' && steps['a'].result.n === 7"), good, {}, skipped)
  ends(
    seen('steps.b.result.n > 3'),
    good,
    {},
    'failed at 10 by c: a completed 10, b skipped x0 10, c failed x0 10 (condition)',
  )
})

const failed = (kind: string): string =>
  `failed at 10 by b: a completed 10, b failed x0 10 (${kind}), c stopped x0 10`

const given = (value: string): Steps => [act('a'), act('b', { parameters: { value } }), act('c')]

test('an error in a condition or in parameters fails the step without an attempt', () => {
  const retry: Partial<Settings> = { retry: [3, 'fixed', 100] }
  for (const broken of ['steps.a.result.n.x.y', '1', 'steps.a.result.n', "steps.c.status === 'completed'"])
    assert.equal(story(expect(between(broken), good, retry)), failed('condition'), broken)
  for (const broken of ['{{steps.c.status}}', 'now: {{steps.a.result.n.x.y}}!', '{{error.step_id}}'])
    assert.equal(story(expect(given(broken), good, retry)), failed('parameters'), broken)
})

test('agent 0 sets values with their types and waits without its script', () => {
  const steps = [
    act('a'),
    set('b', '{{steps.a.result.n}}'),
    set('c', 'n={{steps.b.result.value}}{{steps.b.error}}'),
  ]
  const run = expect(
    [...steps, wait('d', 3), act('e', { parameters: { value: '{{steps.d.result.n}}' } })],
    { ...good, e: [ok(1)] },
    {},
  )
  assert.equal(
    story(run),
    'completed at 3011: a completed 10, b completed 10, c completed 10, d completed 3010, e completed 3011',
  )
  assert.deepEqual(
    [run.steps['a']?.result, run.steps['b']?.result, run.steps['c']?.result, run.steps['d']?.result],
    [{ n: 7 }, { value: 7 }, { value: 'n=7' }, { waited_until: '1970-01-01T00:00:03.010Z' }],
  )
})

test('in a graph, steps run as soon as what they depend on has an outcome', () => {
  ends(
    [act('a'), act('b'), act('c', after(['a']))],
    { ...good, b: [ok(30)] },
    {},
    'completed at 30: a completed 10, c completed 15, b completed 30',
  )
  ends(
    [act('c', after(['a', 'b'])), act('b'), act('a')],
    good,
    {},
    'completed at 25: a completed 10, b completed 20, c completed 25',
  )
  // An empty list counts: without it the two would be a list.
  ends([act('a', after([])), act('b')], good, {}, 'completed at 20: a completed 10, b completed 20')
  ends(
    [act('a'), act('b', after(['a'], 'false')), act('c', after(['b']))],
    good,
    {},
    'completed at 15: a completed 10, b skipped x0 10, c completed 15',
  )
})

test('a failure stops what runs, what waits, what would be tried again and what has not begun', () => {
  const wide = [act('a'), act('b'), act('c', after(['a'])), wait('w', 9)]
  ends(
    wide,
    { ...good, a: [ok(50)], b: [fail(20)] },
    {},
    'failed at 20 by b: b failed 20 (failure), a stopped 20, c stopped x0 20, w stopped 20',
  )
  ends(
    wide,
    { ...good, a: [fail(10)], b: [final(50)] },
    { strategy: 'retry', retry: [2, 'fixed', 100] },
    'failed at 50 by b: b failed 50 (final), a stopped 50, c stopped x0 50, w stopped 50',
  )
  ends(
    wide,
    { ...good, a: [fail(10)], b: [final(50)] },
    { retry: [2, 'fixed', 20] },
    'failed at 40 by a: a failed x2 40 (failure), b stopped 40, c stopped x0 40, w stopped 40',
  )
})

test('with continue, what depends on a failed step is skipped, and what depends on that', () => {
  const steps = [act('a'), act('b', after(['a'])), act('c', after(['b'])), act('d')]
  const plan = { ...good, a: [fail(10)] }
  const a = 'a failed 10 (failure)'
  ends(steps, plan, going, `failed at 30 by a: ${a}, b skipped x0 10, c skipped x0 10, d completed 30`)
  ends(
    [act('a'), act('d'), act('c', after(['a', 'd']))],
    plan,
    going,
    `failed at 30 by a: ${a}, d completed 30, c skipped x0 30`,
  )
  ends(
    [act('a'), act('c', after(['a'], 'input.n.x.y')), act('b', after([], "steps['d']?.status === 'failed'"))],
    plan,
    going,
    `failed at 10 by a: b skipped x0 0, ${a}, c skipped x0 10`,
  )
})

const chain = (b: string | undefined, c?: string): Steps => [
  act('a'),
  act('b', after(['a'], b)),
  act('c', after(['b'], c)),
]

const toldOfA = (rest: string): string =>
  `failed at ${rest.split(' ').at(-1)} by a: a failed 10 (failure), ${rest}`

test('with continue, a condition that reads the failed step decides', () => {
  const aFails = { ...good, a: [fail(10)] }
  const readsA = "steps.a.status === 'failed'"
  ends(chain(readsA), aFails, going, toldOfA('b completed 30, c completed 35'))
  ends(chain("steps['a'].status !== 'failed'"), aFails, going, toldOfA('b skipped x0 10, c completed 15'))
  ends(chain(`input.n > 9 || ${readsA}`), aFails, going, toldOfA('b completed 30, c completed 35'))
  ends(chain('true'), aFails, going, toldOfA('b skipped x0 10, c skipped x0 10'))
  ends(chain(undefined, readsA), aFails, going, toldOfA('b skipped x0 10, c completed 15'))
  ends(
    chain(undefined, "steps.b.status === 'skipped'"),
    aFails,
    going,
    toldOfA('b skipped x0 10, c skipped x0 10'),
  )
  ends(
    chain('steps.a.result.n > 3'),
    aFails,
    going,
    'failed at 10 by a: a failed 10 (failure), b failed x0 10 (condition), c skipped x0 10',
  )
})

const reads = (id: string): string => `steps.${id}.status === 'failed'`

const both = (c: string, d: string): Steps => [
  act('a'),
  act('b'),
  act('c', after(['a', 'b'], c)),
  act('d', after(['c'], d)),
]

const told = (end: number, rest: string): string =>
  `failed at ${end} by a: a failed 10 (failure), b failed 20 (failure), ${rest}`

test('with continue, a step must read every failure that it depends on', () => {
  const ab = { ...good, a: [fail(10)], b: [fail(20)] }
  ends(both(reads('a'), 'true'), ab, going, told(20, 'c skipped x0 20, d skipped x0 20'))
  ends(both(`${reads('a')} && ${reads('b')}`, 'true'), ab, going, told(55, 'c completed 25, d completed 55'))
  // It was `b` alone for which `c` was skipped, so reading `b` is enough for `d`, and reading `a` is not.
  ends(both(reads('a'), reads('b')), ab, going, told(50, 'c skipped x0 20, d completed 50'))
  ends(both(reads('a'), reads('a')), ab, going, told(20, 'c skipped x0 20, d skipped x0 20'))
})

test('attempts are repeated after fixed, linear and exponential waits of at most five minutes', () => {
  const one = [act('a')]
  const mended = { a: [fail(10), fail(10), ok(5)] }
  const hopeless = { a: [fail(10)] }
  ends(one, mended, { retry: [3, 'fixed', 100] }, 'completed at 225: a completed x3 225')
  ends(one, mended, { retry: [3, 'linear', 100] }, 'completed at 325: a completed x3 325')
  ends(one, hopeless, { retry: [4, 'exponential', 100] }, 'failed at 740 by a: a failed x4 740 (failure)')
  ends(
    one,
    hopeless,
    { retry: [3, 'linear', 200_000] },
    'failed at 500030 by a: a failed x3 500030 (failure)',
  )
  ends(one, mended, { retry: [3, 'fixed', 0] }, 'completed at 25: a completed x3 25')
  ends(one, mended, { retry: [2, 'fixed', 100] }, 'failed at 120 by a: a failed x2 120 (failure)')
  ends(
    one,
    { a: [fail(10), final(10)] },
    { retry: [5, 'fixed', 100] },
    'failed at 120 by a: a failed x2 120 (final)',
  )
  ends(one, { a: [final(10)] }, { retry: [5, 'fixed', 100] }, 'failed at 10 by a: a failed 10 (final)')
})

test('an attempt that is late is a failure like others; the time holds for each attempt', () => {
  const quick = [act('a', { timeout_ms: 100 })]
  const retry: Partial<Settings> = { retry: [2, 'fixed', 50] }
  ends(quick, { a: [ok(500), ok(20)] }, retry, 'completed at 170: a completed x2 170')
  ends(quick, { a: [ok(500)] }, retry, 'failed at 250 by a: a failed x2 250 (late)')
  ends(quick, { a: [final(500), ok(20)] }, retry, 'completed at 170: a completed x2 170')
  ends(quick, { a: [fail(20), ok(101)] }, retry, 'failed at 170 by a: a failed x2 170 (late)')
  ends([act('a')], { a: [ok(40_000)] }, {}, 'failed at 30000 by a: a failed 30000 (late)')
  ends([act('a')], { a: [ok(29_999)] }, {}, 'completed at 29999: a completed 29999')
  ends([act('a', { timeout_ms: 60_000 })], { a: [ok(40_000)] }, {}, 'completed at 40000: a completed 40000')
  ends([wait('a', 31)], {}, {}, 'failed at 30000 by a: a failed 30000 (late)')
})

test('when the time of the workflow is over it has failed, whatever it was doing', () => {
  const time: Partial<Settings> = { timeout_ms: 25, retry: [2, 'fixed', 100] }
  ends(abc, good, time, 'failed at 25: a completed 10, b stopped 25, c stopped x0 25')
  ends(abc, { ...good, b: [fail(4)] }, time, 'failed at 25: a completed 10, b stopped 25, c stopped x0 25')
  ends([act('a'), wait('w', 1)], good, time, 'failed at 25: a completed 10, w stopped 25')
  ends(abc, good, { timeout_ms: 36 }, 'completed at 35: a completed 10, b completed 30, c completed 35')
  ends(
    abc,
    { ...good, a: [final(10)] },
    { ...time, strategy: 'continue' },
    'failed at 25 by a: a failed 10 (final), b stopped 25, c stopped x0 25',
  )
  ends(
    abc,
    good,
    { ...time, strategy: 'fallback', fallback: [act('f')] },
    'failed at 25: a completed 10, b stopped 25, c stopped x0 25',
  )
})

const f = [act('f'), act('g')]
const fell = (fallback: Steps, plan: Plan, more: Partial<Settings> = {}): Expected =>
  expect(abc, { ...bFails, ...plan }, { strategy: 'fallback', fallback, ...more })
const fellStory = (...asked: Parameters<typeof fell>): string => {
  const [begin, rest = ''] = story(fell(...asked)).split(
    ': a completed 10, b failed 30 (failure), c stopped x0 30, ',
  )
  return `${begin}: ${rest}`
}

test('a fallback saves the run when all of it completes or is skipped', () => {
  assert.equal(
    fellStory(f, { f: [ok(4)], g: [ok(3)] }),
    'completed at 37 by b: f completed 34, g completed 37',
  )
  const skips = [act('f', { condition: 'false' }), act('g')]
  assert.equal(fellStory(skips, { g: [ok(3)] }), 'completed at 33 by b: f skipped x0 30, g completed 33')
  const sees = "steps.c.status === 'stopped' && error.step_id === 'b' && error.message === 'no'"
  assert.equal(
    fellStory([act('f', { condition: sees })], { f: [ok(4)] }),
    'completed at 34 by b: f completed 34',
  )
  assert.equal(story(fell(f, { ...good })), 'completed at 35: a completed 10, b completed 30, c completed 35')
})

test('a fallback that fails leaves the first failure, and stops what is left of it', () => {
  const gFails = { f: [ok(9)], g: [fail(3)], h: [ok(1)] }
  assert.equal(fellStory(f, { f: [fail(4)] }), 'failed at 34 by b: f failed 34 (failure), g stopped x0 34')
  const graph = [act('f', after([])), act('g'), act('h', after(['f']))]
  assert.equal(
    fellStory(graph, gFails),
    'failed at 33 by b: g failed 33 (failure), f stopped 33, h stopped x0 33',
  )
  assert.equal(
    fellStory([act('f', { condition: '1' }), act('g')], {}),
    'failed at 30 by b: f failed x0 30 (condition), g stopped x0 30',
  )
  assert.equal(
    fellStory(f, { f: [ok(4)], g: [ok(9)] }, { timeout_ms: 40 }),
    'failed at 40 by b: f completed 34, g stopped 40',
  )
})

test('fallback steps are tried again like others', () => {
  const run = fell([act('f')], { b: [final(20)], f: [fail(2), ok(3)] }, { retry: [2, 'linear', 100] })
  assert.deepEqual([run.status, run.ended_at, run.steps['f']?.attempts], ['completed', 135, 2])
})

const parallel = (first: string, second: string): Steps => [
  act('a', after([], first)),
  act('b', after([], second)),
]

test('what the guide leaves open is told as a tie', () => {
  const ab = [act('a', after([])), act('b')]
  assert.deepEqual(tiesOf(ab, { a: [ok(10)], b: [ok(10)] }), ['a and b at 10'])
  assert.deepEqual(tiesOf(ab, { a: [fail(10), ok(5)], b: [ok(110)] }, { retry: [2, 'fixed', 100] }), [
    'b and a at 110',
  ])
  assert.deepEqual(tiesOf(ab, good, { timeout_ms: 20 }), [
    'b is done when it would be late',
    'b when the time is over',
  ])
  assert.deepEqual(tiesOf(parallel('1', 'true'), good), ['a fails when b has its turn'])
  assert.deepEqual(tiesOf(parallel('true', '1'), good), ['b fails when a has its turn'])
  assert.deepEqual(tiesOf(parallel('false', "steps.a?.status === 'skipped'"), good), [
    'b reads a at 0, when that ends',
  ])
  assert.deepEqual(tiesOf(parallel('1', '1'), good, going), ['b fails when a has its turn'])
  for (const none of [
    tiesOf(parallel('1', 'true'), good, going),
    tiesOf(ab, good),
    tiesOf(between('1'), good),
  ])
    assert.deepEqual(none, [])
})

test('more steps than may run side by side are refused, because the reference has no such bound', () => {
  const many = Array.from({ length: 17 }, (_, i) => act(`s${i}`))
  assert.throws(() => expect(many, {}, {}), RangeError)
})

test('a settled order is by time, and by id within a millisecond', () => {
  const { order } = expect(
    [act('b'), act('a', after([])), act('c')],
    { ...good, b: [fail(5)], c: [ok(9)] },
    {},
  )
  assert.deepEqual(
    order.map(([id]) => id),
    ['b', 'a', 'c'],
  )
  assert.deepEqual(settled(order), [
    ['a', 'stopped', 5],
    ['b', 'failed', 5],
    ['c', 'stopped', 5],
  ])
})
