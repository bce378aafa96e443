import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { SystemLogEntry } from '../../../contract/system.ts'
import { START, openTestApp, PASSWORD } from '../../../test/app.ts'
import { fakeClock } from '../../../test/clock.ts'
import { logOf, openLog } from '../../kernel/log.ts'
import { logFolder, openLogFiles } from '../../kernel/logs/files.ts'
import { toCursor } from '../../kernel/paging.ts'
import { findIssues } from '../../kernel/validate.ts'
import { refused } from '../agents/fixture.ts'

/** A server whose log goes to files, and its owner. */
async function open(context: TestContext) {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-logs-'))
  const clock = fakeClock(START)
  const logs = openLogFiles(logFolder(data_dir), clock)
  const log = openLog('debug', clock, (line) => logs.write(line))
  const settings = { ...SETTINGS, data_dir, key_file: join(data_dir, 'root.key') }
  const server = await openTestApp({ settings, data_dir, clock, log, logs })
  context.after(async () => {
    await server.close()
    rmSync(data_dir, { recursive: true, force: true })
  })
  return { ...server, clock, log, owner: await server.claim() }
}

const WHO = { email: 'ann@example.org', password: PASSWORD }
const SETTINGS = {
  host: '127.0.0.1',
  port: 0,
  public_url: 'http://localhost:3001',
  setup_code: undefined,
  log_level: 'debug',
  behind_proxy: false,
  trusted_proxies: [],
  allowed_origins: [],
  tls: undefined,
  egress_hosts: undefined,
  egress_lan: [],
  watch_folders: [],
} as const

test('the owner sees what was logged just now, without the secrets that were in it', async (context) => {
  const { log, owner, ask } = await open(context)
  logOf(log, 'jobs').error('it broke', { request_id: 'r-1', token: 'hunter2', note: 'Bearer hunter2hunter2' })
  const { logs } = await ask(owner.token, 'system.logs', {})
  const [entry] = logs
  assert.deepEqual(findIssues(SystemLogEntry, entry), [])
  assert.deepEqual(entry, {
    id: entry?.id,
    level: 'error',
    source: 'jobs',
    message: 'it broke',
    request_id: 'r-1',
    created_at: '2026-11-22T10:00:00.000Z',
    details: { token: '[redacted]', note: 'Bearer [redacted]' },
  })
})

test('the log is for the owner alone', async (context) => {
  const { app, owner, ask, call } = await open(context)
  await app.auth.addUser('bob@example.org', PASSWORD)
  const bob = await ask(undefined, 'auth.login', { email: 'bob@example.org', password: PASSWORD })
  assert.equal((await call(undefined, 'system.logs', {})).status, 401)
  assert.equal((await call(bob.access_token, 'system.logs', {})).status, 403)
  assert.equal((await call(owner.token, 'system.logs', {})).status, 200)
})

test('filters and pages are those that were asked for, and a cursor of another list is refused', async (context) => {
  const { log, owner, ask, call, clock } = await open(context)
  for (let n = 0; n < 5; n += 1) {
    log.warn(`line ${n}`, { source: 'test', request_id: `r-${n % 2}` })
    clock.advance(1_000)
  }
  const found = async (input: Parameters<typeof ask<'system.logs'>>[2]) => {
    const { logs, next_cursor } = await ask(owner.token, 'system.logs', { source: 'test', ...input })
    return { messages: logs.map(({ message }) => message), next_cursor }
  }
  assert.deepEqual((await found({ request_id: 'r-1' })).messages, ['line 3', 'line 1'])
  assert.deepEqual((await found({ level: 'error' })).messages, [])
  assert.deepEqual((await found({ since: '2026-11-22T11:00:02.0001+01:00' })).messages, ['line 4', 'line 3'])
  const first = await found({ limit: 3 })
  assert.deepEqual(first.messages, ['line 4', 'line 3', 'line 2'])
  const rest = await found({ limit: 3, cursor: first.next_cursor ?? '' })
  assert.deepEqual(rest, { messages: ['line 1', 'line 0'], next_cursor: undefined })
  for (const cursor of [toCursor(7), toCursor('x'), 'x'])
    assert.equal(refused(await call(owner.token, 'system.logs', { cursor })), '400 GENERAL_001')
})

test('a domain’s own lines name it', async (context) => {
  const { owner, ask, call, clock } = await open(context)
  const { refresh_token } = owner
  await ask(undefined, 'auth.refresh', { refresh_token })
  clock.advance(60_000)
  assert.equal((await call(undefined, 'auth.refresh', { refresh_token })).ok, false)
  const { access_token: token } = await ask(undefined, 'auth.login', WHO)
  const { logs } = await ask(token, 'system.logs', { source: 'auth' })
  assert.deepEqual(
    logs.map(({ level, message }) => [level, message]),
    [['warn', 'a spent refresh token came back, so its session was ended']],
  )
})
