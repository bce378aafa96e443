import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../../skill.ts'
import { queryJson } from './query.ts'

const STORE = {
  books: [
    { title: 'A', price: 8, tags: ['x'] },
    { title: 'B', price: 12 },
    { title: 'C', price: 9, isbn: '1' },
  ],
  bike: { price: 20 },
}
const found = async (path: string, document: unknown = STORE) => (await queryJson(document, path)).matches

test('a path leads to its values, in a value as in its JSON', async () => {
  for (const [path, values] of [
    ['$.books[0].title', ['A']],
    ['$.books[-1].title', ['C']],
    ['$.books[*].title', ['A', 'B', 'C']],
    ['$.books[0,2].price', [8, 9]],
    ['$.books[:2].price', [8, 12]],
    ['$..price', [8, 12, 9, 20]],
    ['$.books[?@.price < 10].title', ['A', 'C']],
    ['$.books[?@.isbn].title', ['C']],
    ['$.books[?length(@.title) == 1 && !@.isbn].title', ['A', 'B']],
    ['$.books[?count(@.tags[*]) > 0].title', ['A']],
    ['$.nothing', []],
    ['$', [STORE]],
  ] as const) {
    assert.deepEqual(await found(path), values, path)
    assert.deepEqual(await found(path, JSON.stringify(STORE)), values, path)
  }
})

test('malformed paths and documents are refused, and so are patterns', async () => {
  for (const path of [
    '',
    'books',
    '$.',
    '$[',
    '$[?',
    "$[?match(@.a,'a')]",
    "$[?search(@.a,'(a+)+$')]",
    '$[1e999]',
  ])
    await assert.rejects(found(path), ActionError, path)
  for (const json of ['', '{', 'undefined', "{'a':1}", 'NaN'])
    await assert.rejects(found('$', json), ActionError, json)
})

test('a path that would be at it for days is refused before it begins', async () => {
  const list = Array.from({ length: 3_000 }, (_, at) => ({ at }))
  for (const path of [
    '$[?$..[?$..at]]',
    `$..a${'[*,*,*,*,*,*,*,*,*,*]'.repeat(8)}`,
    `$${'[0,0]'.repeat(40)}`,
    '$..[?@..[?@..[?$..at]]]',
  ])
    await assert.rejects(found(path, list), /too many values/, path)
  assert.equal((await found('$..at', list)).length, 1_000)
})

test('what people ask of a large document is followed, and what is too much work is refused', async () => {
  const items = Array.from({ length: 8_000 }, (_, id) => {
    return { id, name: `n${id}`, price: id % 100, stock: id % 3, tags: ['a'], at: { city: 'x' } }
  })
  const document = { items, wanted: 7, limit: 1 }
  for (const [path, count] of [
    ['$.items[7999].name', 1],
    ['$.items[-5:].name', 5],
    ['$.items[?@.price < 10 && @.stock > 0].name', 533],
    ['$.items[?@.id == $.wanted].name', 1],
    ['$..items[?@.price < $.limit]', 80],
    ['$..[?@.city].missing', 0],
    ['$.items[?@.tags[0] == "b" || (@.price == 3 && @.stock == 2) || @.at.city == "y"]', 26],
    ['$.items[?count(@.tags[*]) > 1]', 0],
  ] as const)
    assert.equal((await found(path, document)).length, count, path)
  for (const path of ['$..*..*', '$.items[?$.items[*].id]', '$.items[?$.items == $.wanted]', '$..[?@..x]'])
    await assert.rejects(found(path, document), /too many values/, path)
})

const twins = (length: number) => ({ a: { b: ['y', 'z'].map((end) => 'x'.repeat(length) + end) } })

test('long texts count by their length where they are compared', async () => {
  const path = `$${["'a'", "'b'"].map((name) => `[${Array.from({ length: 80 }, () => name).join()}]`).join('')}[?@ == $.a.b[1]].c`
  assert.deepEqual(await found(path, twins(10)), [])
  await assert.rejects(found(path, twins(400_000)), /too many values/)
})

test('a filter that finds more than the library can hand on is refused in words', async () => {
  await assert.rejects(found('$[?@[*]]', [Array.from({ length: 127_000 }, () => 0)]), /too many values/)
  assert.equal((await found('$[?@[*]]', [Array.from({ length: 50_000 }, () => 0)])).length, 1)
})

const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`

test('a document may be wide and some levels deep, and not more', async () => {
  assert.deepEqual(await found('$..[?@ == 1]', nested(60)), [1])
  await assert.rejects(found('$', nested(65)), /64 levels/)
  await assert.rejects(found('$', nested(400_000)), ActionError)
  await assert.rejects(found('$', `[${'0,'.repeat(499_999)}0]`), /500000 values/)
})

test('of many or large matches the first are handed on, and it says so', async () => {
  const many = await queryJson(
    Array.from({ length: 5_000 }, (_, at) => at),
    '$[*]',
  )
  assert.deepEqual([many.matches.length, many.truncated], [1_000, true])
  const large = await queryJson(
    Array.from({ length: 6 }, () => 'x'.repeat(200_000)),
    '$[*]',
  )
  assert.deepEqual([large.matches.length, large.truncated], [2, true])
  assert.equal((await queryJson([1], '$[*]')).truncated, false)
})

test('names that every object inherits are found only where a document has them', async () => {
  assert.deepEqual(await found('$.constructor'), [])
  assert.deepEqual(await found('$.__proto__'), [])
  assert.deepEqual(await found('$.__proto__.a', '{"__proto__":{"a":1}}'), [1])
})
