import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findWording } from './wording.ts'

/** What is found in a file of this text. The words are put together, so that this file has none of them. */
function found(path: string, ...parts: string[]): string[] {
  return findWording([{ path, text: parts.join('') }])
}

test('paths and hosts of one machine are refused in every file, with their line', () => {
  for (const root of ['work', 'root', 'home/ann']) {
    const path = `docs/${root.length}.md`
    assert.deepEqual(found(path, 'a\nsee /', root, '/x\n'), [`${path}:2 has a path or host of one machine`])
  }
  assert.equal(found('a.json', 'https://registry.npm', 'js.org/x').length, 1)
  assert.equal(found('a.md', 'deb.', 'debian.org').length, 1)
})

test('what only contains such a word is no such path', () => {
  for (const text of [
    'server/work/x',
    './root/x',
    'network/',
    '/workflows/',
    '/home/',
    'a.work/x',
    '/roots/',
  ])
    assert.deepEqual(found('a.md', text), [], text)
})

test('words of unfinished work are refused in source, and in prose they are words', () => {
  for (const word of ['TO', 'FIX', 'XX'].map((half, at) => half + ['DO', 'ME', 'X'][at])) {
    assert.deepEqual(found('server/a.ts', '// ', word, ': later\n'), [
      'server/a.ts:1 has a word of unfinished work',
    ])
    assert.deepEqual(found('README.md', word), [])
  }
  assert.deepEqual(found('server/a.ts', "const list = 'to do', todo = 1, METHODO = 2"), [])
})

test('a test that is left out is refused, and the same words elsewhere are not', () => {
  for (const word of ['skip', 'only', 'todo']) {
    assert.deepEqual(found('a.test.ts', 'test.', word, "('x', () => {})"), [
      'a.test.ts:1 has a test that is left out',
    ])
    assert.deepEqual(found('a.ts', 'list.', word, '(1)'), [])
  }
})

test('each line is told once for each rule, and the rules themselves are not looked at', () => {
  const text = ['/wo', 'rk/a /wo', 'rk/b TO', 'DO\n'].join('')
  assert.equal(findWording([{ path: 'a.ts', text }]).length, 2)
  assert.deepEqual(findWording([{ path: 'scripts/wording.ts', text }]), [])
  assert.deepEqual(findWording([]), [])
})
