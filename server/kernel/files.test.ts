import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createDurably, writeDurably } from './files.ts'
import { temporaryFolder } from './rig.ts'

test('a file is written whole, private, with its folders, and nothing is left beside it', (t) => {
  const folder = join(temporaryFolder(t), 'a', 'b')
  const path = join(folder, 'file')
  for (const text of ['first naïve 😀', '', 'x'.repeat(1_000_000)]) {
    writeDurably(path, text)
    assert.equal(readFileSync(path, 'utf8'), text)
    assert.deepEqual(readdirSync(folder), ['file'])
  }
  assert.deepEqual([statSync(path).mode & 0o777, statSync(folder).mode & 0o777], [0o600, 0o700])
})

test('a file that others could read is private once it is written again', (t) => {
  const path = join(temporaryFolder(t), 'file')
  writeFileSync(path, 'old')
  chmodSync(path, 0o644)
  writeDurably(path, 'new')
  assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['new', 0o600])
})

test('a file that cannot be put in its place leaves nothing of it', (t) => {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'taken', 'inside'), { recursive: true })
  assert.throws(() => writeDurably(join(folder, 'taken'), 'text'), { code: 'EISDIR' })
  assert.deepEqual(readdirSync(folder), ['taken'])
})

test('a file that is created keeps what is there already', (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'file')
  createDurably(path, 'first')
  createDurably(path, 'second')
  assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['first', 0o600])
  assert.deepEqual([readdirSync(folder), statSync(path).nlink], [['file'], 1])
})
