import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import Papa from 'papaparse'
import { ActionError } from '../../skill.ts'
import { aggregateRows, aggregationNamed } from './aggregate.ts'
import { chartRows } from './chart.ts'
import { readRows, rowsOf } from './read.ts'
import { columnNamed, numberIn } from './rows.ts'

const sales = 'region,sales\nnorth,120\nsouth,95\nnorth,60\neast,'

test('tables are read from CSV with any usual delimiter and from JSON', () => {
  const table = [
    { name: 'Ida', age: 34 },
    { name: 'Omar', age: 29 },
  ]
  const texts = [
    'name,age\nIda,34\nOmar,29',
    'name;age\r\nIda;34\r\nOmar;29\r\n',
    'name\tage\nIda\t34\nOmar\t29',
    '\uFEFFname|age\n\nIda|34\nOmar|29',
    ' name , age \n Ida , 34 \n"Omar","29"',
    JSON.stringify(table),
    JSON.stringify({ people: table }),
  ]
  for (const text of texts) assert.deepEqual(readRows(text), table, text)
  assert.deepEqual(readRows('{"name":"Ida"}'), [{ name: 'Ida' }])
  assert.deepEqual(rowsOf(table), table)
})

test('numbers become numbers, codes and long digits stay text, and empty cells are null', () => {
  const [row] = readRows('a,b,c,d,e,f,g\n3.50,007,-2,12345678901234567,,true,1e5')
  assert.deepEqual(row, { a: 3.5, b: '007', c: -2, d: '12345678901234567', e: null, f: true, g: '1e5' })
})

test('unnamed and repeated columns get names of their own', () => {
  assert.deepEqual(readRows('a,,a\n1,2,3'), [{ a: 1, 'column 2': 2, 'a 2': 3 }])
})

test('data that cannot be a table is refused with the place', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['   ', /no data/],
    ['a,b\n1,2,3', /Row 1 has 3 values for 2 columns/],
    ['a,b\n"1,2', /quotation mark/],
    ['[1, 2]', /Entry 1/],
    ['[{"a":1}, []]', /Entry 2/],
    ['{"a":', /JSON/],
    ['[{"__proto__": {"x": 1}}]', /Entry 1/],
    ['__proto__,b\n1,2', /__proto__/],
    [Array.from({ length: 201 }, (_, at) => `c${at}`).join(','), /200 columns/],
    [`a\n${'1\n'.repeat(10_001)}`, /10,000 rows/],
    ['x'.repeat(1_000_001), /1,000,000 characters/],
  ]
  for (const [text, message] of refused)
    assert.throws(
      () => readRows(text),
      (error) => error instanceof ActionError && message.test(error.message),
    )
  assert.throws(() => rowsOf(Array.from({ length: 10_001 }, () => ({}))), /10,000 rows/)
  assert.throws(() => readRows('name,age\nIda,34', 'json'), /JSON/)
  assert.equal(readRows(`a\n${'1\n'.repeat(10_000)}`).length, 10_000)
})

test('what is written as CSV is read back unchanged', () => {
  const value = fc.oneof(fc.integer(), fc.stringMatching(/^[a-z][a-z ,"';\n]{0,10}[a-z]$/))
  const rows = fc.array(fc.record({ id: fc.integer(), text: value }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(rows, (table) => {
      const expected = table.map(({ id, text }) => ({
        id,
        text: /^(?:true|false)$/.test(String(text)) ? text === 'true' : text,
      }))
      assert.deepEqual(readRows(Papa.unparse(table), 'csv'), expected)
    }),
  )
})

test('a column is found whatever its case, underscores and plural, and a missing one is named', () => {
  const columns = ['Unit Price', 'order_id', 'prices']
  assert.equal(columnNamed(columns, 'unit price'), 'Unit Price')
  assert.equal(columnNamed(columns, 'order id'), 'order_id')
  assert.equal(columnNamed(columns, 'the price'), 'prices')
  assert.throws(() => columnNamed(columns, 'cost'), { message: /"cost".*Unit Price, order_id and prices/ })
  assert.throws(() => columnNamed([], 'cost'), /none/)
})

test('cells that spell a number count as one', () => {
  const numbers: readonly (readonly [unknown, number | undefined])[] = [
    [7, 7],
    ['7', 7],
    ['1,234.50', 1234.5],
    ['$5', 5],
    ['12 €', 12],
    ['15%', 15],
    ['-3', -3],
    ['', undefined],
    ['seven', undefined],
    ['1,23,4', undefined],
    [null, undefined],
    [true, undefined],
    [Number.NaN, undefined],
  ]
  for (const [cell, number] of numbers) assert.equal(numberIn(cell), number, String(cell))
})

test('a column is summed up over all rows and for each group', () => {
  const rows = readRows(sales)
  const results = { sum: 275, average: 275 / 3, median: 95, min: 60, max: 120, count: 3 }
  for (const [name, value] of Object.entries(results)) {
    const found = aggregateRows(rows, { column: 'sales', function: aggregationNamed(name) ?? 'count' }).value
    assert.ok(Math.abs(found - value) < 1e-9, name)
  }
  assert.deepEqual(aggregateRows(rows, { column: 'Sales', by: 'region', function: 'sum' }).groups, [
    { group: 'north', value: 180, count: 2 },
    { group: 'south', value: 95, count: 1 },
  ])
})

test('an aggregation is known by its usual names, whatever their case', () => {
  const names: readonly (readonly [string, string | undefined])[] = [
    ['Sum', 'sum'],
    ['add up', 'sum'],
    ['mean', 'average'],
    ['lowest', 'min'],
    ['variance', undefined],
    ['constructor', undefined],
  ]
  for (const [name, aggregation] of names) assert.equal(aggregationNamed(name), aggregation, name)
})

test('decimals are summed as people sum them', () => {
  const rows = [{ price: 0.1 }, { price: 0.2 }, { price: '1e16' }, { price: 0.3 }, { price: '-1e16' }]
  assert.equal(aggregateRows(rows, { column: 'price', function: 'sum' }).value, 0.6)
  assert.equal(aggregateRows(rows.slice(0, 2), { column: 'price', function: 'average' }).value, 0.15)
})

test('a column without numbers or that does not exist cannot be summed or drawn', () => {
  const rows = readRows(sales)
  assert.throws(() => aggregateRows(rows, { column: 'region', function: 'sum' }), /no numbers/)
  assert.throws(() => aggregateRows(rows, { column: 'profit', function: 'sum' }), /"profit"/)
  assert.throws(() => aggregateRows(rows, { column: 'sales', by: 'shop', function: 'sum' }), /"shop"/)
  assert.throws(() => chartRows(rows, { x: 'sales', y: 'region' }), /no numbers/)
  assert.throws(() => chartRows([], { x: 'a', y: 'b' }), /none/)
})

test('a chart has a point for every row with a number, bars for words and a line for dates', () => {
  const bars = chartRows(readRows(sales), { x: 'Region', y: 'sales' })
  assert.deepEqual(
    bars.points.map(({ y }) => y),
    [120, 95, 60],
  )
  assert.deepEqual([bars.kind, bars.skipped], ['bar', 1])
  assert.equal(
    chartRows(readRows('date,kg\n2026-01-01,81\n2026-02-01,79.5'), { x: 'date', y: 'kg' }).kind,
    'line',
  )
  assert.equal(chartRows([{ x: 1, y: '2' }], { x: 'x', y: 'y' }).kind, 'line')
})
