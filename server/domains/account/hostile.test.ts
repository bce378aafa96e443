import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

type Given = Input<Operations['account.import']>
type Entry = NonNullable<Given['records']>[number]

const bring = ({ ask, ann }: Server, given: Given) => ask(ann.token, 'account.import', given)

const CREATED = { created_at: '2026-01-02T03:04:05.000Z' }
const REMINDER = {
  kind: 'reminder',
  text: 'stretch',
  status: 'waiting',
  first: '2026-11-22T11:00:00',
  time_zone: 'UTC',
}
const AT = Date.UTC(2026, 10, 22, 11)
const ITEM = { text: 'milk', done: false, priority: 'normal' }
const WATCH = { kind: 'url', target: 'https://example.org/', label: 'example', every_seconds: 60 }
const VEVENT = [
  'vevent',
  [
    ['uid', {}, 'text', 'e1'],
    ['dtstart', {}, 'date-time', '2026-11-23T09:00:00Z'],
    ['summary', {}, 'text', 'Dentist'],
  ],
  [],
]
const EVENT = { uid: 'e1', title: 'Dentist', calendar: ['vcalendar', [], [VEVENT]] }
const TAUGHT = { phrase: 'good night', agent_number: 3, action: 'list' }

const reminder = (body: unknown, more: Partial<Entry> = {}): Entry => {
  return { agent_number: 3, collection: 'reminder', group: 'waiting', at: AT, body, ...CREATED, ...more }
}
const item = (body: unknown, more: Partial<Entry> = {}): Entry => {
  return { agent_number: 4, collection: 'item', group: 'shopping', at: 1, body, ...CREATED, ...more }
}
const watch = (body: unknown, more: Partial<Entry> = {}): Entry => {
  return { agent_number: 7, collection: 'watch', group: 'watching', at: AT, body, ...CREATED, ...more }
}
const event = (body: unknown): Entry => {
  return { agent_number: 3, collection: 'event', group: '', at: AT + 86_400_000, body, ...CREATED }
}
const taught = (body: unknown, group = '3'): Entry => {
  return { agent_number: 1, collection: 'taught_phrase', group, at: AT, body, ...CREATED }
}

test('no document comes in that is not what its skill keeps, and each is named', async (context) => {
  const server = await openServer(context)
  const calendar = (...parts: unknown[]) => ({ ...EVENT, calendar: ['vcalendar', [], parts] })
  const records: [Entry, RegExp][] = [
    [reminder(REMINDER, { at: 1e300 }), /^\/at /],
    [reminder(REMINDER, { at: -1 }), /^\/at /],
    [reminder(REMINDER, { group: 'rung' }), /agree/],
    [reminder(null), /^\/body /],
    [reminder({ ...REMINDER, first: '2026-02-30T11:00:00' }), /agree/],
    [reminder({ ...REMINDER, time_zone: 'Mars/Base' }), /agree/],
    [reminder({ ...REMINDER, repeat: 'every 0 days' }), /agree/],
    [reminder({ ...REMINDER, more: 1 }), /^\/body\/more /],
    [item({ ...ITEM, text: { a: [] } }), /^\/body\/text /],
    [item({ ...ITEM, done: 'x' }), /^\/body\/done /],
    [item(ITEM, { at: 8.64e15 + 2 }), /^\/at /],
    [watch(null), /^\/body /],
    [watch({ ...WATCH, every_seconds: 0 }), /^\/body\/every_seconds /],
    [watch({ ...WATCH, every_seconds: 9.5 }), /^\/body\/every_seconds /],
    [watch({ ...WATCH, target: 'ftp://example.org' }), /agree/],
    [watch({ ...WATCH, kind: 'port', target: 'example.org:0' }), /agree/],
    [event({ ...EVENT, calendar: {} }), /^\/body\/calendar /],
    [event(calendar(['vevent', [['dtstart', {}, 'date-time', 'soon']], []])), /agree/],
    [event(calendar(['vevent', 1, []])), /agree/],
    [event(calendar()), /agree/],
    [event({ ...EVENT, uid: 'e2' }), /agree/],
    [taught({ ...TAUGHT, phrase: '{x}' }), /agree/],
    [taught(TAUGHT, '4'), /agree/],
    [item(ITEM, { collection: 'nothing' }), /^Agent 4 keeps no documents of the kind nothing\.$/],
    [item(ITEM, { collection: 'constructor' }), /keeps no documents/],
    [item(ITEM, { agent_number: 77 }), /^There is no agent 77\.$/],
    [watch(WATCH, { agent_number: 2 }), /^Agent 2 keeps no documents of the kind watch\.$/],
    [watch({ checked_at: 1 }, { collection: 'watch_state' }), /keeps no documents/],
  ]
  const { created, conflicts } = await bring(server, { records: records.map(([record]) => record) })
  assert.equal(created.records, 0)
  for (const [index, [record, reason]] of records.entries())
    assert.match(conflicts[index]?.reason ?? 'none', reason, `${index} ${JSON.stringify(record)}`)
  await server.done(3, 'export_ics')
  assert.deepEqual((await server.done(7, 'list'))['watches'], [])
})

test('what each skill keeps comes in as it is, and does there what it does', async (context) => {
  const server = await openServer(context)
  const records = [
    reminder(REMINDER),
    reminder({ ...REMINDER, status: 'rung', rang_at: 5 }, { group: 'rung', at: 5 }),
    reminder({ ...REMINDER, repeat: 'weekly on MO,TH' }),
    item(ITEM, { at: -3.5 }),
    item({ ...ITEM, done: true, done_at: '2026-01-01T00:00:00Z' }),
    watch({ ...WATCH, contains: 'sold out' }),
    watch({ ...WATCH, kind: 'port', target: '[::1]:22' }),
    event(EVENT),
    taught(TAUGHT),
  ]
  const { created, conflicts } = await bring(server, { records })
  assert.deepEqual([created.records, conflicts], [records.length, []])
  const ics = String((await server.done(3, 'export_ics'))['ics'])
  assert.deepEqual(ics.match(/(?<=SUMMARY:).*/g), ['Dentist', 'stretch', 'stretch'])
  assert.equal(((await server.done(7, 'list'))['watches'] as unknown[]).length, 2)
  assert.equal(((await server.done(4, 'list', { list: 'shopping' }))['items'] as unknown[]).length, 1)
  const { token } = server.ann
  const read = (await server.ask(token, 'account.records', {})).records.map(
    ({ id: _id, ...record }) => record,
  )
  assert.deepEqual(read, records)
})

const MEMORY: NonNullable<Given['memories']>[number] = {
  agent_number: 2,
  memory_type: 'fact',
  content: 'The café closes at six.',
  tags: [],
  ...CREATED,
  expires_at: null,
  source: { kind: 'user' },
  trust: 'trusted',
  pinned: false,
}

test('no file makes the words of others trusted or an order, whatever it says of them', async (context) => {
  const server = await openServer(context)
  const kinds = ['agent', 'web', 'file', 'tool', 'import'] as const
  const told = (kind: (typeof kinds)[number], memory_type: string) => {
    return { ...MEMORY, memory_type, content: `${kind} says`, source: { kind, name: 'x' } }
  }
  const memories = [
    ...kinds.map((kind) => told(kind, 'Instructions')),
    ...kinds.map((kind) => told(kind, 'fact')),
    { ...MEMORY, trust: 'untrusted' as const },
  ]
  const { created, conflicts, warnings } = await bring(server, { memories })
  assert.deepEqual([created.memories, conflicts.map(({ index }) => index)], [6, [0, 1, 2, 3, 4]])
  assert.match(conflicts[0]?.reason ?? '', /standing instruction/)
  const kept = await server.ask(server.ann.token, 'agents.memory_export', { id: '2' })
  assert.deepEqual(new Set(kept.memories.map(({ trust }) => trust)), new Set(['untrusted']))
  assert.deepEqual(warnings, [
    '5 memories say that they are trusted, and are not: they came from others than you.',
  ])
})

test('a time that no clock shows is named, and what comes with it comes in', async (context) => {
  const server = await openServer(context)
  const times = ['2026-12-31T23:59:60Z', '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00+23:59']
  const { created, conflicts } = await bring(server, {
    memories: [
      ...times.map((created_at) => ({ ...MEMORY, created_at })),
      { ...MEMORY, expires_at: times[0] ?? null },
      MEMORY,
    ],
    records: [...times.map((created_at) => item(ITEM, { created_at })), item(ITEM)],
  })
  assert.deepEqual([created.memories, created.records], [1, 1])
  const named = [...times, times[0], ...times].map((time) => `There is no time ${time}.`)
  assert.deepEqual(
    conflicts.map(({ reason }) => reason),
    named,
  )
})
