import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { toWav } from '../../server/domains/speech/audio/wav.ts'
import { said } from '../../server/domains/speech/wake/rig.ts'
import { openOffice } from '../rig.ts'

test('three recordings teach a phrase that wakes, the status shows it, and undo takes it back', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const paios = (...words: string[]) => desk.paios(['voice', ...words], { piped: '' })
  await desk.paios(['passkey', 'add'])
  const files: string[] = []
  for (const speech_rate of [1, 0.9, 1.12]) {
    const file = join(desk.folder, `${speech_rate}.wav`)
    writeFileSync(file, toWav(await said('Good evening, otter.', 'slt', { speech_rate }), 16_000))
    files.push(file)
  }
  const [one = '', two = ''] = files
  for (const [given, exit, why] of [
    [[one, two], 2, /from 3 to 5 recordings/],
    [[one, two, one, two, one, two], 2, /from 3 to 5 recordings/],
    [[one, two, '-'], 2, /Give files/],
    [[one, two, join(desk.folder, 'none.wav')], 2, /There is no file/],
  ] as const) {
    const { exit: ended, stderr } = await paios('wake-phrase', 'otter', ...given)
    assert.deepEqual([ended, why.test(stderr)], [exit, true], stderr)
  }
  const { stdout, stderr } = await paios('wake-phrase', 'otter', ...files)
  assert.equal(stderr, '')
  assert.match(stdout, /^Learnt: otter wakes, with your voice and beside the wake words\.\n/)
  assert.match(
    stdout,
    /\nTried on what it has not learnt: heard \d of 9 times; other speech of \d+ s woke it 0 times\.\n/,
  )
  assert.match((await paios()).stdout, /\nRecorded to wake: otter\n/)
  const [, id = ''] = /Take it back with: paios undo ([0-9a-f]{8})\n$/.exec(stdout) ?? []
  const undone = await desk.paios(['undo', id, '--yes'], { piped: '' })
  assert.match(undone.stdout, /^Undone: Learnt the wake phrase “otter” from 3 recordings\./, undone.stderr)
  assert.doesNotMatch((await paios()).stdout, /otter/)
})
