import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openConnection } from '../../server/kernel/store/connection.ts'
import { openChance } from './chance.ts'
import type { Claim } from './claims.ts'
import { HALVES, findHalves } from './halves.ts'
import { checkServerImage, openServer } from './server-check.ts'
import { idleSyncer } from './store-check.ts'
import { travel, write } from './writers.ts'

const root = mkdtempSync(join(tmpdir(), 'paios-check-'))
const claims: Claim[] = []
const STORIES = 60
const CHANGES = 3
after(() => rmSync(root, { recursive: true }))

function stop(error: unknown): never {
  throw error
}

function note(made: Claim): void {
  claims.push(made)
}

function times(count: number): () => boolean {
  let left = count
  return () => (left -= 1) >= 0
}

/** One user's work, all of which is there. */
before(async () => {
  mkdirSync(join(root, 'data'))
  const server = await openServer(root, () => idleSyncer, stop, stop)
  const { user_id, token } = await server.claim()
  const account = { user_id, email: 'ann@example.org', token, signed_in_at: Date.now() }
  note({ is: 'account', ...account })
  server.app.kernel.events.hear(({ seq, name }) => note({ is: 'event', user_id, seq, name }))
  const chance = openChance(1)
  await write({ server, account, claim: note, chance, name: 'x' }, times(STORIES))
  await travel({ server, account, claim: note, chance }, 0, times(CHANGES))
  await server.close()
})

test('what is all there has no lost claims and no halves', async () => {
  assert.deepEqual(await checkServerImage(root, claims), [])
  const kinds = new Set(claims.map(({ is }) => is))
  assert.deepEqual([...kinds].toSorted(), [
    'account',
    'audit',
    'event',
    'execution',
    'item',
    'memory',
    'reminder',
    'undone',
    'zone',
  ])
})

/** The first claim of a kind that satisfies what is asked. */
function first<K extends Claim['is']>(is: K, fits: (claim: Claim & { is: K }) => boolean = () => true) {
  const found = claims.find((claim): claim is Claim & { is: K } => claim.is === is && fits(claim as never))
  return found ?? assert.fail(`no claim of the kind ${is}`)
}

/** Claims that differ from true ones in one thing. */
function untrue(): Claim[] {
  const memory = first('memory')
  const open = first(
    'item',
    ({ text }) => !claims.some((claim) => claim.is === 'item' && claim.done && claim.text === text),
  )
  return [
    { ...first('account'), user_id: 'nobody' },
    { ...memory, id: 'none' },
    { ...memory, text: 'never said' },
    { ...memory, user_id: 'somebody else' },
    { ...open, text: 'never added' },
    { ...open, done: true },
    { ...first('reminder'), text: 'never set' },
    { ...first('execution'), execution_id: 'none' },
    { ...first('undone'), memory_id: memory.id },
    { ...first('audit'), request_id: 'none' },
    { ...first('audit'), operation: 'agents.create' },
    { ...first('event'), seq: 1_000_000 },
    { ...first('event'), name: 'agent:error' },
    { ...first('zone'), change: CHANGES + 5 },
  ]
}

test('each claim that is not true is found to be lost, and says which', async () => {
  for (const claim of untrue()) {
    const described = JSON.stringify(claim, (key, value: unknown) => (key === 'token' ? undefined : value))
    assert.deepEqual(await checkServerImage(root, [claim]), [`lost ${described}`])
  }
})

test('one claim that is not true is found among all that are', async () => {
  const wrong = { ...first('event'), seq: 1_000_000 }
  assert.deepEqual(await checkServerImage(root, [...claims, wrong]), [`lost ${JSON.stringify(wrong)}`])
})

test('a session that is not kept is found by its token', async () => {
  const [problem = 'nothing'] = await checkServerImage(root, [{ ...first('account'), token: 'unknown' }])
  assert.match(problem, /^signing in of/)
})

const DAMAGES: Readonly<Record<string, string>> = {
  'a number of the events is missing': 'DELETE FROM events WHERE seq = 5',
  'the counter of the events is wrong': 'UPDATE event_counters SET seq = seq + 1',
  'a number of the audit is missing': 'DELETE FROM audit WHERE seq = 3',
  'an execution has no audit line': `DELETE FROM audit WHERE operation = 'agents.execute'`,
  'an execution remembered, but there is no memory': `DELETE FROM memories WHERE memory_type = 'note'`,
  'a memory comes from no execution': `DELETE FROM executions WHERE action = 'remember'`,
  'a memory cannot be searched': 'DELETE FROM memory_words WHERE rowid = (SELECT max(number) FROM memories)',
  'words are kept of a memory that is gone':
    'DELETE FROM memories WHERE number = (SELECT max(number) FROM memories)',
  'a tag is kept of a memory that is gone': `DELETE FROM memories WHERE memory_type = 'stored'`,
  'an item was added, but is not there': `DELETE FROM records WHERE collection = 'item'`,
  'an item comes from no execution': `DELETE FROM executions WHERE action = 'add'`,
  'an item was ticked off, but is open': `UPDATE records SET body = json_set(body, '$.done', json('false'))
    WHERE collection = 'item'`,
  'an item is done by no execution': `DELETE FROM executions WHERE action = 'done'`,
  'a reminder was set, but is not there': `DELETE FROM records WHERE collection = 'reminder'`,
  'a reminder comes from no execution': `DELETE FROM executions WHERE action = 'remind'`,
  'a reminder will not ring': `DELETE FROM jobs WHERE kind = 'agents.alarm'`,
  'an alarm has no reminder': `DELETE FROM records WHERE collection = 'reminder'`,
  'an effect cannot be undone': `DELETE FROM undo_entries WHERE direction = 'do'`,
  'an undo entry has no execution': `UPDATE executions SET status = 'failed'`,
  'an undo entry has no steps': 'DELETE FROM undo_steps',
  'an entry is reversed by nothing': 'DELETE FROM undo_entries WHERE undoes IS NOT NULL',
  'an entry was undone, but is not reversed': `UPDATE undo_entries SET state = 'done'`,
  'what was undone is still there': `UPDATE memories SET id = (SELECT target FROM undo_steps JOIN undo_entries
    ON id = entry_id WHERE direction = 'undo' AND kind = 'memory') WHERE number = (SELECT max(number) FROM memories)`,
  'an end was told twice': `INSERT INTO events SELECT user_id, seq + 1000, name, data, created_at FROM events
    WHERE name = 'agent:execution_completed' LIMIT 1`,
  'an end was told of something that has not ended': `UPDATE executions SET status = 'executing'`,
  'an end was not told': `DELETE FROM events WHERE name = 'agent:execution_completed'`,
  'an execution waits for no job': `UPDATE executions SET status = 'queued'`,
  'a job has no execution to run': `UPDATE jobs SET kind = 'agents.run'`,
  'an execution has no receipt': 'DELETE FROM idempotency',
  'a receipt has no execution': 'DELETE FROM executions',
  'two receipts are for one execution': `UPDATE idempotency SET receipt = (SELECT receipt FROM idempotency
    WHERE operation = 'agents.execute' LIMIT 1) WHERE operation = 'agents.execute'`,
  'the counts of an agent are wrong': 'UPDATE agents SET execution_count = execution_count + 1',
  'a row refers to nothing': 'DELETE FROM users',
}

test('each half is found when it is planted', () => {
  assert.deepEqual(Object.keys(DAMAGES), Object.keys(HALVES))
  const connection = openConnection(join(root, 'data', 'paios.sqlite'), { synchronous: 'NORMAL' })
  connection.exec('PRAGMA foreign_keys=OFF')
  const missed = Object.entries(DAMAGES).filter(([half, damage]) => {
    connection.exec(`BEGIN; ${damage}`)
    const found = findHalves(connection)
    connection.exec('ROLLBACK')
    return !found.some((problem) => problem.startsWith(half))
  })
  assert.deepEqual(missed, [])
  assert.deepEqual(findHalves(connection), [])
  connection.close()
})
