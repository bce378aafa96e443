import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { ActionError } from '../../skills/skill.ts'
import { bindFiles } from './capabilities.ts'

/** A folder that may be watched, in a folder of which nothing else may be. */
function open(context: TestContext, user_id = 'ann') {
  const root = mkdtempSync(join(tmpdir(), 'paios-files-'))
  context.after(() => rmSync(root, { recursive: true, force: true }))
  const home = join(root, 'home')
  const [data_dir, keys] = [join(home, 'data'), join(home, 'keys')]
  for (const folder of [home, data_dir, keys, join(home, '.ssh'), join(home, 'docs')]) mkdirSync(folder)
  for (const file of [
    join(root, 'secret'),
    join(home, 'a.txt'),
    join(home, '.netrc'),
    join(home, '.ssh', 'id'),
    join(data_dir, 'db'),
    join(keys, 'root.key'),
  ])
    writeFileSync(file, 'hello')
  const settings = { watch_folders: [home], data_dir, key_file: join(keys, 'root.key') }
  const bind = (given: typeof settings) => bindFiles(given, (id) => id === 'ann')({ owner: { user_id } })
  return { root, home, settings, bind, files: bind(settings) }
}

/** Every way in is closed to a path. */
async function closed(files: ReturnType<ReturnType<typeof bindFiles>>, path: string): Promise<void> {
  for (const way of [files.look, files.list, files.digest]) await assert.rejects(way(path), ActionError, path)
}

test('what lies in the folder can be looked at, listed and told apart', async (context) => {
  const { home, files } = open(context)
  utimesSync(join(home, 'a.txt'), 1_700_000_000, 1_700_000_000)
  const file = { path: join(home, 'a.txt'), kind: 'file', size_bytes: 5, modified: 1_700_000_000_000 }
  assert.deepEqual(await files.look(join(home, 'a.txt')), file)
  assert.equal((await files.look(`${home}/docs/`))?.kind, 'folder')
  assert.equal(await files.look(join(home, 'docs', 'none', 'deeper.txt')), undefined)
  assert.deepEqual(
    (await files.list(home)).map(({ path }) => path.slice(home.length + 1)),
    ['a.txt', 'data', 'docs', 'keys'],
  )
  assert.equal(await files.digest('~/a.txt'), createHash('sha256').update('hello').digest('hex'))
})

test('a path is judged by its words at once: relative, outside, hidden, and what the server keeps', (context) => {
  const { root, home, files } = open(context)
  assert.equal(files.resolve('~'), home)
  assert.equal(files.resolve(' ~/docs/../a.txt '), join(home, 'a.txt'))
  assert.equal(files.resolve(`${home}/docs/`), join(home, 'docs'))
  for (const path of [
    'a.txt',
    '',
    '../secret',
    `${home}/../secret`,
    `${home}/docs/../../secret`,
    `${home}x`,
    root,
    '/',
    '/etc/passwd',
    '/proc/self/environ',
    '/dev/zero',
    '~/.ssh/id',
    '~/.netrc',
    '~/docs/.git/config',
    '~ann/a.txt',
    '~/data',
    '~/data/db',
    '~/keys/root.key',
    '~/keys',
    `${home}/a\0.txt`,
    `${home}/${'x/'.repeat(3_000)}`,
  ])
    assert.throws(() => files.resolve(path), ActionError, path)
})

test('only the owner has files, and nobody where no folder is allowed', async (context) => {
  const { home, settings, bind } = open(context)
  await closed(open(context, 'bob').files, join(home, 'a.txt'))
  await closed(bind({ ...settings, watch_folders: [] }), join(home, 'a.txt'))
})

test('a link is followed inside the folders and refused where it leads out, on the way too', async (context) => {
  const { root, home, files } = open(context)
  symlinkSync(join(home, 'a.txt'), join(home, 'docs', 'inside'))
  assert.equal((await files.look('~/docs/inside'))?.size_bytes, 5)
  for (const [name, target] of [
    ['out', join(root, 'secret')],
    ['up', root],
    ['ssh', join(home, '.ssh')],
    ['db', join(home, 'data')],
    ['environ', '/proc/self'],
    ['gone', join(root, 'nothing')],
    ['circle', join(home, 'docs', 'circle')],
  ] as const)
    symlinkSync(target, join(home, 'docs', name))
  for (const path of [
    'out',
    'up',
    'up/secret',
    'up/missing',
    'ssh/id',
    'db/db',
    'environ/environ',
    'gone',
    'circle',
  ])
    await closed(files, `~/docs/${path}`)
  assert.deepEqual(await files.list('~/docs'), [])
})

test('an allowed folder may itself be a link, or hidden, and still shows nothing hidden below it', async (context) => {
  const { root, home, settings, bind } = open(context)
  symlinkSync(home, join(root, 'link'))
  const linked = bind({ ...settings, watch_folders: [join(root, 'link')] })
  assert.equal((await linked.look('~/a.txt'))?.size_bytes, 5)
  await closed(linked, '~/data/db')
  const hidden = bind({ ...settings, watch_folders: [join(home, '.ssh')] })
  assert.equal((await hidden.look('~/id'))?.size_bytes, 5)
  await closed(hidden, join(home, 'a.txt'))
})

test('a key that lies in an allowed folder closes itself and not all of the folder', async (context) => {
  const { home, settings, bind } = open(context)
  writeFileSync(join(home, 'root.key'), 'k')
  const files = bind({ ...settings, key_file: join(home, 'root.key') })
  assert.equal((await files.look('~/a.txt'))?.size_bytes, 5)
  await closed(files, '~/root.key')
})

test('pipes, sockets and devices keep nobody waiting and are neither listed nor read', async (context) => {
  const { home, files, settings, bind } = open(context)
  execFileSync('mkfifo', [join(home, 'docs', 'pipe')])
  const server = createServer().listen(join(home, 'docs', 'socket'))
  context.after(() => server.close())
  await closed(files, '~/docs/pipe')
  await closed(files, '~/docs/socket')
  assert.deepEqual(await files.list('~/docs'), [])
  const everywhere = bind({ ...settings, watch_folders: ['/'] })
  for (const path of ['/dev/zero', '/dev/stdin', '/proc/kmsg', '/proc/self/fd/0', '/sys/power/state'])
    await closed(everywhere, path)
})

test('files that are too large and folders with too many entries are refused', async (context) => {
  const { home, files } = open(context)
  writeFileSync(join(home, 'big'), '')
  truncateSync(join(home, 'big'), 64 * 1024 * 1024 + 1)
  await assert.rejects(files.digest('~/big'), /64 MiB/)
  truncateSync(join(home, 'big'), 64 * 1024 * 1024)
  assert.match(await files.digest('~/big'), /^[0-9a-f]{64}$/)
  for (let at = 0; at <= 10_000; at += 1) writeFileSync(join(home, 'docs', `f${at}`), '')
  await assert.rejects(files.list('~/docs'), /more than 10000/)
  rmSync(join(home, 'docs', 'f0'))
  assert.equal((await files.list('~/docs')).length, 10_000)
})

test('a file is no folder and a folder no file', async (context) => {
  const { files } = open(context)
  await assert.rejects(files.list('~/a.txt'), /no folder/)
  await assert.rejects(files.digest('~/docs'), /no file/)
  await assert.rejects(files.list('~/none'), /no folder/)
  await assert.rejects(files.digest('~/none'), /no file/)
})
