import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { fakeClock } from '../../../test/clock.ts'
import { Fault } from '../fault.ts'
import { START, openTestStore, temporaryFolder, turn } from '../rig.ts'
import type { Tx } from './store.ts'

interface Tables {
  items: { id: string }
}

const insert = (tx: Tx, id: string): number => tx.connection.run('INSERT INTO items VALUES (?)', [id])

test('transactions never overlap: one begins when all before it have ended', async (t) => {
  const { store, items } = openTestStore(t)
  const steps: string[] = []
  const work = (name: string) => async (tx: Tx) => {
    steps.push(`${name} begins`)
    for (let n = 0; n < 3; n += 1) {
      await tx
        .tables<Tables>()
        .insertInto('items')
        .values({ id: `${name}${n}` })
        .execute()
    }
    const seen = await tx.tables<Tables>().selectFrom('items').select('id').execute()
    steps.push(`${name} ends with ${seen.length}`)
  }
  await Promise.all(['a', 'b', 'c'].map((name) => store.write(work(name))))
  assert.deepEqual(steps, [
    'a begins',
    'a ends with 3',
    'b begins',
    'b ends with 6',
    'c begins',
    'c ends with 9',
  ])
  assert.equal(items().length, 9)
})

test('a reader sees nothing of a transaction before its commit, and all of it when its write resolves', async (t) => {
  const { store, items } = openTestStore(t)
  await store.write((tx) => {
    insert(tx, 'a')
    insert(tx, 'b')
    assert.deepEqual(items(), [])
    return Promise.resolve()
  })
  assert.deepEqual(items(), ['a', 'b'])
})

test('whatever fails in a transaction leaves nothing of it, and the next one works', async (t) => {
  const { store, add, items, rows } = openTestStore(t)
  const failures: [string, (tx: Tx) => Promise<unknown>, RegExp][] = [
    ['rejects', () => Promise.reject(new Error('later')), /later/],
    [
      'throws at once',
      () => {
        throw new Error('at once')
      },
      /at once/,
    ],
    ['breaks a constraint', (tx) => Promise.resolve(insert(tx, 'kept')), /UNIQUE/],
    ['is no SQL', (tx) => Promise.resolve(tx.connection.exec('INSERT nonsense')), /syntax/],
    ['begins another', (tx) => Promise.resolve(tx.connection.exec('BEGIN')), /within a transaction/],
  ]
  await add('kept')
  for (const [name, work, message] of failures) {
    const failing = store.write((tx) => {
      insert(tx, name)
      return work(tx)
    })
    await assert.rejects(failing, message, name)
    await add(`after ${name}`)
  }
  assert.deepEqual(items(), ['kept', ...failures.map(([name]) => `after ${name}`)].toSorted())
  assert.deepEqual(rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
})

test('a Fault that is thrown in a transaction arrives as it is', async (t) => {
  const { store } = openTestStore(t)
  const fault = new Fault('AGENT_NOT_FOUND', 'No agent 7.', { id: '7' })
  await assert.rejects(
    store.write(() => Promise.reject(fault)),
    (error) => error === fault,
  )
})

test('a full disk is told as such, and the transaction leaves nothing', async (t) => {
  const { store, add, items } = openTestStore(t)
  await add('before')
  const pages = Number(store.reader.connection.all('PRAGMA page_count', [])[0]?.['page_count'])
  const filling = store.write((tx) => {
    tx.connection.exec(`PRAGMA max_page_count = ${pages + 2}`)
    for (let n = 0; n < 100; n += 1) insert(tx, `${n} `.repeat(1_000))
    return Promise.resolve()
  })
  await assert.rejects(filling, (error) => {
    assert.ok(error instanceof Fault)
    assert.deepEqual([error.code, error.status, error.details], ['GENERAL_004', 503, { reason: 'disk_full' }])
    return true
  })
  await add('after')
  assert.deepEqual(items(), ['after', 'before'])
})

test('callbacks run after the commit and before the write resolves, in their order; none after a rollback', async (t) => {
  const { store, items } = openTestStore(t)
  const called: string[] = []
  await store.write((tx) => {
    tx.afterCommit(() => called.push(`first sees ${items().length}`))
    tx.afterCommit(() => called.push('second'))
    insert(tx, 'a')
    assert.deepEqual(called, [])
    return Promise.resolve()
  })
  assert.deepEqual(called, ['first sees 1', 'second'])
  const rolledBack = store.write((tx) => {
    tx.afterCommit(() => called.push('never'))
    return Promise.reject(new Error('no'))
  })
  await assert.rejects(rolledBack)
  assert.equal(called.length, 2)
})

test('a callback may write: that is a transaction of its own', async (t) => {
  const { store, add, items } = openTestStore(t)
  const { promise, resolve } = Promise.withResolvers<unknown>()
  await store.write((tx) => {
    tx.afterCommit(() => resolve(add('from the callback')))
    return Promise.resolve()
  })
  assert.equal(await promise, 'from the callback')
  assert.deepEqual(items(), ['from the callback'])
})

test('a callback that throws ends the process, but neither its commit nor the callbacks after it', async (t) => {
  const program = `
    import { openStore } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)}
    process.once('uncaughtException', (error) => { console.log('uncaught ' + error.message) })
    const idle = () => Promise.resolve()
    const { store } = openStore({ data_dir: ${JSON.stringify(temporaryFolder(t))}, migrations: [], now: '',
      clock: { elapsed: () => 0 }, onFatal: () => {}, syncer: () => ({ sync: idle, checkpoint: idle, close: idle }) })
    const answer = await store.write((tx) => {
      tx.afterCommit(() => { throw new Error('broken') })
      tx.afterCommit(() => console.log('next'))
      return Promise.resolve('committed')
    })
    await new Promise(setImmediate)
    console.log(answer, store.progress.committed)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  assert.deepEqual(stdout.trim().split('\n'), ['next', 'uncaught broken', 'committed 1'])
})

test('too many that wait for the writer are refused, and those that wait are carried out', async (t) => {
  const { store, add, items } = openTestStore(t, { waiting_max: 2 })
  const { promise: busy, resolve } = Promise.withResolvers<void>()
  const writing = [store.write(() => busy), add('a'), add('b')]
  await assert.rejects(add('c'), { name: 'SYSTEM_OVERLOADED', code: 'SYSTEM_001', status: 503 })
  resolve()
  await Promise.all(writing)
  await add('d')
  assert.deepEqual(items(), ['a', 'b', 'd'])
})

test('while the disk has no room writes are refused with the reason, reads go on, and nothing needs a restart', async (t) => {
  let reason: string | undefined = undefined
  const { store, add, items } = openTestStore(t, { refuseWrites: () => reason })
  await add('a')
  reason = 'There are only 12 MB left.'
  await assert.rejects(add('b'), {
    name: 'SERVICE_UNAVAILABLE',
    message: reason,
    details: { reason: 'disk_full' },
  })
  assert.deepEqual(items(), ['a'])
  await store.settled()
  reason = undefined
  await add('c')
  assert.deepEqual(items(), ['a', 'c'])
})

test('a long line of transactions lets the rest of the process have its turns', async (t) => {
  const clock = fakeClock(START)
  const { store, add } = openTestStore(t, { clock })
  const seen: number[] = []
  const rest = (async () => {
    for (let turns = 0; turns < 4; turns += 1) {
      await turn()
      seen.push(clock.elapsed())
    }
  })()
  const line = Array.from({ length: 40 }, (_, n) =>
    store.write((tx) => {
      clock.advance(1)
      return Promise.resolve(insert(tx, `${n}`))
    }),
  )
  await Promise.all([...line, add('last'), rest])
  // The rest of the process was there while the line went on, again and again.
  assert.ok(
    seen.every((ms, index) => ms > (seen[index - 1] ?? 0) && ms < 40),
    seen.join(' '),
  )
})

test('an attempt that throws, or is only tried, leaves nothing, and what surrounds it stays', async (t) => {
  const { store, items } = openTestStore(t)
  const told: string[] = []
  const note = (tx: Tx, id: string): Promise<string> => {
    insert(tx, id)
    tx.afterCommit(() => told.push(`commit ${id}`))
    tx.afterAttempt(() => told.push(`left ${id}`))
    return Promise.resolve(id)
  }
  await store.write(async (tx) => {
    await note(tx, 'a')
    await tx.attempt(async () => {
      await note(tx, 'b')
      const failing = async (): Promise<void> => {
        await note(tx, 'c')
        await tx.attempt(() => note(tx, 'd'))
        throw new Error('no')
      }
      await assert.rejects(tx.attempt(failing), /no/)
    })
    assert.equal(await tx.attempt(() => note(tx, 'e'), 'tried'), 'e')
    await note(tx, 'f')
  })
  assert.deepEqual(items(), ['a', 'b', 'f'])
  assert.deepEqual(told, ['left d', 'left c', 'left e', 'commit a', 'commit b', 'commit f'])
})
