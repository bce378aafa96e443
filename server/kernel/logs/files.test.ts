import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { START, temporaryFolder } from '../rig.ts'
import { logFolder, logPath, openLogFiles } from './files.ts'
import type { LogBounds } from './files.ts'

function open(t: TestContext, bounds: Partial<LogBounds> = {}) {
  const folder = logFolder(temporaryFolder(t))
  const clock = fakeClock(START)
  const disk = { full: false, torn: '' }
  const append = async (path: string, text: string): Promise<void> => {
    if (disk.torn !== '') await appendFile(path, disk.torn)
    if (disk.full) throw Object.assign(new Error('No space is left.'), { code: 'ENOSPC' })
    await appendFile(path, text)
  }
  const start = () => openLogFiles(folder, clock, bounds, append)
  const names = () => readdirSync(folder).toSorted()
  const all = () =>
    names()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('')
  return { folder, clock, disk, start, names, all, files: start() }
}

/** So many days ago. */
const day = (days: number) => new Date(START - days * 86_400_000)

test('lines are in the file in their order, and another process goes on after them', async (t) => {
  const { files, start, names, all, folder } = open(t)
  for (const line of ['one', 'two', 'three']) files.write(line)
  await files.flush()
  const next = start()
  next.write('four')
  await next.flush()
  assert.equal(all(), 'one\ntwo\nthree\nfour\n')
  assert.deepEqual(names(), ['paios-00000001.jsonl'])
  assert.equal(statSync(folder).mode & 0o777, 0o700)
})

test('nobody but the owner of the process can read the log', async (t) => {
  const folder = logFolder(temporaryFolder(t))
  const files = openLogFiles(folder, fakeClock(START))
  files.write('one')
  await files.flush()
  assert.equal(statSync(logPath(folder, 1)).mode & 0o777, 0o600)
})

test('a full file is followed by the next one, and only so many are kept', async (t) => {
  const { files, names, all } = open(t, { file_bytes_max: 100, files_max: 3 })
  for (let n = 10; n < 90; n += 1) {
    files.write(`${n}`.padEnd(49, '.'))
    await files.flush()
  }
  assert.deepEqual(names(), ['paios-00000038.jsonl', 'paios-00000039.jsonl', 'paios-00000040.jsonl'])
  assert.deepEqual(all().match(/^\d\d/gm), ['84', '85', '86', '87', '88', '89'])
})

test('files that nothing was written to for longer than they are kept go, and the newest stays', async (t) => {
  const { folder, files, clock, names } = open(t)
  mkdirSync(folder)
  for (const number of [1, 2, 3]) appendFileSync(logPath(folder, number), 'x\n')
  utimesSync(logPath(folder, 1), day(31), day(31))
  utimesSync(logPath(folder, 2), day(9), day(9))
  utimesSync(logPath(folder, 3), day(99), day(99))
  files.write('one')
  await files.flush()
  assert.deepEqual(names(), ['paios-00000002.jsonl', 'paios-00000003.jsonl'])
  files.retain(8)
  clock.advance(0)
  await files.flush()
  assert.deepEqual(names(), ['paios-00000003.jsonl'])
})

test('a crash in the middle of a line spoils that line and no other', async (t) => {
  const { folder, start, all } = open(t)
  mkdirSync(folder)
  appendFileSync(logPath(folder, 1), 'whole\n{"ha')
  const files = start()
  files.write('next')
  await files.flush()
  assert.equal(all(), 'whole\n{"ha\nnext\n')
})

test('a full disk loses lines, counts them, and says so once there is room', async (t) => {
  const { files, disk, clock, all } = open(t)
  disk.full = true
  disk.torn = '{"to'
  files.write('one')
  files.write('two')
  await files.flush()
  Object.assign(disk, { full: false, torn: '' })
  files.write('three')
  assert.equal(files.lost, 2)
  clock.advance(1_000)
  await files.flush()
  const [torn, told, three, end] = all().split('\n')
  assert.deepEqual([torn, three, end, files.lost], ['{"to', 'three', '', 2])
  assert.equal(
    told,
    `{"time":"2026-11-22T10:00:01.000Z","level":"warn","message":"lines of the log were lost","source":"log","lines":2}`,
  )
})

test('a disk that takes nothing is tried once a second, not with every line', async (t) => {
  const { files, disk, clock } = open(t)
  let tries = 0
  Object.defineProperty(disk, 'torn', { get: () => ((tries += 1), '') })
  disk.full = true
  for (let n = 0; n < 100; n += 1) {
    files.write('x')
    await files.flush()
  }
  assert.equal(tries, 1)
  clock.advance(1_000)
  await files.flush()
  assert.deepEqual([tries, files.lost], [2, 100])
})

test('lines that come faster than they are written are lost beyond a bound', async (t) => {
  const { files, all } = open(t, { waiting_bytes_max: 100 })
  for (let n = 0; n < 50; n += 1) files.write('123456789')
  assert.equal(files.lost, 40)
  await files.flush()
  assert.equal(
    all()
      .split('\n')
      .filter((line) => line === '123456789').length,
    10,
  )
})

test('a line stays one line whatever is in it, and a folder that was removed is made again', async (t) => {
  const { files, folder, clock, all } = open(t)
  files.write('a\nb\r\nc')
  await files.flush()
  assert.equal(all(), 'a b c\n')
  rmSync(folder, { recursive: true })
  files.write('lost')
  await files.flush()
  clock.advance(1_000)
  files.write('kept')
  await files.flush()
  assert.match(all(), /"lines":1\}\nkept\n$/)
})
