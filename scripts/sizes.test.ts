import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureSizes } from './sizes.ts'
import type { Source } from './source.ts'

/** A file of so many lines. */
function file(path: string, lines: number): Source {
  return { path, text: 'x\n'.repeat(lines) }
}

const short = Array.from({ length: 10 }, (_, at) => file(`server/short-${at}.ts`, 50))

test('a file may have 400 lines and not one more', () => {
  assert.deepEqual(measureSizes([...short, file('server/long.ts', 400)]).problems, [])
  assert.deepEqual(measureSizes([...short, file('server/long.ts', 401)]).problems, [
    'server/long.ts: 401 lines, or a name that says nothing',
  ])
})

test('half of the files may have 100 lines, and nine in ten 250', () => {
  assert.deepEqual(measureSizes([file('a.ts', 100), file('b.ts', 100), file('c.ts', 101)]).problems, [])
  assert.deepEqual(measureSizes([file('a.ts', 1), file('b.ts', 101), file('c.ts', 101)]).problems, [
    'half of the files are longer than 100 lines: 101',
  ])
  const long = Array.from({ length: 3 }, (_, at) => file(`server/long-${at}.ts`, 251))
  assert.deepEqual(measureSizes([...short, ...long]).problems, [
    'one file in ten is longer than 250 lines: 251',
  ])
})

test('a name that says nothing is refused at any length, and one that contains such a word is not', () => {
  for (const name of ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager'])
    assert.equal(measureSizes([file(`server/${name}.ts`, 1)]).problems.length, 1, name)
  for (const name of ['utility', 'window-manager', 'commons'])
    assert.deepEqual(measureSizes([file(`server/${name}.ts`, 1)]).problems, [], name)
})

test('tests and benches are no source: they may be long, and only tests count as tests', () => {
  const long = ['server/a.test.ts', 'test/a.ts', 'server/rig.ts', 'bench/a.ts', 'README.md']
  const { problems, figures } = measureSizes([
    file('server/a.ts', 100),
    ...long.map((path) => file(path, 500)),
  ])
  assert.deepEqual(problems, [])
  assert.equal(figures, '100 lines, median 100, p90 100; 15.00 lines of tests a line')
})
