import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../../../test/clock.ts'
import { overlaps } from '../pinned.ts'
import { NODE, layOut } from './index.ts'
import type { Point } from './index.ts'
import { crossings, inOrder } from './order.ts'
import { ranksOf, toArrows, withoutCircles } from './rank.ts'

type Edge = readonly [string, string]

const names = (count: number, prefix = 'n') =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

/** Numbers below a bound, the same for the same seed. */
function dice(seed: number): (below: number) => number {
  const random = seededRandom(seed)
  return (below) => ((random(2)[0] ?? 0) * 256 + (random(2)[1] ?? 0)) % below
}

function someEdges(nodes: readonly string[], count: number, seed: number): Edge[] {
  const roll = dice(seed)
  return Array.from({ length: count }, () => {
    const [a, b] = [roll(nodes.length), roll(nodes.length)]
    return [nodes[a] ?? '', nodes[b] ?? ''] as const
  })
}

function findOverlaps(places: ReadonlyMap<string, Point>): string[] {
  const all = [...places]
  return all.flatMap(([id, at], index) =>
    all.slice(index + 1).flatMap(([other, there]) => (overlaps(at, there) ? [`${id} ${other}`] : [])),
  )
}

test('a chain goes from left to right in one row', () => {
  assert.deepEqual(
    [
      ...layOut(
        ['c', 'a', 'b'],
        [
          ['a', 'b'],
          ['b', 'c'],
        ],
      ),
    ],
    [
      ['c', { x: 560, y: 0 }],
      ['a', { x: 0, y: 0 }],
      ['b', { x: 280, y: 0 }],
    ],
  )
})

test('what joins two is between them, and what nothing joins stands in a grid of its own', () => {
  const places = layOut(
    ['a', 'b', 'c', 'd', 'e'],
    [
      ['a', 'c'],
      ['b', 'c'],
    ],
  )
  assert.deepEqual(
    [places.get('a'), places.get('b'), places.get('c')],
    [
      { x: 0, y: 0 },
      { x: 0, y: 84 },
      { x: 280, y: 42 },
    ],
  )
  const [d, e] = [places.get('d'), places.get('e')]
  assert.ok(d !== undefined && e !== undefined && (d.y > 140 || d.x > 460), JSON.stringify(d))
  assert.notDeepEqual(d, e)
})

test('circles, loops, repetitions and arrows to nowhere lay out like any other', () => {
  const nodes = names(3)
  const circle: Edge[] = [
    ['n0', 'n1'],
    ['n1', 'n2'],
    ['n2', 'n0'],
    ['n1', 'n1'],
    ['n0', 'n1'],
    ['n0', 'gone'],
    ['gone', 'n2'],
  ]
  assert.deepEqual(
    layOut(nodes, circle),
    layOut(nodes, [
      ['n0', 'n1'],
      ['n1', 'n2'],
      ['n0', 'n2'],
    ]),
  )
  assert.deepEqual([...layOut([], [])], [])
  assert.deepEqual([...layOut(['only'], [['only', 'only']])], [['only', { x: 0, y: 0 }]])
})

test('every arrow but those turned around leads to the right, in graphs of any form', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const count = 2 + (seed % 12)
    const edges = someEdges(names(count), count * 2, seed).map(
      ([a, b]) => [Number(a.slice(1)), Number(b.slice(1))] as const,
    )
    const arrows = withoutCircles(toArrows(count, edges))
    const ranks = ranksOf(arrows)
    for (const [from, following] of arrows.after.entries())
      for (const to of following)
        assert.ok((ranks[from] ?? 0) < (ranks[to] ?? 0), `seed ${seed}: ${from} ${to}`)
    assert.equal(Math.min(...ranks), 0)
  }
})

test('the same graph has the same places, in whatever order its arrows come', () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const nodes = names(40)
    const edges = someEdges(nodes, 70, seed)
    assert.deepEqual(layOut(nodes, edges.toReversed()), layOut(nodes, edges))
    assert.deepEqual(layOut(nodes, [...edges, ...edges]), layOut(nodes, edges))
  }
})

test('no two nodes overlap and none is lost, up to 500 of them', () => {
  for (const [count, arrows] of [
    [1, 0],
    [2, 9],
    [30, 20],
    [200, 500],
    [500, 900],
    [500, 0],
  ] as const) {
    const nodes = names(count)
    const places = layOut(nodes, someEdges(nodes, arrows, count))
    assert.equal(places.size, count)
    assert.deepEqual(findOverlaps(places), [], `${count} nodes, ${arrows} arrows`)
    for (const { x, y } of places.values())
      assert.ok(Number.isInteger(x) && Number.isInteger(y) && x >= 0 && y >= 0)
  }
})

test('two hundred nodes around one make no tower: the picture is at most four times as high as wide', () => {
  const nodes = names(200)
  for (const edges of [
    nodes.map((id) => [id, 'hub'] as const),
    nodes.map((id) => ['hub', id] as const),
    [],
  ]) {
    const at = [...layOut([...nodes, 'hub'], edges).values()]
    const [width, height] = [
      Math.max(...at.map(({ x }) => x)) + NODE.width,
      Math.max(...at.map(({ y }) => y)) + NODE.height,
    ]
    assert.ok(height <= 4 * width && width <= 4 * height, `${width} x ${height}`)
  }
})

test('two hundred agents that all hand on to each other are a picture and no ribbon', () => {
  const nodes = names(200)
  const places = layOut(nodes, someEdges(nodes, 450, 3))
  const [width, height] = [
    Math.max(...[...places.values()].map(({ x }) => x)) + NODE.width,
    Math.max(...[...places.values()].map(({ y }) => y)) + NODE.height,
  ]
  assert.ok(width <= 4 * height && height <= 2 * width, `${width} x ${height}`)
  assert.deepEqual(findOverlaps(places), [])
})

test('a long chain stays a chain', () => {
  const nodes = names(40)
  const edges = nodes.slice(1).map((id, index) => [nodes[index] ?? '', id] as const)
  assert.deepEqual(
    [...layOut(nodes, edges).values()],
    nodes.map((_, index) => ({ x: index * 280, y: 0 })),
  )
})

test('arrows that need not cross do not, and of the others fewer do than by chance', () => {
  // A ladder written down crosswise: only an order that looks at the arrows undoes it.
  const tangled = toArrows(12, [
    [0, 11],
    [1, 10],
    [2, 9],
    [3, 8],
    [4, 7],
    [5, 6],
  ])
  const ladder = inOrder(tangled, ranksOf(tangled))
  assert.equal(crossings(ladder.columns, ladder.right), 0)
  for (let seed = 1; seed <= 10; seed += 1) {
    const edges = someEdges(names(60), 90, seed).map(
      ([a, b]) => [Number(a.slice(1)), Number(b.slice(1))] as const,
    )
    const arrows = withoutCircles(toArrows(60, edges))
    const { columns, right } = inOrder(arrows, ranksOf(arrows))
    const untouched = columns.map((column) => column.toSorted((a, b) => a - b))
    assert.ok(crossings(columns, right) < crossings(untouched, right) * 0.7, `seed ${seed}`)
  }
})
