import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defined, step } from '../rig.ts'
import { VERSIONS_MAX, openWhen } from './when.ts'

const definition = (cron: string): string =>
  JSON.stringify(defined({ trigger: { type: 'schedule', conditions: { cron } }, steps: [step('a')] }))

test('each version is read once, and the oldest again when there are too many', () => {
  const read: number[] = []
  const whenOf = openWhen((version) => {
    read.push(version)
    return version === 7 ? undefined : definition('0 8 * * *')
  })
  for (const version of [1, 2, 1, 2, 7, 7]) whenOf(version)
  assert.deepEqual(read, [1, 2, 7])
  assert.deepEqual([whenOf(1), whenOf(7)], [['morning', 'daily'], []])
  for (let version = 10; version < 10 + VERSIONS_MAX; version += 1) whenOf(version)
  read.length = 0
  whenOf(9 + VERSIONS_MAX)
  whenOf(1)
  assert.deepEqual(read, [1])
})
