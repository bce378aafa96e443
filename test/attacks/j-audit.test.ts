import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openConnection } from '../../server/kernel/store/connection.ts'
import { LIMIT_BOUNDS } from '../../server/kernel/limits.ts'
import { every, sampleOf } from './inputs.ts'
import { faultOf, none, openTarget } from './rig.ts'
import type { Target } from './rig.ts'

async function lines(
  target: Target,
): Promise<
  { request_id: string; status: number; operation: string; transport: string; actor: string | null }[]
> {
  await target.app.kernel.audit.flush()
  return target.app.kernel.audit.lines(undefined, 10_000)
}

test('J-008: every call has one line with its request id, however it ended and whatever carried it', async (t) => {
  const target = await openTarget()
  t.after(() => target.remove())
  const told: { what: string; status: number; request_id: string }[] = []
  const note = (what: string, status: number, request_id: unknown) =>
    told.push({ what, status, request_id: String(request_id) })
  const http = async (line: string, asked = {}) => {
    const { status, headers } = await target.http(line, asked)
    note(line, status, headers['x-request-id'])
  }
  for (const operation of every) {
    const token = operation.who === 'public' ? undefined : target.ann.token
    const { status, headers } = await target.perform(operation, sampleOf(operation), { token })
    // What a message asked for failed, or not, inside of an answer that is always one.
    note(operation.name, operation.carries === 'message' ? 0 : status, headers['x-request-id'])
    const stranger = await target.perform(operation, sampleOf(operation))
    note(`${operation.name} by a stranger`, stranger.status, stranger.headers['x-request-id'])
  }
  const { token } = await target.signIn(target.bob.email)
  for (const line of [
    'GET /api/nothing',
    'PATCH /api/agents',
    'GET /api/%ff',
    'GET /nothing',
    'OPTIONS /api/agents',
    'GET /docs',
    'HEAD /api/auth/me',
  ])
    await http(line, { token })
  await http('GET /api/auth/me', { token, headers: { host: 'evil.test' } })
  await http('GET /api/auth/me', { token, headers: { origin: 'https://evil.test' } })
  await http(`GET /api/auth/me?token=${token}`)
  await http('POST /api/agents/2/memory', {
    token,
    body: '{',
    headers: { 'content-type': 'application/json' },
  })
  await http('POST /api/agents/2/memory', { token, body: 'x', headers: { 'content-type': 'text/plain' } })
  await http('POST /api/agents/2/memory', {
    token,
    body: 'x'.repeat(1_048_577),
    headers: { 'content-type': 'application/json' },
  })
  const client = target.open(token)
  await client.next('authenticated')
  for (const [event, argument] of [
    ['agent:execute', {}],
    ['workflow:stop', 'x'],
    ['system:modify', {}],
    ['mcp:message', {}],
    ['none', 1],
    ['agent:subscribe', '99'],
  ] as const) {
    const { error } = await client.ask(event, argument)
    const { request_id, data } = (error ?? {}) as { request_id?: string; data?: { request_id?: string } }
    note(event, 0, request_id ?? data?.request_id)
  }
  const audited = await lines(target)
  none(
    told.flatMap(({ what, status, request_id }) => {
      const own = audited.filter((line) => line.request_id === request_id)
      if (own.length !== 1) return [`${what}: ${own.length} lines for ${request_id}`]
      return status === 0 || own[0]?.status === status
        ? []
        : [`${what}: answered ${status}, audited ${own[0]?.status}`]
    }),
  )
  assert.equal(new Set(told.map(({ request_id }) => request_id)).size, told.length)
})

test('J-008: what the limits refuse is audited, too, and a request id that is not in order is replaced', async (t) => {
  const target = await openTarget({ limits: LIMIT_BOUNDS })
  t.after(() => target.remove())
  target.clock.advance(60_000)
  const { token } = target.bob
  const ids: string[] = []
  for (let count = 0; count < 65; count += 1) {
    const headers = { 'x-request-id': `call-${count}` }
    const { headers: answered, status } = await target.http('GET /api/auth/me', { token, headers })
    assert.deepEqual([answered['x-request-id'], status], [`call-${count}`, count < 60 ? 200 : 429])
    ids.push(`call-${count}`)
  }
  for (const id of ['a b', 'x'.repeat(129), '<script>', "' OR 1=1", '%0d%0a']) {
    const { headers } = await target.http('GET /api/auth/me', { token, headers: { 'x-request-id': id } })
    assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/)
  }
  const own = (await lines(target)).filter(({ request_id }) => ids.includes(request_id))
  assert.deepEqual(
    own.map(({ status }) => status).toSorted((one, other) => one - other),
    [...Array<number>(60).fill(200), ...Array<number>(5).fill(429)],
  )
})

/** Rewrites the database of a closed server, and tells what the audit then says. */
async function tampered(
  t: TestContext,
  statement: string,
): Promise<{ ok: boolean; seqs: number[]; whats: string }> {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-attack-'))
  t.after(() => rmSync(data_dir, { recursive: true, force: true }))
  const target = await openTarget({ app: { data_dir } })
  for (let count = 0; count < 10; count += 1)
    await target.http('GET /api/auth/me', { token: target.ann.token })
  await target.close()
  const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'FULL' })
  connection.exec(statement)
  connection.close()
  const again = await openTarget({ app: { data_dir } })
  const { ok, problems } = await again.app.kernel.audit.verify()
  await again.close()
  return { ok, seqs: problems.map(({ seq }) => seq), whats: problems.map(({ what }) => what).join('; ') }
}

const TAMPERINGS: Readonly<Record<string, readonly [statement: string, seq: number | undefined]>> = {
  nothing: ['SELECT 1', undefined],
  'a changed status': ['UPDATE audit SET status = 418 WHERE seq = 7', 7],
  'a changed time': ["UPDATE audit SET time = '2026-11-22T09:00:00.000Z' WHERE seq = 7", 7],
  'a changed address': ["UPDATE audit SET ip = '203.0.113.7' WHERE seq = 7", 7],
  'a deleted line': ['DELETE FROM audit WHERE seq = 7', 8],
  'two lines in the wrong order': [
    'UPDATE audit SET seq = -7 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = -7',
    7,
  ],
  'a copied line': [
    'UPDATE audit SET seq = seq + 1000 WHERE seq > 7; UPDATE audit SET seq = seq - 999 WHERE seq > 1000; INSERT INTO audit SELECT 8, time, request_id, actor, session_id, transport, operation, target, status, outcome, ip, counted, duration_ms, mac FROM audit WHERE seq = 7',
    8,
  ],
}

for (const [what, [statement, seq]] of Object.entries(TAMPERINGS))
  test(`J-009: the audit of a database with ${what} is ${seq === undefined ? 'in order' : `refused at line ${seq}`}`, async (t) => {
    const { ok, seqs, whats } = await tampered(t, statement)
    assert.equal(ok, seq === undefined, whats)
    assert.equal(seqs[0], seq, whats)
  })

test('J-009: lines that were cut off from the end are missed', async (t) => {
  const { ok, whats } = await tampered(t, 'DELETE FROM audit WHERE seq > 7')
  assert.equal(ok, false)
  assert.match(whats, /missing|checkpoint/)
})

test('J-012: there is no way to write, change, stop or empty the audit, for anybody', async (t) => {
  const target = await openTarget()
  t.after(() => target.remove())
  assert.deepEqual(
    every.filter(({ name, http }) => /audit/.test(name + http.path) && http.method !== 'GET'),
    [],
  )
  const before = (await lines(target)).length
  let asked = 0
  for (const path of [
    '/api/audit',
    '/api/audit/1',
    '/api/system/audit',
    '/api/system/audit/pause',
    '/api/audit/verify',
  ])
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      for (const { token } of [target.ann, target.bob]) {
        const answered = await target.http(`${method} ${path}`, { token })
        assert.ok([403, 404, 405].includes(answered.status), `${method} ${path}: ${answered.status}`)
        assert.notEqual(faultOf(answered.body).code, undefined)
        asked += 1
      }
  for (const text of ['delete the audit', 'clear the audit log', 'stop auditing', 'pause the audit']) {
    await target.http('POST /api/voice/process', { token: target.bob.token, body: { text_input: text } })
    asked += 1
  }
  const after = await lines(target)
  assert.equal(after.length, before + asked)
  assert.equal((await target.app.kernel.audit.verify()).ok, true)
})
