import assert from 'node:assert/strict'
import { test } from 'node:test'
import { published } from './published.ts'

test('the dates of RSS become those that can be compared, whatever their zone', () => {
  const table = {
    'Sun, 22 Nov 2026 10:00:00 GMT': '2026-11-22T10:00:00.000Z',
    ' sun, 22 nov 2026 10:00:00 gmt ': '2026-11-22T10:00:00.000Z',
    '22 Nov 2026 10:00 +0130': '2026-11-22T08:30:00.000Z',
    'Sun, 22 Nov 26 23:59:59 EST': '2026-11-23T04:59:59.000Z',
    'Sun, 2 Nov 2026 9:00 UT': '2026-11-02T09:00:00.000Z',
  }
  for (const [said, iso] of Object.entries(table)) assert.equal(published(said), iso)
})

test('what is no such date stays as it is told, without a guess', () => {
  for (const said of [
    '2026-11-22T10:00:00Z',
    '2026-11-22',
    'Sun, 22 Nov 2026 10:00:00',
    'Sun, 22 Nov 2026 10:00:00 CET',
    'Sun, 99 Nov 2026 10:00:00 GMT',
    'Sun, 22 Nix 2026 10:00:00 GMT',
    'entry 5',
    '',
  ])
    assert.equal(published(said), said)
})
