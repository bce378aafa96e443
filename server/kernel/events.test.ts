import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { Events, eventMigrations } from './events.ts'
import type { Told } from './events.ts'
import { START, heldSyncs, openTestStore, temporaryFolder, turn } from './rig.ts'

type Settings = Parameters<typeof openTestStore>[1]

function openEvents(t: TestContext, settings: Settings = {}) {
  const opened = openTestStore(t, { ...settings, migrations: eventMigrations })
  const { store, clock } = opened
  const events = new Events(store, clock)
  const heard: Told[] = []
  const stop = events.hear((event) => heard.push(event))
  const tell = (user_id: string, ...errors: string[]) =>
    store.write((tx) => {
      for (const error of errors) events.tell(tx, 'agent:error', user_id, { agent_id: '7', error })
      return Promise.resolve()
    })
  const texts = () =>
    heard.map(({ user_id, seq, data }) => `${user_id} ${seq} ${(data as { error: string }).error}`)
  return { ...opened, events, heard, stop, tell, texts }
}

test('events of a user are numbered from 1 without gaps, whoever else is told something in between', async (t) => {
  const { tell, texts } = openEvents(t)
  await tell('ann', 'a', 'b')
  await tell('bob', 'c')
  await tell('ann', 'd')
  await turn()
  assert.deepEqual(texts(), ['ann 1 a', 'ann 2 b', 'bob 1 c', 'ann 3 d'])
})

test('an event says what happened to whom and when, live and when it is asked for again', async (t) => {
  const { clock, tell, heard, events } = openEvents(t)
  clock.advance(1_500)
  await tell('ann', 'naïve 😀 \u0000')
  clock.advance(5_000)
  await turn()
  const told = {
    user_id: 'ann',
    seq: 1,
    name: 'agent:error',
    data: { agent_id: '7', error: 'naïve 😀 \u0000' },
    created_at: new Date(START + 1_500).toISOString(),
  }
  const { events: kept } = await events.since('ann', 0)
  assert.deepEqual([heard, kept.map((event) => ({ ...event }))], [[told], [told]])
})

test('an event of a transaction that is rolled back was never told, and leaves no gap', async (t) => {
  const { store, events, tell, texts } = openEvents(t)
  await tell('ann', 'a')
  const rolledBack = store.write((tx) => {
    events.tell(tx, 'agent:error', 'ann', { agent_id: '7', error: 'never' })
    return Promise.reject(new Error('no'))
  })
  await assert.rejects(rolledBack)
  await tell('ann', 'b')
  await turn()
  assert.deepEqual(texts(), ['ann 1 a', 'ann 2 b'])
})

test('nothing is delivered before it is on the disk', async (t) => {
  const disk = heldSyncs()
  const { tell, texts } = openEvents(t, { syncer: disk.open })
  await tell('ann', 'a')
  await turn()
  assert.deepEqual([texts(), disk.pending()], [[], 1])
  // Told during the sync of the first: the next one is for it.
  await tell('ann', 'b')
  disk.end()
  await turn()
  assert.deepEqual([texts(), disk.pending()], [['ann 1 a'], 1])
  disk.end()
  await turn()
  assert.deepEqual(texts(), ['ann 1 a', 'ann 2 b'])
})

test('what could not be made durable is never delivered', async (t) => {
  const disk = heldSyncs()
  const { tell, texts, fatal } = openEvents(t, { syncer: disk.open })
  await tell('ann', 'a')
  await turn()
  disk.end(new Error('EIO'))
  await turn()
  assert.deepEqual([texts(), fatal.length], [[], 1])
})

test('every listener hears every event in order, until it stops', async (t) => {
  const { events, tell, stop, texts } = openEvents(t)
  const other: number[] = []
  const stopOther = events.hear(({ seq }) => other.push(seq))
  await tell('ann', 'a', 'b')
  await turn()
  stopOther()
  await tell('ann', 'c')
  await turn()
  stop()
  await tell('ann', 'd')
  await turn()
  assert.deepEqual(
    [texts(), other],
    [
      ['ann 1 a', 'ann 2 b', 'ann 3 c'],
      [1, 2],
    ],
  )
})

test('what a listener does can tell more, which follows', async (t) => {
  const { events, tell, texts } = openEvents(t)
  const stop = events.hear(({ seq }) => {
    if (seq < 4) void tell('ann', `after ${seq}`)
  })
  await tell('ann', 'first')
  for (let n = 0; n < 5; n += 1) await turn()
  stop()
  assert.deepEqual(texts(), ['ann 1 first', 'ann 2 after 1', 'ann 3 after 2', 'ann 4 after 3'])
})

test('who comes back gets what was missed, and nothing of anybody else', async (t) => {
  const { events, tell } = openEvents(t)
  await tell('ann', 'a', 'b', 'c')
  await tell('bob', 'x')
  const seqs = async (user_id: string, seq: number) => {
    const { events: missed, gap } = await events.since(user_id, seq)
    return [...missed.map((event) => event.seq), gap]
  }
  assert.deepEqual(await seqs('ann', 0), [1, 2, 3, false])
  assert.deepEqual(await seqs('ann', 2), [3, false])
  assert.deepEqual(await seqs('ann', 3), [false])
  assert.deepEqual(await seqs('ann', 99), [false])
  assert.deepEqual(await seqs('bob', 0), [1, false])
  assert.deepEqual(await seqs('nobody', 0), [false])
})

test('numbers and events survive a restart', async (t) => {
  const data_dir = temporaryFolder(t)
  const first = openEvents(t, { data_dir })
  await first.tell('ann', 'a', 'b')
  await first.close()
  const { events, tell, texts } = openEvents(t, { data_dir })
  await tell('ann', 'c')
  await turn()
  assert.deepEqual(texts(), ['ann 3 c'])
  assert.deepEqual(
    (await events.since('ann', 1)).events.map(({ seq }) => seq),
    [2, 3],
  )
})

test('at least the newest 2,000 of each user are kept, and who missed more is told of the gap', async (t) => {
  const { events, tell, rows } = openEvents(t)
  await tell('bob', 'x')
  const many = Array.from({ length: 256 }, (_, n) => `${n}`)
  for (let batch = 1; batch <= 10; batch += 1) {
    await tell('ann', ...many)
    const [kept] = rows(`SELECT count(*) AS n, max(seq) AS last FROM events WHERE user_id = 'ann'`)
    const n = Number(kept?.['n'])
    assert.ok(n >= Math.min(2_000, batch * 256) && n <= 2_256, `${n} after ${batch * 256}`)
    assert.equal(kept?.['last'], batch * 256)
  }
  const oldest = Number(rows(`SELECT min(seq) AS n FROM events WHERE user_id = 'ann'`)[0]?.['n'])
  assert.deepEqual(
    [(await events.since('ann', oldest - 1)).gap, (await events.since('ann', oldest - 2)).gap],
    [false, true],
  )
  assert.equal((await events.since('bob', 0)).events.length, 1)
})

const MIB = 1_048_576
/** What the data of an event come to besides their text. */
const FRAME = JSON.stringify({ agent_id: '7', error: '' }).length

test('at most 16 MiB of each user are kept: the oldest go, who missed them is told of the gap, others lose nothing', async (t) => {
  const { events, tell, rows, heard } = openEvents(t)
  const sized = 'x'.repeat(MIB - FRAME)
  const kept = () =>
    rows(
      `SELECT count(*) AS n, sum(octet_length(data)) AS bytes, max(seq) AS last FROM events WHERE user_id = 'ann'`,
    )
  await tell('bob', 'x')
  await tell('ann', ...Array.from({ length: 16 }, () => sized))
  assert.deepEqual(kept(), [{ n: 16, bytes: 16 * MIB, last: 16 }])
  // The first byte too many frees room for more than one event.
  await tell('ann', '')
  assert.deepEqual(kept(), [{ n: 14, bytes: 13 * MIB + FRAME, last: 17 }])
  const counted = rows(`SELECT seq, bytes FROM event_counters WHERE user_id = 'ann'`)
  assert.deepEqual(counted, [{ seq: 17, bytes: 13 * MIB + FRAME }])
  assert.deepEqual([(await events.since('ann', 3)).gap, (await events.since('ann', 2)).gap], [false, true])
  assert.equal((await events.since('bob', 0)).events.length, 1)
  await turn()
  assert.equal(heard.length, 18)
})

test('what a user took out of events makes room: nothing is forgotten for it', async (t) => {
  const { store, tell, rows } = openEvents(t)
  await tell('ann', ...Array.from({ length: 16 }, () => 'x'.repeat(MIB - FRAME)))
  await store.write(async ({ connection }) => {
    await Promise.resolve(connection.run(`UPDATE events SET data = '{}' WHERE seq <= 1`, []))
  })
  await tell('ann', '')
  const [kept] = rows(`SELECT count(*) AS n, sum(octet_length(data)) AS bytes FROM events`)
  assert.deepEqual(kept, { n: 17, bytes: 15 * MIB + 2 + FRAME })
  assert.deepEqual(rows('SELECT bytes FROM event_counters'), [{ bytes: kept?.['bytes'] }])
})

test('bytes are counted and not characters, and an event larger than all that is kept stays until the next', async (t) => {
  const { events, tell } = openEvents(t)
  const seqs = async () => (await events.since('ann', 0)).events.map(({ seq }) => seq)
  await tell('ann', 'a', '€'.repeat(6 * MIB))
  assert.deepEqual(await seqs(), [2])
  await tell('ann', 'b')
  assert.deepEqual(await seqs(), [3])
})

test('many events that are not large are kept by their number alone, and their bytes are counted anew', async (t) => {
  const { tell, rows } = openEvents(t)
  const many = Array.from({ length: 256 }, () => 'x'.repeat(1_000))
  for (let batch = 0; batch < 9; batch += 1) await tell('ann', ...many)
  const [sum] = rows('SELECT count(*) AS n, sum(octet_length(data)) AS bytes FROM events')
  assert.equal(sum?.['n'], 2_001)
  assert.deepEqual(rows('SELECT bytes FROM event_counters'), [{ bytes: sum?.['bytes'] }])
})

test('what was kept before its bytes were counted counts after an upgrade', async (t) => {
  const data_dir = temporaryFolder(t)
  const old = openTestStore(t, { data_dir, migrations: eventMigrations.slice(0, 1) })
  await old.store.write((tx) => {
    tx.connection.run(`INSERT INTO event_counters VALUES ('ann', 2), ('bob', 5)`, [])
    for (const [seq, data] of [
      [1, '{}'],
      [2, '"€"'],
    ] as const)
      tx.connection.run(`INSERT INTO events VALUES ('ann', ?, 'agent:error', ?, '')`, [seq, data])
    return Promise.resolve()
  })
  await old.close()
  const { rows, tell } = openEvents(t, { data_dir })
  const bytes = () => rows('SELECT bytes FROM event_counters ORDER BY user_id').map((row) => row['bytes'])
  assert.deepEqual(bytes(), [7, 0])
  await tell('ann', 'a')
  assert.deepEqual(bytes(), [8 + FRAME, 0])
})

test('what was missed comes in pages of 1,000, the oldest first', async (t) => {
  const { events, tell } = openEvents(t)
  await tell('ann', ...Array.from({ length: 1_001 }, (_, n) => `${n}`))
  const first = await events.since('ann', 0)
  assert.deepEqual([first.events.length, first.events[0]?.seq, first.gap], [1_000, 1, false])
  const second = await events.since('ann', 1_000)
  assert.deepEqual(
    second.events.map(({ seq }) => seq),
    [1_001],
  )
})
