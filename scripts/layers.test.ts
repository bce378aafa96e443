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

/** What is found in a file of this one line. */
function breaches(path: string, line: string): string[] {
  return findBreaches([{ path, text: `${line}\n` }])
}

test('each layer may import what lies below it, and nothing beside or above', () => {
  const rows: [path: string, target: string, allowed: boolean][] = [
    ['contract/a.ts', './b.ts', true],
    ['contract/a.ts', '../server/kernel/b.ts', false],
    ['server/kernel/a.ts', '../../contract/b.ts', true],
    ['server/kernel/a.ts', '../skills/b.ts', false],
    ['server/skills/notes/a.ts', '../skill.ts', true],
    ['server/skills/notes/a.ts', '../../kernel/b.ts', false],
    ['server/domains/auth/a.ts', '../../skills/skill.ts', true],
    ['server/domains/auth/a.ts', '../../skills/notes/index.ts', false],
    ['server/domains/auth/a.ts', '../../transports/b.ts', false],
    ['server/transports/http/a.ts', '../../kernel/b.ts', true],
    ['server/transports/http/a.ts', '../../domains/auth/index.ts', false],
    ['server/app.ts', './transports/b.ts', true],
    ['server/app.ts', '../cli/main.ts', false],
    ['sdk/a.ts', '../contract/b.ts', true],
    ['sdk/a.ts', '../server/main.ts', false],
    ['cli/a.ts', '../server/main.ts', true],
    ['cli/a.ts', '../server/app.ts', false],
  ]
  for (const [path, target, allowed] of rows) {
    const found = breaches(path, `import { x } from '${target}'`)
    assert.equal(found.length, allowed ? 0 : 1, `${path} ${target}: ${found.join()}`)
  }
})

test('an import is seen in every form that it may have, at its own line', () => {
  const target = "'../kernel/x.ts'"
  for (const line of [
    `import { a } from ${target}`,
    `import type { A } from ${target}`,
    `import * as a from ${target}`,
    `import a, { b } from ${target}`,
    `import ${target}`,
    `export { a } from ${target}`,
    `export * from ${target}`,
    `export * as a from ${target}`,
    `const a = await import(${target})`,
    `import {\n  a,\n  b,\n} from ${target}`,
  ]) {
    const path = 'server/skills/x.ts'
    const text = `const before = 1\n${line}\n`
    assert.deepEqual(findBreaches([{ path, text }]), [`${path}:2 may not import server/kernel/x.ts`], line)
  }
})

test('what stands before an import does not hide its type, nor lend it another line', () => {
  const path = 'server/domains/memory/x.ts'
  const text = "export const limit = 1\nexport interface A {}\nimport type { B } from '../changes/index.ts'\n"
  assert.deepEqual(findBreaches([{ path, text }]), [])
  assert.deepEqual(findBreaches([{ path, text: text.replace('type { B }', '{ b }') }]), [
    `${path}:3 imports more than types of changes`,
  ])
})

test('packages and files of the same domain are nobody’s business, nor is what a test imports', () => {
  assert.deepEqual(breaches('server/domains/auth/a.ts', "import { b } from './b.ts'"), [])
  assert.deepEqual(breaches('server/skills/a.ts', "import { Type } from 'typebox'"), [])
  assert.deepEqual(breaches('server/skills/a.test.ts', "import { b } from '../kernel/b.ts'"), [])
  assert.deepEqual(breaches('server/skills/in-memory.ts', "import { b } from '../kernel/b.ts'"), [])
  assert.deepEqual(breaches('server/skills/a.mjs', "import { b } from '../kernel/b.ts'"), [])
})

test('everything that is injected is refused in each of its spellings, and allowed where it is made', () => {
  const rows: [line: string, made: string][] = [
    ['const a = Date.now()', 'server/kernel/clock.ts'],
    ['const a = new Date()', 'server/kernel/clock.ts'],
    ['const a = performance.now()', 'server/kernel/clock.ts'],
    ['setTimeout(f, 1)', 'server/kernel/clock.ts'],
    ['setInterval(f, 1)', 'server/main.ts'],
    ['const a = Math.random()', 'server/kernel/ids.ts'],
    ['const a = randomBytes(8)', 'server/kernel/ids.ts'],
    ['const a = process.env.HOME', 'server/main.ts'],
  ]
  for (const [line, made] of rows) {
    assert.equal(breaches('server/domains/auth/x.ts', line).length, 1, line)
    assert.deepEqual(breaches(made, line), [], line)
  }
  for (const line of ["eval('1')", "new Function('1')", "import 'node:vm'", "import 'node:child_process'"])
    assert.ok(breaches('server/kernel/x.ts', line).length > 0, line)
  assert.deepEqual(breaches('server/kernel/x.ts', 'const a = new Date(0)'), [])
  assert.deepEqual(breaches('cli/x.ts', 'const a = Date.now()'), [])
})

test('only the processes of speech are started, from the two places that bound them', () => {
  const line = "import { fork } from 'node:child_process'"
  for (const path of ['server/domains/speech/host/child.ts', 'server/domains/speech/mouth/espeak.ts'])
    assert.deepEqual(breaches(path, line), [], path)
  for (const path of [
    'server/domains/speech/index.ts',
    'server/domains/speech/mouth/flite.ts',
    'server/domains/speech/mouth/espeak.ts/other.ts',
    'server/domains/voice/host/child.ts',
    'server/kernel/workers.ts',
  ])
    assert.deepEqual(breaches(path, line), [`${path}:1 takes starting programs for itself; it is injected`])
})

test('only the egress opens connections outwards, and only it and the transports load what can', () => {
  const modules = 'net tls http https http2 dgram dns dns/promises'.split(' ')
  const lines = modules.flatMap((name) => [
    `import { connect } from 'node:${name}'`,
    `import * as all from '${name}'`,
    `const all = await import('node:${name}')`,
    `const all = process.getBuiltinModule('node:${name}')`,
    `export * from 'node:${name}'`,
  ])
  for (const line of [
    ...lines,
    'await fetch(url)',
    'new WebSocket(url)',
    'new EventSource(url)',
    'globalThis.fetch',
  ]) {
    for (const path of [
      'server/skills/x.ts',
      'server/kernel/x.ts',
      'server/domains/agents/x.ts',
      'server/app.ts',
    ])
      assert.deepEqual(breaches(path, line), [`${path}:1 opens a connection; only the egress does`], line)
    for (const path of ['server/domains/egress/x.ts', 'server/transports/http/x.ts', 'cli/x.ts'])
      assert.deepEqual(breaches(path, line), [], line)
  }
})

test('undici is loaded by the egress alone, and the client of the sockets by nobody', () => {
  const undici = "const { Client } = await import('undici')"
  assert.deepEqual(breaches('server/domains/egress/x.ts', undici), [])
  assert.equal(breaches('server/transports/x.ts', undici).length, 1)
  for (const path of ['server/main.ts', 'server/domains/egress/x.ts', 'server/transports/x.ts'])
    assert.equal(breaches(path, "import { io } from 'socket.io-client'").length, 1, path)
  // Its file is served to the page, which is no use of it.
  assert.deepEqual(
    breaches('server/main.ts', "import.meta.resolve('socket.io-client/dist/socket.io.js')"),
    [],
  )
})

test('addresses may be looked at and types be named everywhere, also over several lines', () => {
  const path = 'server/skills/x.ts'
  for (const line of [
    "import { isIP } from 'node:net'",
    "import { BlockList, isIP } from 'node:net'",
    "import {\n  BlockList,\n  isIPv4,\n  isIPv6,\n} from 'node:net'",
    "import type { Socket } from 'node:net'",
    "import type { Server } from 'node:http'",
    '// fetch(url) is not called, nor new WebSocket(url)',
    'lines.fetch(agent_id)',
    '  fetch(agent_id: string): Message[]',
    '  async fetch() {',
    "import { fetch_page } from './fetch.ts'",
  ])
    assert.deepEqual(breaches(path, line), [], line)
  const several = "import {\n  connect,\n  isIP,\n} from 'node:net'"
  assert.deepEqual(breaches(path, several), [`${path}:4 opens a connection; only the egress does`])
  assert.deepEqual(breaches(path, "import { isIP, connect } from 'node:net'").length, 1)
  assert.deepEqual(breaches('server/main.ts', "import { connect } from 'node:net'"), [])
  assert.deepEqual(breaches('server/main.ts', "import { connect } from 'node:tls'").length, 1)
})
