import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { readUrl } from './address.ts'
import { isAddress } from './slots.ts'

test('an address is read as it is said, with https where no scheme is', () => {
  for (const [said, url] of [
    ['example.org', 'https://example.org/'],
    [' http://example.org/a?b=c#d ', 'http://example.org/a?b=c'],
    ['<https://example.org/x>', 'https://example.org/x'],
    ['EXAMPLE.org:8080/Path', 'https://example.org:8080/Path'],
    ['localhost:3001/api', 'https://localhost:3001/api'],
    ['münchen.example/straße', 'https://xn--mnchen-3ya.example/stra%C3%9Fe'],
    ['192.168.0.4', 'https://192.168.0.4/'],
    ['[::1]:80/x', 'https://[::1]:80/x'],
    ['HTTPS://example.org/..//a/../b', 'https://example.org//b'],
  ] as const)
    assert.equal(readUrl(said), url, said)
})

test('what is no address of the web is refused', () => {
  for (const said of [
    'my coat',
    'milk',
    '',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://example.org/a',
    'data:text/html,x',
    'https://',
    'https://exa mple.org',
    'example.org\n.evil.test',
    'example..org',
    '-x.example.org',
    '3.5',
    'http://[::1',
    'gopher://example.org',
  ])
    assert.throws(() => readUrl(said), ActionError, said)
})

test('an address with a name or password is refused without repeating it', () => {
  for (const said of ['https://ann:hunter2@example.org/', 'https://ann@example.org'])
    assert.throws(
      () => readUrl(said),
      (error) => error instanceof ActionError && !error.message.includes('ann'),
    )
})

test('a slot for addresses takes addresses, ports and paths, and no words', () => {
  for (const said of [
    'example.org',
    'https://example.org/a?b',
    'www.example.co.uk/path',
    'nas:22',
    'example.org:443',
    '~/Downloads',
    '/srv/scan inbox/today',
    'C:\\scans',
  ])
    assert.equal(isAddress(said), true, said)
  for (const said of [
    'my coat',
    'the movie',
    'milk',
    'it',
    '3.5',
    '12:30 pm',
    '/ not a path but a sentence that goes on',
    'news from the village',
    ' ',
    `https://example.org/${'x'.repeat(3_000)}`,
    '\u0001',
  ])
    assert.equal(isAddress(said), false, said)
})
