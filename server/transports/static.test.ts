import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openFiles } from './static.ts'

const outside = mkdtempSync(join(tmpdir(), 'paios-'))
const folder = join(outside, 'console')
after(() => rmSync(outside, { recursive: true }))
mkdirSync(join(folder, 'assets/.hidden'), { recursive: true })
const write = (path: string) => writeFileSync(join(folder, path), path)
for (const path of [
  'index.html',
  'favicon.ico',
  '.env.json',
  'notes',
  'assets/main-B7x_9Qkd.js',
  'assets/.hidden/a.js',
]) {
  write(path)
}
write('../secret.txt')
symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'))
const files = openFiles(folder)
const text = (path: string) => files.find(path)?.body.toString()

test('files are served by their path with their type, hashed names for ever', () => {
  const script = files.find('/assets/main-B7x_9Qkd.js')
  assert.deepEqual([script?.type, script?.immutable], ['text/javascript; charset=utf-8', true])
  assert.deepEqual(
    [files.find('/favicon.ico')?.type, files.find('/favicon.ico')?.immutable],
    ['image/x-icon', false],
  )
  assert.match(String(script?.etag), /^"[\w-]{22}"$/)
  assert.notEqual(script?.etag, files.find('/favicon.ico')?.etag)
})

test('a place of the console is the shell, a missing file is nothing', () => {
  for (const path of ['/', '/agents', '/agents/7/memory']) assert.equal(text(path), 'index.html', path)
  for (const path of ['/assets/gone', '/assets/gone-12345678.js', '/gone.png', '/favicon.ico/']) {
    assert.equal(text(path), undefined, path)
  }
})

test('nothing outside, hidden, linked or of an unknown type is served', () => {
  const paths = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '/link.txt',
    '/.env.json',
    '/assets/.hidden/a.js',
  ]
  for (const path of [...paths, '//etc/passwd', '/assets/../../secret.txt']) {
    assert.notEqual(text(path), '../secret.txt', path)
  }
  assert.equal(text('/link.txt'), undefined)
  assert.equal(text('/.env.json'), undefined)
  assert.equal(text('/assets/.hidden/a.js'), undefined)
  assert.notEqual(text('/notes'), 'notes')
})

test('what is put into the folder later is not served', () => {
  write('later.txt')
  assert.equal(text('/later.txt'), undefined)
})

test('without a console there is no file at all', () => {
  assert.equal(openFiles(undefined).find('/'), undefined)
  assert.equal(openFiles(join(outside, 'none')).find('/'), undefined)
})
