import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isTest, sources } from './source.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-source-'))
const home = process.cwd()
process.chdir(folder)
after(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, stdio: 'ignore' })
const paths = (...endings: string[]) => sources(...endings).map(({ path }) => path)

git('init', '--quiet')
mkdirSync('server')
for (const path of ['a.ts', 'server/b.ts', 'c.md', 'café.ts', 'with space.ts', 'ignored.ts', 'gone.ts'])
  writeFileSync(path, `// ${path}\n`)
writeFileSync('.gitignore', 'ignored.ts\n')
git('add', 'a.ts', 'gone.ts')
rmSync('gone.ts')

test('files that git tracks or would track are read, whatever letters are in their names', () => {
  assert.deepEqual(paths('.ts').toSorted(), ['a.ts', 'café.ts', 'server/b.ts', 'with space.ts'])
  assert.equal(sources('.ts').find(({ path }) => path === 'café.ts')?.text, '// café.ts\n')
})

test('only the endings that are asked for count, and without any nothing is read', () => {
  assert.deepEqual(paths('.md'), ['c.md'])
  assert.deepEqual(paths('.md', 'b.ts').toSorted(), ['c.md', 'server/b.ts'])
  assert.deepEqual(paths(), [])
  assert.deepEqual(paths('.json'), [])
})

test('a test, and what tests stand on, is told from source', () => {
  const tests = [
    'a.test.ts',
    'server/a.test.ts',
    'test/app.ts',
    'server/x/fixture.ts',
    'server/rig.ts',
    'a/in-memory.ts',
  ]
  for (const path of tests) assert.ok(isTest(path), path)
  for (const path of ['a.ts', 'server/test/a.ts', 'latest/a.ts', 'server/fixtures.ts', 'a.test.md', 'rig.ts'])
    assert.ok(!isTest(path), path)
})
