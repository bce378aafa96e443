import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { seededRandom } from '../../../../test/clock.ts'
import { MESSAGE_VERSION } from '../../../../contract/messages.ts'
import type { MCPMessage } from '../../../../contract/messages.ts'
import { openIds } from '../../../kernel/ids.ts'
import { openLog } from '../../../kernel/log.ts'
import { openTestStore, temporaryFolder } from '../../../kernel/rig.ts'
import { openLines } from '../remote/lines.ts'
import { remoteMigrations, remoteStore } from '../remote/store.ts'
import type { RemoteTables } from '../remote/store.ts'
import { openMail } from './mail.ts'
import type { Addressee, MailBounds } from './mail.ts'

interface Opened {
  given?: Partial<MailBounds>
  data_dir?: string
  migrations?: typeof remoteMigrations
}

/** Mail on a real store; nobody is there to take it. */
function open(t: TestContext, { given, data_dir, migrations = remoteMigrations }: Opened = {}) {
  const opened = openTestStore(t, { migrations, ...(data_dir === undefined ? {} : { data_dir }) })
  const { store, clock } = opened
  const id = openIds(clock.now, seededRandom(1))
  const log = openLog('warn', clock, () => {})
  const mail = openMail({ store, log, clock }, openLines({ clock, id }), given)
  /** Posts a message whose JSON has so many bytes; answers its id. */
  const post = async (to: Addressee, bytes = 400): Promise<string> => {
    const message = sized(id(), bytes)
    await store.write((tx) => mail.post(tx, to, message))
    return message.id
  }
  const tables = <T>(work: (db: ReturnType<typeof store.reader.tables<RemoteTables>>) => Promise<T>) =>
    store.write((tx) => work(tx.tables<RemoteTables>()))
  return {
    ...opened,
    id,
    mail,
    post,
    received: (to: Addressee, one: string) => store.write((tx) => mail.received(tx, to, one)),
    hasRoom: (to: Addressee) => store.write((tx) => mail.hasRoom(tx, to)),
    waiting: (to: Addressee) => tables((db) => remoteStore.waiting(db, to)),
    drop: (to: Addressee) => tables((db) => remoteStore.dropMail(db, to)),
  }
}

function sized(id: string, bytes: number): MCPMessage {
  const message = (data: string): MCPMessage => ({
    id,
    version: MESSAGE_VERSION,
    type: 'notification',
    params: { data },
    timestamp: '2026-11-22T10:00:00.000Z',
    source: { agent_number: 0, agent_id: '' },
  })
  return message('x'.repeat(bytes - JSON.stringify(message('')).length))
}

const A1 = { user_id: 'ann', agent_id: 'a1' }
const A2 = { user_id: 'ann', agent_id: 'a2' }
const B1 = { user_id: 'bob', agent_id: 'b1' }
const full = (whom: string) => ({
  name: 'SYSTEM_OVERLOADED',
  status: 503,
  message: `Too many messages wait for ${whom} already.`,
})
const USER = 'the agents of this user'

test('what waits for all agents of a user together is bounded, and no other user notices', async (t) => {
  const { post, hasRoom, waiting } = open(t, { given: { user_bytes_max: 1_200 } })
  await post(A1)
  await post(A1)
  assert.equal(await hasRoom(A2), true)
  await post(A2)
  for (const to of [A1, A2, { ...A1, agent_id: 'unheard of' }]) {
    await assert.rejects(post(to), full(USER))
    assert.equal(await hasRoom(to), false)
  }
  await post(B1)
  assert.deepEqual(await waiting(A1), { messages: 2, bytes: 800, user_bytes: 1_200 })
  assert.deepEqual(await waiting(B1), { messages: 1, bytes: 400, user_bytes: 400 })
})

test('one agent has its own bounds, of messages and of bytes, and leaves the others room', async (t) => {
  const { post } = open(t, { given: { messages_max: 2, bytes_max: 2_000 } })
  await post(A1)
  await post(A1)
  await assert.rejects(post(A1), full('this agent'))
  await post(A2, 2_000)
  await assert.rejects(post(A2), full('this agent'))
  await post(B1)
})

test('bytes are counted and not characters, and a message may be the one that goes beyond', async (t) => {
  const { store, mail, waiting, post } = open(t, { given: { user_bytes_max: 1_000 } })
  const message = { ...sized('1', 400), params: { data: '€'.repeat(300) } }
  await store.write((tx) => mail.post(tx, A1, message))
  const bytes = Buffer.byteLength(JSON.stringify(message))
  assert.ok(bytes > 1_000 && JSON.stringify(message).length < 1_000)
  assert.equal((await waiting(A1)).user_bytes, bytes)
  await assert.rejects(post(A2), full(USER))
})

test('there is room again for what was received, deleted with its agent, or waited for 30 days', async (t) => {
  const { post, received, drop, clock, waiting } = open(t, { given: { user_bytes_max: 800 } })
  const [first, second] = [await post(A1), await post(A2)]
  await received(A1, second)
  await received(B1, first)
  await assert.rejects(post(A1), full(USER))
  await received(A1, first)
  await received(A1, first)
  const third = await post(A1)
  await assert.rejects(post(A1), full(USER))
  await drop(A2)
  await post(A1)
  await received(A1, third)
  clock.advance(30 * 86_400_000)
  // What waits for one agent and is too old makes room for another one.
  await post(A2)
  await assert.rejects(post(A2), full(USER))
  clock.advance(1)
  await post(A2)
  assert.deepEqual(await waiting(A1), { messages: 0, bytes: 0, user_bytes: 800 })
})

test('what is refused or rolled back is not counted', async (t) => {
  const { store, mail, post, waiting } = open(t, { given: { user_bytes_max: 800 } })
  const broken = store.write(async (tx) => {
    await mail.post(tx, A1, sized('never', 800))
    throw new Error('no')
  })
  await assert.rejects(broken, { message: 'no' })
  await post(A1, 800)
  await assert.rejects(post(A1))
  assert.deepEqual(await waiting(A1), { messages: 1, bytes: 800, user_bytes: 800 })
})

test('what waited before it was counted counts after an upgrade and a restart', async (t) => {
  const data_dir = temporaryFolder(t)
  const old = open(t, { data_dir, migrations: remoteMigrations.slice(0, 1) })
  await old.store.write((tx) => {
    for (const [id, user_id, agent_id, message] of [
      ['1', 'ann', 'a1', '"€"'],
      ['2', 'ann', 'a1', '1'],
      ['3', 'ann', 'a2', '22'],
      ['4', 'bob', 'b1', '333'],
    ])
      tx.connection.run('INSERT INTO agent_mail VALUES (?, ?, ?, ?)', [id, user_id, agent_id, message])
    return Promise.resolve()
  })
  await old.close()
  const { waiting } = open(t, { data_dir })
  assert.deepEqual(await waiting(A1), { messages: 2, bytes: 6, user_bytes: 8 })
  assert.deepEqual(await waiting(B1), { messages: 1, bytes: 3, user_bytes: 3 })
})

test('by default 16 MiB wait for one agent and 64 MiB for all agents of a user', async (t) => {
  const { id, store, mail, post, waiting } = open(t)
  const MIB = 1_048_576
  await store.write(async (tx) => {
    for (let index = 0; index < 64; index += 1)
      await mail.post(tx, { ...A1, agent_id: `a${index % 4}` }, sized(id(), MIB))
  })
  assert.deepEqual(await waiting(A1), { messages: 16, bytes: 16 * MIB, user_bytes: 64 * MIB })
  await assert.rejects(post(A1), full('this agent'))
  await assert.rejects(post({ ...A1, agent_id: 'a4' }), full(USER))
  await post(B1)
})
