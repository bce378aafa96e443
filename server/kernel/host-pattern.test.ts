import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHostOf } from './host-pattern.ts'

test('a pattern means itself, what is below it, or everything, in whatever case it is written', () => {
  const rows: [pattern: string, hostname: string, means: boolean][] = [
    ['example.org', 'example.org', true],
    ['Example.ORG', 'example.org', true],
    ['example.org', 'www.example.org', false],
    ['example.org', 'notexample.org', false],
    ['*.Example.org', 'a.b.example.org', true],
    ['*.example.org', 'example.org', false],
    ['*.example.org', 'evilexample.org', false],
    ['*.example.org', 'a.example.org.evil', false],
    ['*example.org', 'evilexample.org', false],
    ['*', 'anything.example', true],
    ['', 'example.org', false],
  ]
  for (const [pattern, hostname, means] of rows)
    assert.equal(isHostOf(pattern, hostname), means, `${pattern} ${hostname}`)
})
