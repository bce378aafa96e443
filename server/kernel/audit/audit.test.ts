import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { START, openTestApp } from '../../../test/app.ts'
import type { TestApp } from '../../../test/app.ts'
import { fakeClock } from '../../../test/clock.ts'
import { openLog } from '../log.ts'
import { Checkpointer } from './checkpointer.ts'
import { checkpointsPath, readCheckpoints } from './checkpoints.ts'
import { openConnection } from '../store/connection.ts'

interface Scene {
  folder: string
  server: TestApp
  token: string
}

/** A server with `calls` audited reads. */
async function open(context: TestContext, calls = 10): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'paios-audit-'))
  const server = await openTestApp({ data_dir: folder })
  context.after(async () => {
    await server.close().catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  })
  const { token } = await server.claim()
  for (let call = 0; call < calls; call += 1) await server.call(token, 'auth.me', {})
  await server.app.kernel.audit.flush()
  return { folder, server, token }
}

/** What is said of the audit after somebody has written to the database behind the server's back. */
async function tampered({ folder, server }: Scene, statement: string): Promise<string[]> {
  await server.close()
  const connection = openConnection(join(folder, 'paios.sqlite'), { synchronous: 'FULL' })
  connection.exec(statement)
  connection.close()
  return told(folder)
}

async function told(folder: string): Promise<string[]> {
  const again = await openTestApp({ data_dir: folder })
  const { problems } = await again.app.kernel.audit.verify()
  await again.close()
  return problems.map(({ what }) => what)
}

test('every call has one line, numbered without a gap, and the chain holds', async (t) => {
  const { server, token } = await open(t)
  await server.call(undefined, 'auth.me', {})
  await server.call(token, 'agents.get', { id: 'nonsense!' })
  await server.call(token, 'agents.create', { name: 'Text' })
  await server.app.kernel.audit.flush()
  const lines = server.app.kernel.audit.lines(0, 1_000)
  assert.deepEqual(
    lines.map(({ seq }) => seq),
    lines.map((_line, index) => index + 1),
  )
  assert.deepEqual(
    lines.slice(-3).map(({ operation, outcome, status }) => [operation, outcome, status]),
    [
      ['auth.me', 'AUTH_001', 401],
      ['agents.get', 'GENERAL_001', 400],
      ['agents.create', 'AGENT_004', 409],
    ],
  )
  assert.deepEqual(await server.app.kernel.audit.verify().then(({ ok, rows }) => [ok, rows]), [
    true,
    lines.length,
  ])
})

test('a line of a transaction that was rolled back leaves no gap', async (t) => {
  const { server, token } = await open(t)
  const { kernel } = server.app
  await assert.rejects(
    kernel.store.write((tx) => {
      kernel.audit.write(tx, { ...(kernel.audit.lines(undefined, 1)[0] ?? assert.fail()) })
      return Promise.reject(new Error('rolled back'))
    }),
  )
  await server.call(token, 'auth.me', {})
  await kernel.audit.flush()
  assert.equal((await kernel.audit.verify()).ok, true)
})

test('a changed, deleted, inserted or moved line is named', async (t) => {
  const changes: Readonly<Record<string, RegExp>> = {
    "UPDATE audit SET operation = 'auth.mf' WHERE seq = 5": /^line 5 was changed/,
    'UPDATE audit SET actor = NULL WHERE seq = 5': /^line 5 was changed/,
    "UPDATE audit SET mac = 'A' || substr(mac, 2) WHERE seq = 5": /^line 5 was changed/,
    'DELETE FROM audit WHERE seq = 5': /^lines 5 to 5 are missing/,
    'UPDATE audit SET seq = -1 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -1':
      /^line 5 was changed/,
  }
  for (const [statement, expected] of Object.entries(changes)) {
    const [first] = await tampered(await open(t), statement)
    assert.match(first ?? 'nothing was noticed', expected, statement)
  }
})

test('a cut end is noticed by the checkpoint outside the database', async (t) => {
  const scene = await open(t)
  const problems = await tampered(scene, 'DELETE FROM audit WHERE seq > 5')
  assert.match(problems.join(), /lines 6 to \d+ are missing at the end|is not the one of its checkpoint/)
})

test('a checkpoint that was changed or made up is named, and one that was cut by a crash is not there', async (t) => {
  const { folder, server } = await open(t)
  await server.close()
  const path = checkpointsPath(folder)
  const whole = readFileSync(path, 'utf8')
  appendFileSync(path, '{"seq":3,"mac":"half of a li')
  assert.deepEqual(await told(folder), [])
  assert.equal(
    readFileSync(path, 'utf8')
      .split('\n')
      .every((line) => line === '' || line.endsWith('}')),
    true,
  )
  writeFileSync(path, whole.replace(/"seq":\d+/, '"seq":3'))
  assert.match((await told(folder)).join(), /line 1 of the checkpoints is not signed by this server/)
})

test('a checkpoint follows 256 lines, or a minute with a line, and covers only what is on the disk', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'paios-audit-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const clock = fakeClock(START)
  const path = join(folder, 'checkpoints.jsonl')
  const { publicKey: _, privateKey: signing_key } = generateKeyPairSync('ed25519')
  let isDurable = Promise.withResolvers<undefined>()
  const checkpointer = new Checkpointer({
    store: { settled: () => isDurable.promise },
    clock,
    log: openLog('error', clock, () => {}),
    signing_key,
    path,
    instance: () => 'here',
  })
  const written = () => readFileSync(path, 'utf8')
  checkpointer.moved({ seq: 255, mac: 'a' })
  assert.equal(written(), '')
  clock.advance(60_000)
  assert.equal(written(), '')
  isDurable.resolve(undefined)
  await checkpointer.flush()
  isDurable = Promise.withResolvers()
  checkpointer.moved({ seq: 510, mac: 'b' })
  checkpointer.moved({ seq: 511, mac: 'c' })
  isDurable.resolve(undefined)
  await checkpointer.flush()
  const { checkpoints } = readCheckpoints(path, signing_key)
  assert.deepEqual(
    checkpoints.map(({ seq, mac, instance }) => [seq, mac, instance]),
    [
      [255, 'a', 'here'],
      [511, 'c', 'here'],
    ],
  )
})

test('old lines go in sealed stretches, the chain still holds, and a stretch cannot be left out', async (t) => {
  const scene = await open(t, 5_000)
  const { server, token } = scene
  server.clock.advance(2 * 86_400_000)
  await server.call(token, 'auth.me', {})
  await server.app.kernel.audit.flush()
  assert.equal(await server.app.kernel.audit.sealOld(86_400_000), 4_096)
  const report = await server.app.kernel.audit.verify()
  assert.deepEqual([report.ok, report.sealed_rows], [true, 4_096])
  const [first] = await tampered(scene, 'DELETE FROM audit_segments')
  assert.match(first ?? 'nothing was noticed', /lines 1 to 4096 are missing/)
})

test('what does not hold is never sealed, and a line before the first is named', async (t) => {
  const scene = await open(t, 4_200)
  const { server, folder } = scene
  await server.close()
  const connection = openConnection(join(folder, 'paios.sqlite'), { synchronous: 'FULL' })
  connection.exec(`DELETE FROM audit WHERE seq BETWEEN 2 AND 4095; UPDATE audit SET time = '2000-01-01' WHERE seq = 4096;
    INSERT INTO audit SELECT 0, time, request_id, actor, session_id, transport, operation, target, status, outcome, ip,
      counted, duration_ms, 'nothing' FROM audit WHERE seq = 1`)
  connection.close()
  const again = await openTestApp({ data_dir: folder })
  const { audit } = again.app.kernel
  assert.equal(await audit.sealOld(1), 0)
  const { problems } = await audit.verify()
  await again.close()
  assert.deepEqual(
    problems.map(({ what }) => what.replace(/\d+$/, 'n')),
    ['1 lines stand before the first', 'lines 2 to 4095 are missing'],
  )
})

test('half a pair in what a stranger sends does not break the chain', async (t) => {
  const { server } = await open(t)
  await server.call(undefined, 'auth.login', { id: `${'a'.repeat(63)}😀` } as never)
  await server.app.kernel.audit.flush()
  assert.equal((await server.app.kernel.audit.verify()).ok, true)
})
