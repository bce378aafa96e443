import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openLog } from '../log.ts'
import { START, temporaryFolder, turnsDuring } from '../rig.ts'
import { logFolder, logPath, openLogFiles } from './files.ts'
import { isLineId, readLog } from './read.ts'
import type { LogQuery } from './read.ts'

/** A log in files of at most so many bytes, a second between its lines. */
function open(t: TestContext, file_bytes_max = 4_194_304) {
  const folder = logFolder(temporaryFolder(t))
  const clock = fakeClock(START)
  const files = openLogFiles(folder, clock, { file_bytes_max })
  const log = openLog('debug', clock, (line) => files.write(line))
  const say = async (
    message: string,
    details: Record<string, unknown> = {},
    level: 'info' | 'warn' = 'info',
  ) => {
    log[level](message, details)
    await files.flush()
    clock.advance(1_000)
  }
  const read = async (query: Partial<LogQuery> = {}) => readLog(folder, { limit: 500, ...query })
  const messages = async (query: Partial<LogQuery> = {}) =>
    (await read(query)).lines.map(({ message }) => message)
  return { folder, clock, files, log, say, read, messages }
}

const raw = (time: string, message: string): string =>
  `{"time":"${time}","level":"info","message":${JSON.stringify(message)}}\n`

test('lines come newest first, with what they say and where they come from', async (t) => {
  const { say, read } = open(t)
  await say('first', { source: 'jobs', request_id: 'r-1', n: 1 }, 'warn')
  await say('second\nline')
  const { lines, has_more } = await read()
  assert.equal(has_more, false)
  assert.deepEqual(
    lines.map(({ id, ...line }) => (assert.match(id, /^1-\d+$/), line)),
    [
      {
        level: 'info',
        source: 'server',
        message: 'second\nline',
        request_id: null,
        created_at: '2026-11-22T10:00:01.000Z',
        details: {},
      },
      {
        level: 'warn',
        source: 'jobs',
        message: 'first',
        request_id: 'r-1',
        created_at: '2026-11-22T10:00:00.000Z',
        details: { n: 1 },
      },
    ],
  )
})

test('each filter leaves out what it says and nothing else', async (t) => {
  const { say, messages } = open(t)
  await say('a', { source: 'jobs', request_id: 'r-1' }, 'warn')
  await say('b', { source: 'jobs' })
  await say('c', { request_id: 'r-1' })
  assert.deepEqual(await messages({ level: 'warn' }), ['a'])
  assert.deepEqual(await messages({ level: 'error' }), [])
  assert.deepEqual(await messages({ source: 'jobs' }), ['b', 'a'])
  assert.deepEqual(await messages({ source: 'server' }), ['c'])
  assert.deepEqual(await messages({ request_id: 'r-1' }), ['c', 'a'])
  assert.deepEqual(await messages({ since: START + 1_000 }), ['c', 'b'])
  assert.deepEqual(await messages({ since: START + 2_001 }), [])
  assert.deepEqual(await messages({ source: 'jobs', request_id: 'r-1' }), ['a'])
})

test('pages follow each other over several files, without a gap and without a line twice', async (t) => {
  const { say, read } = open(t, 400)
  for (let n = 0; n < 30; n += 1) await say(`line ${n}`)
  const seen: string[] = []
  let before: string | undefined
  for (let pages = 1; ; pages += 1) {
    const { lines, has_more } = await read({ limit: 7, before })
    seen.push(...lines.map(({ message }) => message))
    before = lines.at(-1)?.id
    assert.equal(has_more, pages < 5)
    if (!has_more) break
    // What is written meanwhile is newer, and moves nothing.
    await say('newer')
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 30 }, (_, n) => `line ${29 - n}`),
  )
})

test('what is no line is left out: a half one, other text, no text, bytes that are none', async (t) => {
  const { folder, messages } = open(t)
  mkdirSync(folder)
  const time = '2026-11-22T10:00:00.000Z'
  const path = logPath(folder, 1)
  appendFileSync(path, `${raw(time, 'one')}{"time":"${time}","level":"info","mess\n\n\nhello\n`)
  appendFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
  appendFileSync(path, `{"level":"info"}\n[]\n${raw(time, '😀')}`)
  appendFileSync(path, raw(time, 'unfinished').trimEnd())
  assert.deepEqual(await messages(), ['unfinished', '😀', 'one'])
})

test('lines longer than a piece of the file, and a file without any line end, are read all the same', async (t) => {
  const { folder, messages } = open(t)
  mkdirSync(folder)
  const time = '2026-11-22T10:00:00.000Z'
  appendFileSync(logPath(folder, 1), 'x'.repeat(500_000))
  appendFileSync(logPath(folder, 2), raw(time, 'ä'.repeat(50_000)) + raw(time, 'short') + 'y'.repeat(300_000))
  assert.deepEqual(
    (await messages()).map((message) => message.length),
    [5, 50_000],
  )
})

test('a page of huge lines is a short one, and nothing is left out by that', async (t) => {
  const { folder, read } = open(t)
  mkdirSync(folder)
  const time = '2026-11-22T10:00:00.000Z'
  for (let n = 0; n < 30; n += 1) appendFileSync(logPath(folder, 1), raw(time, `${n} `.padEnd(100_000, 'x')))
  const first = await read()
  assert.deepEqual([first.lines.length, first.has_more], [10, true])
  const next = await read({ before: first.lines.at(-1)?.id })
  assert.match(next.lines[0]?.message ?? '', /^19 /)
})

test('a clock that was set back by less than an hour hides nothing', async (t) => {
  const { clock, say, messages } = open(t)
  await say('before')
  clock.jump(-3_000_000)
  await say('after')
  assert.deepEqual(await messages({ since: START }), ['before'])
  assert.deepEqual(await messages({ since: START - 3_000_000 }), ['after', 'before'])
})

test('a line that is more than an hour too old ends the search, so that it need not go through everything', async (t) => {
  const { clock, say, messages } = open(t)
  await say('behind')
  clock.jump(-3_700_000)
  await say('old')
  assert.deepEqual(await messages({ since: START }), [])
  assert.deepEqual(await messages({ since: START - 10_000_000 }), ['old', 'behind'])
})

test('reading a large log leaves turns to others', async (t) => {
  const { folder, read } = open(t)
  mkdirSync(folder)
  const line = raw('2026-11-21T10:00:00.000Z', 'x'.repeat(120))
  appendFileSync(logPath(folder, 1), line.repeat(20_000))
  const turns = await turnsDuring(() => read({ level: 'error' }))
  assert.ok(turns >= 20, `${turns}`)
})

test('without files there are no lines, and an id is two numbers', async (t) => {
  const { folder, read } = open(t)
  assert.deepEqual(await read(), { lines: [], has_more: false })
  mkdirSync(folder)
  appendFileSync(`${folder}/other.txt`, raw('2026-11-22T10:00:00.000Z', 'no'))
  assert.deepEqual(await read({ before: '3-0' }), { lines: [], has_more: false })
  assert.deepEqual(['1-0', '12-345', '', '1', '1-', '-1-2', '1-2-3', 'a-b'].map(isLineId), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})
