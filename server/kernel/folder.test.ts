import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from './folder.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777
const skip = process.platform === 'win32' ? 'Windows has no modes' : false

test('every missing folder is made private, and one that is there keeps its mode', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'paios-folder-'))
  chmodSync(root, 0o755)
  const deep = join(root, 'a', 'b', 'c')
  makeFolder(deep)
  assert.deepEqual(
    [root, join(root, 'a'), join(root, 'a', 'b'), deep].map(modeOf),
    [0o755, 0o700, 0o700, 0o700],
  )
  chmodSync(deep, 0o750)
  makeFolder(deep)
  assert.equal(modeOf(deep), 0o750)
  makeFolder(relative(process.cwd(), join(root, 'd', 'e')))
  assert.equal(modeOf(join(root, 'd', 'e')), 0o700)
  rmSync(root, { recursive: true })
})

test('a folder below a file is refused', () => {
  assert.throws(() => makeFolder(join(import.meta.filename, 'below')), { code: 'ENOTDIR' })
})
