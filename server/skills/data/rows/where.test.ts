import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ActionError } from '../../skill.ts'
import { columnsOf } from './rows.ts'
import type { Row } from './rows.ts'
import { testOf } from './where.ts'

const people: Row[] = [
  { name: 'Ida', age: 34, city: 'Berlin', 'last visit': '2026-01-05' },
  { name: 'Omar', age: 29, city: 'Rome', 'last visit': '2026-03-20' },
  { name: 'Lu', age: '41', city: 'berlin', 'last visit': '2025-12-31' },
  { name: 'Tom and Jerry', age: null, city: 'New York', 'last visit': '' },
]

function names(where: string | Row): string {
  return people
    .filter(testOf(where, columnsOf(people)))
    .map((row) => String(row['name']).slice(0, 3))
    .join(' ')
}

test('conditions keep the rows that meet them', () => {
  const kept: readonly (readonly [string | Row, string])[] = [
    ['age > 30', 'Ida Lu'],
    ['age >= 34', 'Ida Lu'],
    ['age<34', 'Oma'],
    ['age = 34.0', 'Ida'],
    ['age != 34', 'Oma Lu Tom'],
    ['age > 30 and city = Berlin', 'Ida Lu'],
    ['city is rome or age over 40', 'Oma Lu'],
    ['age > 30 or city = Rome and age < 20', 'Ida Lu'],
    ['(age > 30 or city = Rome) and age < 35', 'Ida Oma'],
    ['not (age < 30)', 'Ida Lu Tom'],
    ['not age < 30 and city = Berlin', 'Ida Lu'],
    ['name = Tom and Jerry', 'Tom'],
    ['name = Tom and Jerry and city = New York', 'Tom'],
    ['name is "Tom and Jerry" or name is Ida', 'Ida Tom'],
    ['age between 29 and 34', 'Ida Oma'],
    ['age between 29 and 34 and city = Rome', 'Oma'],
    ['city contains york', 'Tom'],
    ["name starts with 'i'", 'Ida'],
    ['name ends with r', 'Oma'],
    ['age is empty', 'Tom'],
    ['age is not empty and city is not Berlin', 'Oma'],
    ['ages at least 34', 'Ida Lu'],
    ['where the age is at most 34', 'Ida Oma'],
    ['age is greater than or equal to 41', 'Lu'],
    ['age is less than 30', 'Oma'],
    ['last visit > 2026-01-01', 'Ida Oma'],
    ['last_visit before 2026-01-01', 'Lu'],
    ['city == "Berlin" && age > 40', 'Lu'],
    ['city = Paris', ''],
    ['name > 5', ''],
    [{ city: 'Berlin', age: 34 }, 'Ida'],
    [{ AGE: '41' }, 'Lu'],
    [{ age: null }, 'Tom'],
    [{}, 'Ida Oma Lu Tom'],
  ]
  for (const [where, wanted] of kept) assert.equal(names(where), wanted, JSON.stringify(where))
})

test('conditions that cannot be read are refused with the place', () => {
  const refused: readonly (readonly [string | Row, RegExp])[] = [
    ['', /column/],
    ['age', /too early/],
    ['age >', /too early/],
    ['(age > 3', /too early/],
    ['age > 3)', /at "\)"/],
    ['age > 3 and', /column|early/],
    ['shoe size = 3', /"shoe"/],
    ['age between 3', /too early/],
    ['age roughly 3', /"roughly 3"/],
    ['constructor = 3', /"constructor"/],
    ['process.exit()', /"process.exit"/],
    [{ shoe: 3 }, /"shoe"/],
    ['x'.repeat(1001), /1,000 characters/],
    [`${'('.repeat(30)}age > 3${')'.repeat(30)}`, /deeply/],
  ]
  for (const [where, message] of refused)
    assert.throws(
      () => names(where),
      (error) => error instanceof ActionError && message.test(error.message),
    )
})

test('a comparison and its negation part the rows', () => {
  const rows = fc.array(
    fc.record({ n: fc.option(fc.integer({ min: -5, max: 5 })), s: fc.string({ maxLength: 3 }) }),
  )
  const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=')
  fc.assert(
    fc.property(rows, operator, fc.integer({ min: -5, max: 5 }), (table, sign, value) => {
      const kept = table.filter(testOf(`n ${sign} ${value}`, ['n', 's']))
      const rest = table.filter(testOf(`not n ${sign} ${value}`, ['n', 's']))
      assert.equal(kept.length + rest.length, table.length)
      assert.deepEqual(new Set([...kept, ...rest]), new Set(table))
    }),
  )
})
