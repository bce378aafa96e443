import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findBreaches } from './layers.ts'

test('what a layer may not import is named with its line', () => {
  const text = "import { a } from '../kernel/a.ts'\nimport { b } from '../domains/auth/index.ts'\n"
  assert.deepEqual(findBreaches([{ path: 'server/skills/x.ts', text }]), [
    'server/skills/x.ts:1 may not import server/kernel/a.ts',
    'server/skills/x.ts:2 may not import server/domains/auth/index.ts',
  ])
})

function from(words: string, domain: string): string {
  return `import ${words} from '../${domain}/index.ts'\n`
}

test('a domain may name the types of an earlier one, neither its values nor a later one', () => {
  const path = 'server/domains/memory/x.ts'
  assert.deepEqual(findBreaches([{ path, text: from('type { A }', 'changes') }]), [])
  assert.deepEqual(findBreaches([{ path, text: from('{ a }', 'changes') }]), [
    `${path}:1 imports more than types of changes`,
  ])
  assert.deepEqual(findBreaches([{ path, text: from('type { A }', 'agents') }]), [
    `${path}:1 names the later domain agents`,
  ])
})

test('time, chance and the environment are refused where they are injected, not in a comment or a test', () => {
  const text = 'const a = Date.now()\n// Date.now() is not called\nconst b = process.env\n'
  assert.equal(findBreaches([{ path: 'server/domains/auth/x.ts', text }]).length, 2)
  assert.deepEqual(findBreaches([{ path: 'server/domains/auth/x.test.ts', text }]), [])
  assert.deepEqual(findBreaches([{ path: 'server/kernel/clock.ts', text: 'const a = Date.now()\n' }]), [])
})
