import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BOUNDS } from './bounds.ts'
import { refusal } from './rig.ts'
import { Slots } from './slots.ts'

const never = new AbortController().signal
const BUSY = 'SYSTEM_OVERLOADED 503: Too many requests wait to go out already.'

function open(bounds: Partial<typeof BOUNDS>) {
  const slots = new Slots({ ...BOUNDS, ...bounds })
  const started: string[] = []
  const take = async (host: string, user_id = host, signal = never): Promise<() => void> => {
    const release = await slots.acquire({ host, user_id }, signal)
    started.push(host)
    return release
  }
  return { take, started }
}

test('a host and a user get so many connections and no more, and let others pass while they wait', async () => {
  for (const bound of [{ connections_per_host: 1 }, { connections_per_user: 1 }]) {
    const { take, started } = open(bound)
    const release = await take('a')
    const waiting = take('a')
    await take('b')
    assert.deepEqual(started, ['a', 'b'])
    release()
    release()
    await waiting
    const third = take('a', 'a', AbortSignal.abort(new Error('gone')))
    assert.equal(await refusal(third), 'Error: gone')
    assert.deepEqual(started, ['a', 'b', 'a'])
  }
})

test('all together get so many, first come, first served, and one too many that waits is refused', async () => {
  const { take, started } = open({ connections: 1, waiting: 2 })
  const first = await take('a')
  const [second, third] = [take('b'), take('c')]
  assert.equal(await refusal(take('d')), BUSY)
  first()
  ;(await second)()
  ;(await third)()
  assert.deepEqual(started, ['a', 'b', 'c'])
})

test('one that gives up waiting leaves no slot behind, even when it does so in the moment of its turn', async () => {
  const { take, started } = open({ connections: 1, waiting: 1 })
  const first = await take('a')
  const leaving = new AbortController()
  const left = refusal(take('b', 'b', leaving.signal))
  leaving.abort(new Error('gone'))
  first()
  assert.equal(await left, 'Error: gone')
  const next = await take('c')
  const turn = new AbortController()
  const late = take('d', 'd', turn.signal)
  next()
  turn.abort(new Error('too late'))
  ;(await late)()
  await nextTurn()
  await take('e')
  assert.deepEqual(started, ['a', 'c', 'd', 'e'])
})
