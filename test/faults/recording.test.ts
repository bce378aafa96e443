import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { buildRecorder, record } from './recording.ts'
import type { Operation, Recording } from './recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-recording-'))
after(() => rmSync(folder, { recursive: true }))
const built = buildRecorder(folder)
const library = 'library' in built ? built.library : ''
const skip = 'missing' in built ? built.missing : false

function recordScribble(): Promise<Recording> {
  return record({
    library,
    folder: join(folder, 'scribble'),
    script: 'scribble.ts',
    seed: 1,
    words: [],
    folders: [],
  })
}

/** An operation as a line; files by number, paths below the root. */
function line(root: string, { kind, file, offset, made, bytes, second }: Operation): string {
  const text = bytes.toString().replace(root, '')
  if (kind === 'open') return `open ${file} ${text === '' ? '/' : text}${made ? ' made' : ''}`
  if (kind === 'write') return `write ${file} ${offset} ${text}`
  if (kind === 'truncate') return `truncate ${file} ${offset}`
  return [kind, ...(file > 0 ? [file] : []), text, second.replace(root, '')]
    .filter((part) => part !== '')
    .join(' ')
}

test('openings, writes, names, folders, syncs and claims are recorded in order', { skip }, async () => {
  const { root, operations } = await recordScribble()
  assert.deepEqual(
    operations.map((each) => line(root, each)),
    [
      'open 1 /',
      'open 2 /a made',
      'write 2 0 one',
      'write 2 1 XY',
      'sync_begin 2',
      'sync_end 2',
      'truncate 2 2',
      'rename /a /b',
      'sync_begin 1',
      'sync_end 1',
      'link /b /c',
      'unlink /b',
      'unlink /c',
      'claim done',
      'make_folder 3 /d',
      'open 4 /d/b made',
      'write 4 0 two',
      'open 4 /d/b',
      'write 4 3 more',
      'unlink /d/b',
      'unlink /d',
      'open 5 /b made',
      'write 5 0 three',
    ],
  )
})

test('begin and end of a sync belong together by their token', { skip }, async () => {
  const { operations } = await recordScribble()
  const tokens = (kind: string) => operations.flatMap((each) => (each.kind === kind ? [each.token] : []))
  assert.deepEqual(tokens('sync_begin'), tokens('sync_end'))
  assert.equal(new Set(tokens('sync_begin')).size, 2)
})

test('nothing that was recorded is left behind', { skip }, async () => {
  await recordScribble()
  assert.deepEqual(readdirSync(join(folder, 'scribble')), [])
})

test('without a compiler the recorder says what it needs', () => {
  const { PATH } = process.env
  process.env['PATH'] = folder
  try {
    const missing = buildRecorder(folder)
    assert.match(
      'missing' in missing ? missing.missing : '',
      /works on Linux only|needs a C compiler named cc/,
    )
  } finally {
    process.env['PATH'] = PATH
  }
})
