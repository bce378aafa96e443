import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { action, shape } from '../../skills/skill.ts'
import type { Action, SlotType } from '../../skills/skill.ts'
import { acceptsSlot, fillCaptures, fillSentence, readReply, splitPayload } from './fill.ts'
import type { Surroundings } from './fill.ts'

/** Sunday 2026-11-22, ten in the morning in Berlin. */
const AROUND: Surroundings = {
  now: Date.parse('2026-11-22T10:00:00+01:00'),
  time_zone: 'Europe/Berlin',
  accepts: { unit: (text) => text === 'km', expression: (text) => /^[\d+ ]+$/.test(text) },
  agentNamed: (text) => (text === 'notes' ? 2 : undefined),
  isWorkflow: (text) => text === 'backup',
}

function act(properties: Type.TProperties, slots: Record<string, SlotType>, more: Partial<Action> = {}) {
  const declared = action({
    summary: '',
    effect: 'read',
    parameters: shape(properties),
    result: shape({}),
    phrases: [],
    examples: [],
    slots,
    perform: () => ({ data: {}, text: '' }),
  })
  return { ...declared, ...more }
}

const text = Type.Optional(Type.String())
const REMIND = act(
  { text: Type.String(), at: text, in_seconds: Type.Optional(Type.Integer()), repeat: text },
  { at: 'time', in_seconds: 'duration' },
  {
    needsOne: ['at', 'in_seconds'],
    questions: { text: 'What?' },
    phrases: ['remind me to {text} {at}', 'do not let me forget {text}'],
  },
)
const ALL = act(
  {
    text,
    count: Type.Optional(Type.Number()),
    items: Type.Optional(Type.Array(Type.String())),
    who: Type.Optional(Type.Integer()),
    unit: text,
    sum: text,
    at: text,
    long: Type.Optional(Type.Number()),
  },
  { who: 'agent', unit: 'unit', sum: 'expression', at: 'time', long: 'duration' },
)

/** Captures as a template hands them over; the places do not matter here. */
function captured(values: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, own]) => [name, { text: own, start: 0, end: own.length }]),
  )
}

test('each capture becomes the value of its type', async () => {
  const said = {
    text: 'Call Mum',
    count: 'twenty five',
    items: 'milk, eggs and Bread',
    who: 'notes',
    unit: 'km',
    sum: '2 + 3',
    at: 'tomorrow at noon',
    long: 'an hour and a half',
  }
  assert.deepEqual(await fillCaptures(ALL, captured(said), '', AROUND), {
    text: 'Call Mum',
    count: 25,
    items: ['milk', 'eggs', 'Bread'],
    who: 2,
    unit: 'km',
    sum: '2 + 3',
    at: '2026-11-23T12:00:00+01:00',
    long: 5400,
  })
})

test('a capture that is not of its type, or that the action does not have, is left out', async () => {
  const said = {
    count: 'many',
    items: ' , ',
    who: 'nobody',
    unit: 'parrots',
    sum: 'milk',
    at: 'sunrise',
    long: 'ages',
    colour: 'red',
    constructor: 'x',
  }
  assert.deepEqual(await fillCaptures(ALL, captured(said), '', AROUND), {})
})

test('a part of a day is all of it where a stretch of time is asked about', async () => {
  const stretch = act({ from: text, to: text }, { from: 'time', to: 'time' })
  for (const [said, from, to] of [
    ['tomorrow afternoon', '2026-11-23T12:00', '2026-11-23T18:00'],
    ['tomorrow evening', '2026-11-23T18:00', '2026-11-23T22:00'],
    ['tomorrow at 15:00', '2026-11-23T15:00:00+01:00', undefined],
    ['tomorrow', '2026-11-23', undefined],
  ] as const)
    assert.deepEqual(
      await fillCaptures(stretch, captured({ from: said }), '', AROUND),
      to === undefined ? { from } : { from, to },
      said,
    )
})

test('a day without a time stays a day, and what repeats says how often where that is asked for', async () => {
  assert.deepEqual(await fillCaptures(REMIND, captured({ at: 'tomorrow' }), '', AROUND), { at: '2026-11-23' })
  assert.deepEqual(await fillCaptures(REMIND, captured({ at: 'every day at 8' }), '', AROUND), {
    at: '2026-11-23T08:00:00+01:00',
    repeat: 'daily',
  })
  for (const ends of [
    'every day at 9 until friday',
    'until friday every day at 9',
    'every 45 minutes from 9 to 17',
    'each day for the next five days at 10',
    'every day at 9 for 2 weeks',
    'every day at 9 three times',
  ])
    assert.match(
      String((await fillCaptures(REMIND, captured({ at: ends }), '', AROUND))['repeat']),
      / with an end$/,
    )
  assert.doesNotMatch(
    String((await fillCaptures(REMIND, captured({ at: 'every two weeks at 9' }), '', AROUND))['repeat']),
    / with an end$/,
  )
  const without = act({ at: text }, { at: 'time' })
  assert.deepEqual(await fillCaptures(without, captured({ at: 'every day at 8' }), '', AROUND), {
    at: '2026-11-23T08:00:00+01:00',
  })
})

async function at(sentence: string): Promise<unknown> {
  return (await fillCaptures(REMIND, captured({ at: 'six' }), sentence, AROUND))['at']
}

test('the whole sentence says which half of the day an hour is in', async () => {
  assert.equal(await at('wake me at six'), '2026-11-23T06:00:00+01:00')
  assert.equal(await at('remind me at six'), '2026-11-22T18:00:00+01:00')
})

test('in a free sentence the time is found first, and the words that are left are the text', async () => {
  assert.deepEqual(await fillSentence(REMIND, 'I have to call Bob tomorrow at noon, remind me', AROUND), {
    text: 'call Bob',
    at: '2026-11-23T12:00:00+01:00',
  })
  assert.deepEqual(await fillSentence(REMIND, 'do not let me forget the Milk', AROUND), { text: 'the Milk' })
  assert.deepEqual(await fillSentence(REMIND, 'remind me', AROUND), {})
})

test('what is quoted is what is meant, articles and all', async () => {
  const count = act({ text: Type.String() }, {}, { phrases: ['count the words in {text}'] })
  for (const quoted of ['"a b c"', '“a b c”', '«a b c»']) {
    assert.deepEqual(await fillSentence(count, `count the words in ${quoted}`, AROUND), { text: 'a b c' })
  }
  assert.deepEqual(await fillSentence(count, 'count the words in "to be" and "not"', AROUND), {
    text: '"to be" and "not"',
  })
})

test('what follows a colon or a line end is the text as a whole', async () => {
  const count = act({ text: Type.String() }, {}, { phrases: ['count the words in {text}'] })
  assert.deepEqual(await fillSentence(count, 'count these: the cat, and the dog.', AROUND), {
    text: 'the cat, and the dog.',
  })
  assert.deepEqual(splitPayload('summarise this:\nOne: two.\nThree.'), {
    command: 'summarise this',
    payload: 'One: two.\nThree.',
  })
})

test('a colon within a time of day, at the end, or late in a long text parts nothing', () => {
  for (const sentence of [
    'wake me at 7:30',
    'remind me at 7: call',
    'remember this:',
    `${'word '.repeat(16)}: more`,
    'no colon at all',
    'read the feed https://example.org/feed.xml',
  ]) {
    assert.deepEqual(splitPayload(sentence), { command: sentence }, sentence)
  }
})

test('the colon of an address parts nothing, that before an address does', () => {
  assert.deepEqual(splitPayload('fetch this: https://example.org:8080/a'), {
    command: 'fetch this',
    payload: 'https://example.org:8080/a',
  })
})

test('since when lies behind, unless the action takes an end as well and looks back itself', async () => {
  const since = { since: text }
  const list = act(since, { since: 'time' })
  const rows: [said: string, since: string][] = [
    ['1 november', '2026-11-01'],
    ['1 december', '2025-12-01'],
    ['monday', '2026-11-16'],
    ['yesterday', '2026-11-21'],
    ['today', '2026-11-22'],
    ['noon', '2026-11-21T12:00:00+01:00'],
    ['8 am', '2026-11-22T08:00:00+01:00'],
  ]
  for (const [said, expected] of rows)
    assert.deepEqual(
      await fillCaptures(list, captured({ since: said }), '', AROUND),
      { since: expected },
      said,
    )
  assert.deepEqual(await fillSentence(list, 'show what is there since 1 november', AROUND), {
    since: '2026-11-01',
  })
  const stretch = act({ ...since, until: text }, { since: 'time', until: 'time' })
  assert.deepEqual(await fillCaptures(stretch, captured({ since: '1 november' }), '', AROUND), {
    since: '2027-11-01',
  })
  assert.deepEqual(await fillCaptures(REMIND, captured({ at: '1 november' }), '', AROUND), {
    at: '2027-11-01',
  })
})

test('a reply fills the parameter that was asked for, or the one that serves as well', async () => {
  assert.deepEqual(await readReply(REMIND, 'text', 'call Bob', AROUND), { text: 'call Bob' })
  assert.deepEqual(await readReply(REMIND, 'at', 'tomorrow', AROUND), { at: '2026-11-23' })
  assert.deepEqual(await readReply(REMIND, 'in_seconds', 'ten minutes', AROUND), { in_seconds: 600 })
  assert.deepEqual(await readReply(REMIND, 'in_seconds', 'tomorrow', AROUND), { at: '2026-11-23' })
  assert.equal(await readReply(REMIND, 'at', 'purple monkeys', AROUND), undefined)
  assert.equal(await readReply(ALL, 'items', ', ;', AROUND), undefined)
})

test('a closed slot accepts its own values alone, and every slot refuses nothing at all', () => {
  const accepted: [string, string, boolean][] = [
    ['number', 'twenty five', true],
    ['number', 'milk', false],
    ['time', 'half past seven', true],
    ['time', 'milk', false],
    ['duration', 'ten minutes', true],
    ['duration', 'ten miles', false],
    ['agent', 'notes', true],
    ['agent', 'nobody', false],
    ['workflow', 'backup', true],
    ['workflow', 'backups', false],
    ['unit', 'km', true],
    ['unit', 'kg', false],
    ['text', 'anything', true],
    ['text', ' ', false],
    ['word', '', false],
  ]
  for (const [type, said, expected] of accepted)
    assert.equal(acceptsSlot(type, said, AROUND), expected, `${type} ${said}`)
  const { isWorkflow: _, ...without } = AROUND
  assert.equal(acceptsSlot('workflow', 'backup', without), false)
  assert.equal(acceptsSlot('time', 'five', AROUND, false), true)
  assert.equal(acceptsSlot('time', 'five', AROUND, true), false)
})

test('what is not to be done is not kept as what is', async () => {
  for (const [sentence, wanted] of [
    ['remind me not to call mum tomorrow at 9', 'not to call mum'],
    ['remind me tomorrow at 9 never to smile', 'never to smile'],
    ['do not let me forget to smile', 'smile'],
  ] as const)
    assert.equal((await fillSentence(REMIND, sentence, AROUND))['text'], wanted, sentence)
})
