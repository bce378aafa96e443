import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ask } from './http/client.ts'
import { openRig } from './http/rig.ts'
import { openPage, toScript } from './page.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-page-'))
const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
put('index.html', '<!doctype html>\n<html lang="en">\n</html>\n')
put('main.ts', "import { a } from './other.ts'\nexport const b: number = a\n")
put('other.ts', 'export const a = 1\n')
put('style.css', 'p{}')
put('tsconfig.json', '{}')
put('library.js', 'export const io = 1')
let isUnclaimed = true
const own = fileURLToPath(new URL('../../page', import.meta.url))
const packages = { 'client.js': join(folder, 'library.js') }
const page = openPage({ folder, packages, isUnclaimed: () => isUnclaimed })
const rig = await openRig({ files: page })
after(async () => {
  await rig.close()
  rmSync(folder, { recursive: true })
})
const text = (path: string) => page.find(path)?.body.toString()

test('types go, lines stay where they are, and scripts ask each other for what is served', () => {
  const made =
    "import type { X } from '../contract/x.ts'\nimport './a.ts'\nexport { b } from './b-c.ts'\nimport('./d.ts')"
  const script = toScript(`${made}\nconst e = 'kept ./f.ts' as X\n`)
  const lines = script.split('\n').map((line) => line.trimEnd())
  assert.deepEqual(lines.slice(0, 4), [
    '',
    "import './a.js'",
    "export { b } from './b-c.js'",
    "import('./d.js')",
  ])
  assert.match(lines[4] ?? '', /^const e = 'kept \.\/f\.ts' *$/)
  assert.throws(() => toScript('enum A { b }'), { code: 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' })
})

test('the scripts are served under the names that they are asked for by', () => {
  assert.match(text('/page/main.js') ?? '', /^import \{ a \} from '\.\/other\.js'\nexport const b {9}= a\n$/)
  assert.equal(page.find('/page/main.js')?.type, 'text/javascript; charset=utf-8')
  assert.equal(page.find('/page/style.css')?.type, 'text/css; charset=utf-8')
  assert.equal(text('/page/client.js'), 'export const io = 1')
})

test('nothing else is there: no source, no settings, no path that leads out, and nothing that comes later', () => {
  put('later.ts', 'export const c = 1\n')
  const paths = [
    '/page/main.ts',
    '/page/tsconfig.json',
    '/page/library.js',
    '/page/later.js',
    '/page/',
    '/page',
  ]
  for (const path of [
    ...paths,
    '/page/../package.json',
    '/unclaimed',
    '/agents',
    '/index.html',
    '/page/__proto__',
  ])
    assert.equal(page.find(path), undefined, path)
})

test('the page says whether its server waits for an owner, and is another page when it no longer does', () => {
  isUnclaimed = true
  const before = page.find('/')
  isUnclaimed = false
  const then = page.find('/')
  assert.match(before?.body.toString() ?? '', /<html lang="en" data-unclaimed>/)
  assert.match(then?.body.toString() ?? '', /<html lang="en">/)
  assert.notEqual(before?.etag, then?.etag)
  assert.equal(then?.immutable, false)
})

test('the account page is whole: what its parts load is served, and none of it is inline', () => {
  const real = openPage({
    folder: own,
    packages: { 'socket-client.js': join(folder, 'library.js') },
    isUnclaimed: () => false,
  })
  const scripts = readdirSync(own).filter((name) => name.endsWith('.ts'))
  assert.ok(scripts.includes('main.ts'))
  for (const name of scripts) {
    const script = real.find(`/page/${name.replace('.ts', '.js')}`)?.body.toString() ?? ''
    for (const [, path = ''] of script.matchAll(/(?:from |import ?\(?)'([^']+)'/g)) {
      assert.match(path, /^\.\/[\w-]+\.js$/, name)
      assert.ok(real.find(`/page/${path.slice(2)}`), `${name} loads ${path}`)
    }
    assert.doesNotMatch(
      script,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage/,
      name,
    )
  }
  const shell = real.find('/')?.body.toString() ?? ''
  for (const [, path = ''] of shell.matchAll(/(?:src|href)="([^"]+)"/g)) assert.ok(real.find(path), path)
  assert.doesNotMatch(shell, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/)
})

test('the service worker stands at the top, as one script that loads nothing', async () => {
  assert.equal(page.find('/sw.js'), undefined)
  const real = openPage({ folder: own, packages: {}, isUnclaimed: () => false })
  const worker = real.find('/sw.js')
  assert.equal(worker?.type, 'text/javascript; charset=utf-8')
  const script = worker.body.toString()
  // Not every browser takes a worker that is a module.
  assert.doesNotMatch(script, /^\s*(?:import|export)\b|importScripts|fetch\(/m)
  const served = await openRig({ files: real })
  const { status, headers } = await ask(served, '/sw.js')
  await served.close()
  assert.equal(status, 200)
  assert.match(String(headers['content-security-policy']), /default-src 'none'.*require-trusted-types-for/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.doesNotMatch(String(headers['cache-control']), /immutable/)
})

test('a page that is opened by the address of this machine goes on by its name, which passkeys need', async () => {
  const open = (host: string, path = '/') => ask(rig, path, { headers: { host } })
  for (const address of ['127.0.0.1', '[::1]']) {
    const { status, headers, text: body } = await open(`${address}:${rig.port}`, '/?a=1')
    assert.deepEqual([status, headers['location'], body], [307, `http://localhost:${rig.port}/?a=1`, ''])
    assert.equal(headers['cache-control'], 'no-store')
  }
  assert.equal((await open(`localhost:${rig.port}`)).status, 200)
  assert.equal((await open('paios.example')).status, 200)
  assert.equal((await open(`127.0.0.1:${rig.port}`, '/api/things')).status, 200)
  assert.equal((await open('127.0.0.1.evil.test')).status, 403)
})

test('behind a proxy nobody is sent to a localhost that is not theirs', async () => {
  const behind = await openRig({ files: page, settings: { behind_proxy: true } })
  const { status } = await ask(behind, '/', { headers: { host: `127.0.0.1:${behind.port}` } })
  await behind.close()
  assert.equal(status, 200)
})
