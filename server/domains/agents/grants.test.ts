import assert from 'node:assert/strict'
import { test } from 'node:test'
import { granted, mayReach } from './grants.ts'

const owner = (grants: unknown) => ({ preferences: { grants } })
const read = { agent_number: 20, memory: 'read' }
const many = (length: number) => Array.from({ length }, () => read)
const write = { agent_number: 21, memory: 'write' }

test('a grant lets in whom it names: reading needs either, writing needs write', () => {
  const given = owner([read, write])
  assert.deepEqual([mayReach(given, 20, 'read'), mayReach(given, 20, 'write')], [true, false])
  assert.deepEqual([mayReach(given, 21, 'read'), mayReach(given, 21, 'write')], [true, true])
  assert.deepEqual([mayReach(given, 22, 'read'), mayReach(given, 22, 'write')], [false, false])
})

test('without a list of grants nobody is let in', () => {
  const lists = [undefined, null, '', 'all', true, 20, {}, { 0: read, length: 1 }, read, [], [[read]]]
  for (const grants of lists) assert.equal(mayReach(owner(grants), 20, 'read'), false, JSON.stringify(grants))
  assert.equal(mayReach({ preferences: {} }, 20, 'read'), false)
  assert.equal(mayReach(owner(many(101)), 20, 'read'), false)
  assert.equal(mayReach(owner(many(100)), 20, 'read'), true)
})

test('what is malformed grants nothing, and takes nothing from what is well-formed', () => {
  const malformed = [
    null,
    20,
    '20',
    [20, 'read'],
    {},
    { agent_number: 20 },
    { memory: 'read' },
    { ...read, agent_number: '20' },
    { ...read, agent_number: 20.5 },
    { ...read, agent_number: null },
    { ...read, memory: 'READ' },
    { ...read, memory: ['read'] },
    { ...read, memory: true },
    { ...read, expires: 'never' },
  ]
  for (const grant of malformed) {
    assert.equal(mayReach(owner([grant]), 20, 'read'), false, JSON.stringify(grant))
    assert.equal(mayReach(owner([grant, read]), 20, 'read'), true, JSON.stringify(grant))
  }
  for (const agent_number of [0, -1, 10_000, Number.NaN, Infinity])
    assert.equal(mayReach(owner([{ agent_number, memory: 'write' }]), agent_number, 'read'), false)
})

test('a grant that only a prototype has is none', () => {
  const preferences = Object.create({ grants: [read] }) as Record<string, unknown>
  assert.equal(mayReach({ preferences }, 20, 'read'), false)
})

test('whom an agent lets in, for its memory or its actions, is named once and in order', () => {
  const action_grants = [
    { agent_number: 30, actions: ['add'] },
    { agent_number: 21, actions: ['*'] },
    { agent_number: 31, actions: [] },
    { agent_number: 0, actions: ['*'] },
  ]
  assert.deepEqual(granted({ preferences: { grants: [write, read], action_grants } }), [20, 21, 30])
  assert.deepEqual(granted({ preferences: {} }), [])
  assert.deepEqual(granted({ preferences: { grants: many(101), action_grants: 'all' } }), [])
})
