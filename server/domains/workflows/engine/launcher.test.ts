import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { openLauncher } from './launcher.ts'

test('what takes long begins one after the other, with a turn for others in between, whoever asks for it', async () => {
  let now = 0
  const launch = openLauncher({ elapsed: () => now })
  const said: string[] = []
  const slow = (name: string) => (): void => {
    now += 40
    said.push(name)
  }
  for (const name of ['a', 'b', 'c']) launch(slow(name))
  assert.deepEqual(said, ['a'])
  for (const wanted of [
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]) {
    await nextTurn()
    assert.deepEqual(said, wanted)
  }
  launch(slow('d'))
  assert.deepEqual(said, ['a', 'b', 'c', 'd'])
})
