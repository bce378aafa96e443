import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { jsonpath } from 'json-p3'
import type { JSONValue } from 'json-p3'
import { costOf } from './cost.ts'
import type { Extent } from './cost.ts'

const environment = new jsonpath.JSONPathEnvironment({ maxRecursionDepth: 100 })
const cost = (path: string, extent: Extent) => costOf(jsonpath, environment.compile(path), extent)

/** How often a query looks into a document, whatever for. */
function looksOf(path: string, document: JSONValue): number {
  let looks = 0
  const watched = (value: unknown): unknown =>
    typeof value !== 'object' || value === null
      ? value
      : new Proxy(value, {
          get: (target, key, receiver) => {
            if (typeof key === 'string') looks += 1
            return watched(Reflect.get(target, key, receiver))
          },
          ownKeys: (target) => ((looks += 1), Reflect.ownKeys(target)),
        })
  for (const _ of environment.compile(path).lazyQuery(watched(document) as JSONValue));
  return looks
}

function extentOf(document: JSONValue): Extent {
  const below = typeof document === 'object' && document !== null ? Object.values(document) : []
  const inner = below.map(extentOf)
  return {
    values: inner.reduce((total, { values }) => total + values, 1),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    width: Math.max(below.length, ...inner.map(({ width }) => width)),
  }
}

const document = fc.letrec<{ value: JSONValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<JSONValue>(0, 1, 'x', null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  ),
})).value

const path = fc
  .letrec<Record<'segments' | 'selector' | 'filter' | 'side', string>>((tie) => ({
    segments: fc
      .array(
        fc
          .tuple(fc.constantFrom('', '..'), fc.array(tie('selector'), { minLength: 1, maxLength: 3 }))
          .map(([dots, selectors]) => `${dots}[${selectors.join(',')}]`),
        { maxLength: 3 },
      )
      .map((parts) => parts.join('')),
    selector: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom("'a'", "'b'", '0', '-1', '*', ':', '::-1', '1:', '::2'),
      tie('filter').map((filter) => `?${filter}`),
    ),
    filter: fc.oneof(
      { maxDepth: 2 },
      fc.tuple(fc.constantFrom('@', '$'), tie('segments')).map(([from, segments]) => `${from}${segments}`),
      fc.tuple(tie('side'), fc.constantFrom('==', '<', '!='), tie('side')).map((sides) => sides.join(' ')),
      fc
        .tuple(tie('filter'), fc.constantFrom('&&', '||'), tie('filter'))
        .map((sides) => `(${sides.join(' ')})`),
      tie('filter').map((filter) => `!(${filter})`),
    ),
    side: fc.oneof(
      fc.constantFrom('1', "'x'", '@', '$', '@.a', '$.a', '@[0]', '$[-1].b', 'length(@.a)'),
      fc
        .tuple(fc.constantFrom('count(@', 'count($', 'value(@'), tie('segments'))
        .map((parts) => `${parts.join('')})`),
    ),
  }))
  .segments.map((segments) => `$${segments}`)

/** The library does not take all that the standard allows. */
function isPath(text: string): boolean {
  try {
    environment.compile(text)
    return true
  } catch {
    return false
  }
}

test('no path looks at a document more often than was said beforehand', () => {
  fc.assert(
    fc.property(document, path, (value, asked) => {
      fc.pre(isPath(asked))
      const said = cost(asked, extentOf(value))
      fc.pre(said < 1_000_000)
      const looks = looksOf(asked, value)
      assert.ok(looks <= said + 10, `${asked} looks ${looks} times, not ${said}`)
    }),
    { numRuns: 1_500 },
  )
})

test('every kind of work is counted where it is most: looks grow no faster than what was said', () => {
  const chain = (levels: number): JSONValue => (levels === 0 ? 0 : [0, 0, 0, 0, chain(levels - 1)])
  const same: JSONValue = Array.from({ length: 200 }, (_, at) => at)
  const rows: [path: string, document: JSONValue][] = [
    ['$..*..*', chain(60)],
    ['$..[?@..x]', chain(60)],
    ['$..[?@ == $[1]]', chain(60)],
    [`$${'[0,0,0,0]'.repeat(4)}.x`, [[[[0]]]]],
    [`$${'[:,*,::-1]'.repeat(3)}.x`, [[[0, 1]]]],
    ['$.l[?$.x == $.y]', { l: [...same], x: same, y: [...same] }],
    ['$.l[?count($..*) > 1]', { l: [...same] }],
    ['$[?@[?@[?@ == 1]]]', [[same, same], [same]]],
    ['$[?value(@..x) == $.y]', { x: same, y: { x: same } }],
  ]
  for (const [asked, value] of rows) {
    const looks = looksOf(asked, value)
    assert.ok(looks > 100 && looks <= cost(asked, extentOf(value)), `${asked}: ${looks}`)
  }
})

test('what is followed by its name costs as little in a large document as in a small one', () => {
  for (const asked of ['$', '$.a', '$.a.b[3].c', "$['a','b'][0,1]"])
    assert.equal(
      cost(asked, { values: 500_000, depth: 5, width: 500_000 }),
      cost(asked, { values: 10, depth: 5, width: 9 }),
      asked,
    )
  assert.ok(cost('$.a.b[3].c', { values: 500_000, depth: 64, width: 9 }) < 100)
  assert.ok(cost('$.l[?@.a == $.b]', { values: 1_000, depth: 5, width: 900 }) < 50_000)
})

test('each repetition and each level multiplies what follows', () => {
  const extent = { values: 100, depth: 10, width: 90 }
  const ratio = (one: string, other: string) => cost(one, extent) / cost(other, extent)
  assert.ok(ratio('$[*,*].x', '$[*].x') === 2)
  assert.ok(ratio('$[*,*][*,*][*,*].x', '$[*][*][*].x') > 4)
  assert.ok(ratio('$..*..x', '$..x') > 9)
  assert.ok(ratio('$[?$.a == $.b]', '$[?@.a == 1]') > 5)
})
