import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { callOf, performAs } from '../changes/fixture.ts'
import { keyslotsPath } from './keyslots.ts'

const store = async (server: Server, count: number): Promise<Map<string, string>> => {
  const stored = new Map<string, string>()
  for (let number = 0; number < count; number += 1) {
    const value = `secret ${number}`
    const given = {
      service_name: `S${number}`,
      credential_type: 'password',
      credential_data: { value },
    } as const
    stored.set((await performAs(server, server.ann, 'credentials.store', given)).id, value)
  }
  return stored
}
const slotsOf = (server: Server): string[] =>
  (
    JSON.parse(readFileSync(keyslotsPath(server.app.kernel.settings.key_file), 'utf8')) as {
      slots: { id: string }[]
    }
  ).slots.map(({ id }) => id)
const keysIn = (server: Server): string[] =>
  server.app.kernel.store.reader.connection
    .all('SELECT DISTINCT key_id FROM credentials ORDER BY key_id', [])
    .map((row) => String(row['key_id']))
const open = async (server: Server, id: string): Promise<string> =>
  (await performAs(server, server.ann, 'credentials.get', { id })).credential_data.value

/** Lets what is due run until the new key is the only one. */
async function turned(server: Server): Promise<void> {
  for (let turn = 0; turn < 2_000 && slotsOf(server).length > 1; turn += 1) {
    server.clock.advance(10)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a new key takes the place of the old one while secrets are read, and the old one is destroyed', async (context) => {
  const server = await openServer(context)
  const stored = await store(server, 230)
  const [old] = slotsOf(server)
  const { encryption_key_id } = await performAs(server, server.ann, 'credentials.rotate', {})
  assert.notEqual(encryption_key_id, old)
  for (const [id, value] of [...stored].slice(0, 40)) assert.equal(await open(server, id), value)
  await turned(server)
  assert.deepEqual([slotsOf(server), keysIn(server)], [[encryption_key_id], [encryption_key_id]])
  for (const [id, value] of stored) assert.equal(await open(server, id), value)
})

test('a change of keys that is cut off again and again ends with every secret under the newest key', async (context) => {
  const server = await openServer(context)
  const stored = await store(server, 230)
  await performAs(server, server.ann, 'credentials.rotate', {})
  for (let kill = 0; kill < 6; kill += 1) {
    for (let turn = 0; turn < kill * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    if (kill === 3) await performAs(server, server.ann, 'credentials.rotate', {})
    await server.restart()
    await server.app.begin()
  }
  await turned(server)
  const [only, ...more] = slotsOf(server)
  assert.deepEqual([more, keysIn(server)], [[], [only]])
  for (const [id, value] of stored) assert.equal(await open(server, id), value)
})

test('a key that was made but whose change was not committed is taken up at the next start', async (context) => {
  const server = await openServer(context)
  const stored = await store(server, 3)
  const answer = server.app.answers['credentials.rotate']
  assert.ok(answer !== undefined && 'commit' in answer)
  await answer.prepare?.(callOf(server, server.ann), {})
  await server.restart()
  assert.equal(slotsOf(server).length, 2)
  await server.app.begin()
  await turned(server)
  assert.equal(slotsOf(server).length, 1)
  for (const [id, value] of stored) assert.equal(await open(server, id), value)
})

test('a secret that somebody has damaged keeps its key and keeps no other from the new one', async (context) => {
  const server = await openServer(context)
  const [[bad] = [], ...good] = await store(server, 3)
  const damage = (sql: string) => server.write((tx) => Promise.resolve(tx.connection.run(sql, [bad ?? ''])))
  await damage('CREATE TABLE kept AS SELECT * FROM credentials WHERE id = ?')
  await damage(`UPDATE credentials SET envelope = replace(envelope, 'A', 'B') || 'x' WHERE id = ?`)
  const { encryption_key_id } = await performAs(server, server.ann, 'credentials.rotate', {})
  for (let turn = 0; turn < 200; turn += 1) {
    server.clock.advance(10)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(slotsOf(server).length, 2)
  for (const [id, value] of good) assert.equal(await open(server, id), value)
  assert.equal(keysIn(server).includes(encryption_key_id), true)
  await damage('DELETE FROM credentials WHERE id = ?')
  await server.write((tx) =>
    Promise.resolve(tx.connection.run('INSERT INTO credentials SELECT * FROM kept', [])),
  )
  assert.equal(await open(server, bad ?? ''), 'secret 0')
})

test('shredding changes the key, so that no copy of the deleted secret opens any more', async (context) => {
  const server = await openServer(context)
  const [[gone], [kept, value]] = (await store(server, 2)) as unknown as [[string], [string, string]]
  await server.write((tx) =>
    Promise.resolve(tx.connection.run('CREATE TABLE kept AS SELECT * FROM credentials WHERE id = ?', [gone])),
  )
  await server.write((tx) =>
    Promise.resolve(tx.connection.run('CREATE TABLE pins AS SELECT * FROM credential_pins', [])),
  )
  await performAs(server, server.ann, 'credentials.delete', { id: gone, shred: true })
  await turned(server)
  assert.equal(await open(server, kept), value)
  await server.write((tx) =>
    Promise.resolve(tx.connection.run('INSERT INTO credentials SELECT * FROM kept', [])),
  )
  await server.write((tx) =>
    Promise.resolve(tx.connection.run('INSERT OR REPLACE INTO credential_pins SELECT * FROM pins', [])),
  )
  await assert.rejects(open(server, gone), { code: 'GENERAL_004' })
})

test('one damaged credential keeps no other from another key, and nothing that is shredded from losing its own', async (context) => {
  for (const damage of [`'x' || envelope`, `x'ff00'`]) {
    const server = await openServer(context)
    const { ann } = server
    const [damaged = '', shredded = '', kept = ''] = (await store(server, 3)).keys()
    await server.write((tx) =>
      Promise.resolve(
        tx.connection.run(`UPDATE credentials SET envelope = ${damage} WHERE id = ?`, [damaged]),
      ),
    )
    const settled = async (): Promise<void> => {
      for (let turn = 0; turn < 400; turn += 1) {
        server.clock.advance(10)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const first = await performAs(server, ann, 'credentials.rotate', {})
    await settled()
    const second = await performAs(server, ann, 'credentials.rotate', {})
    await settled()
    assert.notEqual(first.encryption_key_id, second.encryption_key_id)
    assert.equal(slotsOf(server).includes(first.encryption_key_id), false)
    await performAs(server, ann, 'credentials.delete', { id: shredded, shred: true })
    await settled()
    assert.deepEqual([slotsOf(server).length, slotsOf(server).includes(second.encryption_key_id)], [2, false])
    assert.equal(await open(server, kept), 'secret 2')
    await assert.rejects(open(server, damaged), /not as it was stored/)
  }
})
