import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateDefinition } from './definition.ts'
import { KNOWN, after, steps } from './rig.ts'

/** The least time of the processor, in microseconds, that validating takes in several tries. */
function cost(given: unknown): number {
  const tries = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage()
    validateDefinition(given, KNOWN)
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.max(50, Math.min(...tries))
}

/** As many steps that each wait for as many others. */
function tangled(
  count: number,
  waits: (id: string, index: number, ids: readonly string[]) => readonly string[],
) {
  const ids = Array.from({ length: count }, (_, index) => `s${index.toString(36)}`)
  return steps(...ids.map((id, index) => after(id, ...waits(id, index, ids))))
}

test('ten times the steps with ten times the dependencies each cost in proportion to the dependencies', () => {
  const shapes = {
    'all that are above': (_: string, index: number, ids: readonly string[]) => ids.slice(0, index),
    'all others': (id: string, _: number, ids: readonly string[]) => ids.filter((other) => other !== id),
    nobody: (id: string, _: number, ids: readonly string[]) =>
      ids.slice(0, 100).map((other) => `${id}-${other}`),
  }
  for (const [name, waits] of Object.entries(shapes)) {
    const ratio = cost(tangled(200, waits)) / cost(tangled(20, waits))
    // Were it the square of the dependencies, the ratio would be 10,000.
    assert.equal(ratio < 1_000, true, `${name}: ${Math.round(ratio)}`)
  }
})

test('every step that waits for every other one is told in one circle', () => {
  const given = tangled(200, (_id, _index, ids) => ids)
  const { errors } = validateDefinition(given, KNOWN)
  assert.equal(errors.length, 201)
  assert.equal(errors.filter(({ code }) => code === 'SELF_DEPENDENCY').length, 200)
  assert.deepEqual(
    errors.filter(({ code }) => code === 'CYCLE').map(({ path, message }) => [path, message]),
    [['/steps/0/depends_on/1', 'These steps wait for each other: s0 waits for s1, s1 for s0.']],
  )
})

test('20,000 unknown dependencies are counted, and the first 500 are told', () => {
  const given = tangled(200, (id, _index, ids) => ids.slice(0, 100).map((other) => `${id}-${other}`))
  const { errors } = validateDefinition(given, KNOWN)
  assert.equal(errors.length, 501)
  assert.equal(errors[499]?.path, '/steps/4/depends_on/99')
  assert.equal(errors[500]?.message, 'There are 19500 more problems.')
})
