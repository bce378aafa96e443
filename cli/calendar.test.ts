import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openOffice } from './rig.ts'

const ICS = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:1@example.org',
  'DTSTAMP:20261101T000000Z',
  'DTSTART:20261124T090000Z',
  'DTEND:20261124T100000Z',
  'SUMMARY:Zahnärztin',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n')

async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  const file = join(desk.folder, 'in.ics')
  writeFileSync(file, ICS)
  const calendar = (words: string[], given = {}) => desk.paios(['calendar', ...words], given)
  return { desk, file, calendar, clock: server.clock }
}

test('a calendar file is brought in and taken out again, and twice doubles nothing', async (t) => {
  const { desk, file, calendar, clock } = await open(t)
  const first = await calendar(['import', file])
  assert.deepEqual([first.exit, first.stderr], [0, ''])
  assert.match(first.stdout, /^Imported 1 event: Zahnärztin on Tuesday at \d\d:00\.\n$/u)
  clock.advance(1_000)
  assert.equal((await calendar(['import', '-'], { piped: ICS })).exit, 0)
  const to = join(desk.folder, 'out.ics')
  const { stdout } = await calendar(['export', '--to', to])
  assert.equal(stdout, `Here is your calendar with 1 event and 0 reminders. It is in ${to}.\n`)
  const written = readFileSync(to, 'utf8')
  assert.equal(written.match(/SUMMARY:Zahnärztin\r\n/gu)?.length, 1)
  assert.equal((await calendar(['export'], { piped: '' })).stdout, written)
  assert.deepEqual(JSON.parse((await calendar(['export', '--json'])).stdout), { ics: written })
})

test('what is no calendar, is not there or would be written over is refused', async (t) => {
  const { desk, file, calendar } = await open(t)
  const wrong = join(desk.folder, 'wrong.ics')
  writeFileSync(wrong, 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR')
  const damaged = await calendar(['import', wrong])
  assert.deepEqual([damaged.exit, damaged.stderr], [1, 'paios: This calendar file is damaged.\n'])
  for (const [words, piped] of [
    [['import', '/nowhere.ics'], ''],
    [['import', '-'], ' \n'],
    [['export', '--to', file], ''],
    [['import'], ''],
  ] as const)
    assert.equal((await calendar([...words], { piped })).exit, 2, words.join(' '))
  assert.equal(readFileSync(file, 'utf8'), ICS)
  const nowhere = join(desk.folder, 'none', 'out.ics')
  assert.equal((await calendar(['export', '--to', nowhere])).exit, 1)
  assert.equal(existsSync(nowhere), false)
  await desk.paios(['logout'])
  assert.equal((await calendar(['import', file])).exit, 4)
})
