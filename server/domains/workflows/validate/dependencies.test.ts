import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowStep } from '../../../../contract/workflows.ts'
import { after, definition, fallback, found, said, step, steps } from './rig.ts'

const many = (count: number): WorkflowStep[] => Array.from({ length: count }, (_, index) => step(`s${index}`))

test('there is one step at least and 200 at most, and fallback steps are counted apart', () => {
  assert.deepEqual(found(steps()), ['/steps NO_STEPS'])
  assert.deepEqual(found(steps(...many(200))), [])
  assert.deepEqual(found(steps(...many(201))), ['/steps TOO_MANY_STEPS'])
  assert.match(said(steps(...many(201)))[0] ?? '', /at most 200 steps and this one has 201/)
  const at = '/error_handling/fallback_steps'
  assert.deepEqual(found(fallback(many(200))), [])
  assert.deepEqual(found(fallback(many(201))), [`${at} TOO_MANY_STEPS`])
  assert.deepEqual(found(fallback(many(200), { steps: many(200).map(({ id }) => step(`m${id}`)) })), [])
})

test('of too many steps the first 200 are looked at, and the others are there all the same', () => {
  const list = [after('a', 's250', 's999'), ...many(300)]
  assert.deepEqual(found(steps(...list)), [
    '/steps TOO_MANY_STEPS',
    '/steps/0/depends_on/1 UNKNOWN_DEPENDENCY',
  ])
  assert.deepEqual(
    found(definition({ steps: Array.from({ length: 50_000 }, () => 7) as never })).at(-1),
    '/steps/199 SHAPE',
  )
})

test('ids are told twice where they are used again, in the fallback steps as well', () => {
  assert.deepEqual(found(steps(step('a'), step('b'), step('a'), step('a'))), [
    '/steps/2/id DUPLICATE_STEP',
    '/steps/3/id DUPLICATE_STEP',
  ])
  assert.deepEqual(found(fallback([step('b'), step('a'), step('b')])), [
    '/error_handling/fallback_steps/1/id DUPLICATE_STEP',
    '/error_handling/fallback_steps/2/id DUPLICATE_STEP',
  ])
  assert.deepEqual(said(steps(step('a'), step('a'))), ['The id "a" is that of /steps/0 already.'])
  assert.deepEqual(found(steps(step('a'), step('A'), step('__proto__'), step('constructor'))), [])
})

test('a step waits for others of its own list alone', () => {
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [steps(after('a'), after('b', 'a', 'a')), []],
    [
      steps(after('a', 'x'), after('b', 'toString')),
      ['/steps/0/depends_on/0 UNKNOWN_DEPENDENCY', '/steps/1/depends_on/0 UNKNOWN_DEPENDENCY'],
    ],
    [
      steps(after('b', 'a', 'x', 'b'), step('a')),
      ['/steps/0/depends_on/1 UNKNOWN_DEPENDENCY', '/steps/0/depends_on/2 SELF_DEPENDENCY'],
    ],
    [
      fallback([step('f'), after('g', 'f', 'a', 'x')]),
      [
        '/error_handling/fallback_steps/1/depends_on/1 FALLBACK_DEPENDENCY',
        '/error_handling/fallback_steps/1/depends_on/2 UNKNOWN_DEPENDENCY',
      ],
    ],
    [fallback([step('f')], { steps: [after('a', 'f')] }), ['/steps/0/depends_on/0 FALLBACK_DEPENDENCY']],
  ]
  for (const [given, problems] of cases) assert.deepEqual(found(given), problems)
  assert.deepEqual(said(steps(after('a', 'x', 'a'))), [
    'There is no step "x" to wait for.',
    'The step "a" waits for itself.',
  ])
})

test('a circle is told once, by its steps in order, where the first of them waits', () => {
  const cases: readonly (readonly [readonly WorkflowStep[], readonly string[], string])[] = [
    [[after('a', 'b'), after('b', 'a')], ['/steps/0/depends_on/0 CYCLE'], 'a waits for b, b for a'],
    [
      [after('c', 'a'), after('a', 'b'), after('b', 'c')],
      ['/steps/0/depends_on/0 CYCLE'],
      'c waits for a, a for b, b for c',
    ],
    // The way round that is told is the shortest.
    [
      [step('z'), after('a', 'z', 'b', 'c'), after('b', 'c'), after('c', 'a')],
      ['/steps/1/depends_on/2 CYCLE'],
      'a waits for c, c for a',
    ],
    // The steps hang together, although there are two circles.
    [
      [after('a', 'b'), after('b', 'c', 'a'), after('c', 'b')],
      ['/steps/0/depends_on/0 CYCLE'],
      'a waits for b, b for a',
    ],
  ]
  for (const [list, problems, way] of cases) {
    assert.deepEqual(found(steps(...list)), problems)
    assert.deepEqual(said(steps(...list)), [`These steps wait for each other: ${way}.`])
  }
})

test('each circle is told, those of fallback steps as well, and one of a single step is another problem', () => {
  const list = [after('a', 'b'), after('b', 'a'), after('c', 'd', 'a'), after('d', 'c', 'd')]
  assert.deepEqual(found(steps(...list)), [
    '/steps/0/depends_on/0 CYCLE',
    '/steps/2/depends_on/0 CYCLE',
    '/steps/3/depends_on/1 SELF_DEPENDENCY',
  ])
  assert.deepEqual(found(fallback([after('f', 'g'), after('g', 'f')])), [
    '/error_handling/fallback_steps/0/depends_on/0 CYCLE',
  ])
})

test('what waits for a circle never runs, however far behind it is', () => {
  const list = [
    after('a', 'b'),
    after('b', 'a'),
    after('c', 'b'),
    after('d', 'c'),
    after('e'),
    after('f', 'f'),
    after('g', 'f'),
  ]
  assert.deepEqual(found(steps(...list)), [
    '/steps/0/depends_on/0 CYCLE',
    '/steps/5/depends_on/0 SELF_DEPENDENCY',
    '/steps/2/depends_on NEVER_RUNS?',
    '/steps/3/depends_on NEVER_RUNS?',
    '/steps/6/depends_on NEVER_RUNS?',
  ])
})

test('the longest chain is no circle until it is closed, and a long circle is told in brief', () => {
  const chain = many(200).map((one, index) => (index === 0 ? after('s0') : after(one.id, `s${index - 1}`)))
  assert.deepEqual(found(steps(...chain)), [])
  const closed = [after('s0', 's199'), ...chain.slice(1)]
  assert.deepEqual(found(steps(...closed)), ['/steps/0/depends_on/0 CYCLE'])
  assert.match(
    said(steps(...closed))[0] ?? '',
    /: s0 waits for s199, s199 for s198, .*, s181 for s180, and so on for 180 more until s1 waits for s0\.$/,
  )
})
