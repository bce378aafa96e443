import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { hostAndPort, labelOf, readTarget } from './target.ts'

const resolve = (path: string) => path.replace('~', '/srv/ann').replace(/\/$/, '')
const read = (said: string, kind?: Parameters<typeof readTarget>[1]) => readTarget(said, kind, resolve)

test('what is said tells what it is', () => {
  for (const [said, kind, target, label] of [
    ['~/a.txt', 'path', '/srv/ann/a.txt', 'a.txt'],
    ['/srv/scans/', 'folder', '/srv/scans', 'scans'],
    ['example.org', 'url', 'https://example.org/', 'example.org'],
    ['https://www.example.org/a/b?c=d', 'url', 'https://www.example.org/a/b?c=d', 'example.org/a/b?c=d'],
    ['example.org/feed', 'feed', 'https://example.org/feed', 'example.org/feed'],
    ['example.org/blog/atom.xml', 'feed', 'https://example.org/blog/atom.xml', 'example.org/blog/atom.xml'],
    ['example.org/feedback', 'url', 'https://example.org/feedback', 'example.org/feedback'],
    ['NAS:0022', 'port', 'nas:22', 'nas:22'],
    ['[::1]:443', 'port', '[::1]:443', '[::1]:443'],
    ['tcp://example.org:25', 'port', 'example.org:25', 'example.org:25'],
  ] as const) {
    const found = read(said)
    assert.deepEqual([found.kind, found.target, labelOf(found)], [kind, target, label], said)
  }
})

test('the kind that is said wins over the one that is seen', () => {
  assert.deepEqual(read('example.org', 'feed'), { kind: 'feed', target: 'https://example.org/' })
  assert.deepEqual(read('example.org/rss', 'url'), { kind: 'url', target: 'https://example.org/rss' })
  assert.deepEqual(read('/srv/a', 'folder'), { kind: 'folder', target: '/srv/a' })
  assert.deepEqual(read('http://example.org:8080', 'url'), {
    kind: 'url',
    target: 'http://example.org:8080/',
  })
})

test('what cannot be watched is refused', () => {
  for (const [said, kind] of [
    ['the movie'],
    [''],
    ['ftp://example.org/a'],
    ['nas:0'],
    ['nas:65536'],
    ['nas', 'port'],
    ['https://example.org', 'port'],
    ['/etc/hosts', 'url'],
    ['my folder', 'feed'],
    ['https://a:b@example.org'],
  ] as const)
    assert.throws(() => read(said, kind), ActionError, said)
})

test('a port is probed at its host, whatever brackets that has', () => {
  assert.deepEqual(hostAndPort('[::1]:443'), { host: '::1', port: 443 })
  assert.deepEqual(hostAndPort('nas:22'), { host: 'nas', port: 22 })
})
