import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Sequence } from './sequence.ts'

/** What a listener was told: places, and `gap`. */
function open(last?: number) {
  const told: (number | 'gap')[] = []
  const sequence = new Sequence(
    last,
    ({ place }) => told.push(place.seq),
    () => told.push('gap'),
  )
  const hear = (...places: number[]): void => {
    for (const seq of places) sequence.hear({ name: 'x', data: {}, place: { seq, created_at: '' } })
  }
  return { sequence, told, hear }
}

test('whoever begins anew hears what happens from then on, and nothing of before', () => {
  const { sequence, told, hear } = open()
  sequence.hold()
  hear(1, 2, 7, 9)
  sequence.release({ last_seq: 7, gap: true })
  assert.deepEqual([told, sequence.last], [[9], 9])
  hear(12)
  assert.deepEqual(told, [9, 12])
})

test('after a reconnection what was missed comes before what came first, each once', () => {
  const { sequence, told, hear } = open(4)
  sequence.hold()
  hear(9, 5, 7, 9, 10)
  assert.deepEqual([told, sequence.last], [[], 4])
  sequence.release({ last_seq: 9, gap: false })
  assert.deepEqual([told, sequence.last], [[5, 7, 9, 10], 10])
})

test('a connection that is lost while it catches up has told nothing, and the next one begins there again', () => {
  const { sequence, told, hear } = open(4)
  sequence.hold()
  hear(5, 6)
  sequence.hold()
  hear(5, 6, 8)
  sequence.release({ last_seq: 8, gap: false })
  assert.deepEqual(told, [5, 6, 8])
})

test('what was sent for nobody here is not asked for again', () => {
  const { sequence, told } = open(4)
  sequence.hold()
  sequence.release({ last_seq: 90, gap: false })
  assert.deepEqual([told, sequence.last], [[], 90])
})

test('a gap is told before what follows it, also when the server was set back to an older state', () => {
  const gone = open(4)
  gone.sequence.hold()
  gone.hear(90)
  gone.sequence.release({ last_seq: 90, gap: true })
  assert.deepEqual(gone.told, ['gap', 90])
  const back = open(500)
  back.sequence.hold()
  back.hear(301)
  back.sequence.release({ last_seq: 500, gap: false })
  back.hear(302)
  assert.deepEqual([back.told, back.sequence.last], [['gap', 301, 302], 302])
  const later = open(500)
  later.sequence.hold()
  later.sequence.release({ last_seq: 500, gap: false })
  later.hear(301, 302)
  assert.deepEqual([later.told, later.sequence.last], [['gap', 301, 302], 302])
})

test('more than can be held back is a gap, not memory', () => {
  const { sequence, told, hear } = open(0)
  sequence.hold()
  hear(...Array.from({ length: 20_001 }, (_, index) => index + 1))
  sequence.release({ last_seq: 20_001, gap: false })
  assert.deepEqual([told.length, told[0], told[1], told.at(-1)], [20_001, 'gap', 1, 20_000])
  assert.equal(sequence.last, 20_001)
})
