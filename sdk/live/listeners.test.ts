import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Listeners } from './listeners.ts'

const place = { seq: 1, created_at: '2026-11-22T10:00:00.000Z' }
const event = { name: 'agent:error', data: { agent_id: 'a', error: 'no' }, place }

test('a listener that throws keeps no other from hearing, and what it threw is not lost', () => {
  const raised: unknown[] = []
  const listeners = new Listeners((error) => raised.push(error))
  const broken = new Error('broken')
  const heard: unknown[] = []
  const fail = (): void => {
    throw broken
  }
  listeners.on('agent:error', fail)
  listeners.onAny(fail)
  listeners.onGap(fail)
  listeners.on('agent:error', ({ error }, { seq }) => heard.push([error, seq]))
  listeners.onAny(({ name }) => heard.push(name))
  listeners.onGap(() => heard.push('gap'))
  listeners.tell(event)
  listeners.tellGap()
  assert.deepEqual(heard, [['no', 1], 'agent:error', 'gap'])
  assert.deepEqual(raised, [broken, broken, broken])
})

test('each hears what it listens to, until it stops, even when it stops while it hears', () => {
  const listeners = new Listeners()
  const heard: string[] = []
  const stop = listeners.on('agent:error', () => {
    stop()
    heard.push('once')
  })
  listeners.on('agent:error', () => heard.push('always'))
  listeners.on('voice:processing', () => heard.push('never'))
  const stopState = listeners.onState((isOpen) => heard.push(String(isOpen)))
  listeners.tell(event)
  listeners.tell(event)
  listeners.tellState(true)
  stopState()
  listeners.tellState(false)
  assert.deepEqual(heard, ['once', 'always', 'always', 'true'])
  listeners.tell({ ...event, name: 'of a newer server' })
  assert.equal(heard.length, 4)
})
