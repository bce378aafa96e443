import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { budget, scope } from '../evaluate/rig.ts'
import { compileCondition, evaluateCondition } from '../evaluate/expression.ts'
import { compileTemplate, evaluateTemplate } from '../evaluate/template.ts'
import type { Json } from '../evaluate/value.ts'
import { OWN, SKILLS, proposed } from './rig.ts'

/** What a run has found: the result of an agent's step, or the error with which it failed. */
type Found = Readonly<Record<string, Json | Error>>

/** What a workflow tells when its steps have these outcomes; results are of the form that the actions really have. */
async function told(sentence: string, found: Found, trigger: Json = {}): Promise<string[]> {
  const { definition } = await proposed(sentence)
  const steps: Record<string, Json> = {}
  const texts: string[] = []
  for (const { id, agent_number, action, parameters, condition } of definition.steps) {
    const around = scope({ steps, trigger, time_zone: 'Europe/Berlin' })
    const runs = condition === undefined || evaluateCondition(compileCondition(condition), around, budget())
    if (!runs) {
      steps[id] = { status: 'skipped', result: null }
      continue
    }
    const given = evaluateTemplate(compileTemplate(parameters as Json), around, budget())
    const outcome = found[id]
    if (agent_number === 0) {
      assert.ok(Value.Check(OWN[action]?.parameters ?? {}, given), `${action} ${JSON.stringify(given)}`)
      if (action === 'notify') texts.push((given as { text: string }).text)
      steps[id] = { status: 'completed', result: outcome instanceof Error ? null : (outcome ?? {}) }
    } else if (outcome instanceof Error)
      steps[id] = { status: 'failed', result: null, error: outcome.message }
    else {
      const skill = SKILLS.find(({ agent }) => agent.number === agent_number)
      assert.ok(
        Value.Check(skill?.actions[action]?.result ?? {}, outcome),
        `${id} ${JSON.stringify(outcome)}`,
      )
      steps[id] = { status: 'completed', result: outcome ?? null }
    }
  }
  return texts
}

const items = (...texts: string[]): Json => ({
  list: 'to do',
  items: texts.map((text) => ({ item_id: text, text, priority: 'normal' })),
  other_lists: [],
})
const reminder = (text: string, due: string): Json => ({ reminder_id: text, text, kind: 'reminder', due })
const note = (text: string): Json => ({
  memory_id: text.slice(0, 8),
  text,
  memory_type: 'note',
  tags: [],
  created_at: '2026-11-22T09:00:00.000Z',
  trust: 'trusted',
})
const answered = (status: number): Json => ({
  status,
  headers: {},
  body: '',
  encoding: 'text',
  url: 'https://example.org/',
  untrusted: true,
})
const CHECK = 'every 15 minutes check https://example.org and tell me if it is down'

test('a briefing names the day and what each source has', async () => {
  const found = {
    notes: { memories: [note('the spare key is under the stone')] },
    reminders: { reminders: [reminder('call home', '2026-11-23T18:00:00+01:00')] },
    tasks: items('tax', 'bins', 'fence'),
  }
  assert.deepEqual(await told('every weekday at 8 make a briefing', found), [
    'Your briefing for Sunday, 22 November:\n1 note: the spare key is under the stone.\n' +
      '1 reminder: call home (Mon 23 Nov 18:00).\n3 tasks: tax, bins, fence.',
  ])
})

test('a source that fails takes nothing from the others', async () => {
  const found = { notes: new Error('No.'), reminders: { reminders: [] }, tasks: items() }
  assert.deepEqual(await told('every weekday at 8 make a briefing', found), [
    'Your briefing for Sunday, 22 November:\nThis could not be done: list my notes\nNo reminders.\nNo tasks.',
  ])
})

test('twelve of many are named and the rest is counted, however long they are', async () => {
  const many = items(...Array.from({ length: 500 }, (_, index) => `task ${index}`))
  assert.deepEqual(await told('every day at 8 list my tasks', { tasks: many }), [
    `500 tasks: ${Array.from({ length: 12 }, (_, index) => `task ${index}`).join(', ')} and 488 more.`,
  ])
  const huge = { memories: Array.from({ length: 50 }, () => note('x'.repeat(10_000))) }
  const [text = ''] = await told('every day at 8 list my notes', { notes: huge })
  assert.ok(text.startsWith('50 notes: xxx') && text.endsWith(' and 38 more.') && text.length < 2_000)
})

test('a site that is down is told with the reason, and one that is up is not', async () => {
  assert.deepEqual(await told(CHECK, { page: answered(200) }), [])
  assert.deepEqual(await told(CHECK, { page: answered(399) }), [])
  assert.deepEqual(await told(CHECK, { page: answered(503) }), [
    'No good answer: https://example.org (status 503)',
  ])
  assert.deepEqual(await told(CHECK, { page: new Error('refused') }), [
    'No good answer: https://example.org (refused)',
  ])
})

test('a failure that is asked about ends no run and is told once', async () => {
  const { definition } = await proposed(CHECK)
  assert.deepEqual(definition.error_handling, { strategy: 'continue', notification_on_error: false })
  const looking = await proposed('every day at 8 list my tasks')
  assert.deepEqual(looking.definition.error_handling, { strategy: 'continue', notification_on_error: true })
  const changing = await proposed('every day at 8 list my tasks and delete all my notes')
  assert.deepEqual(changing.definition.error_handling, { strategy: 'fail_fast', notification_on_error: true })
})

const attempts = async (sentence: string) => (await proposed(sentence)).definition.retry_policy.max_attempts

test('what may have been sent is not sent again by itself', async () => {
  assert.equal(await attempts('every hour post hello to https://example.org/x'), 1)
  assert.equal(await attempts('every hour fetch https://example.org/x'), 3)
})

test('conditions look at what the step before has found', async () => {
  const any = 'every evening list my tasks and tell me if there are any'
  assert.deepEqual(await told(any, { tasks: items() }), [])
  assert.deepEqual(await told(any, { tasks: new Error('No.') }), [])
  assert.deepEqual(await told(any, { tasks: items('a') }), ['1 task: a.'])
  const other = 'every evening list my tasks, if there are none tell me that all is done, otherwise tell me'
  assert.deepEqual(await told(other, { tasks: items() }), ['All is done'])
  assert.deepEqual(await told(other, { tasks: items('a', 'b') }), ['2 tasks: a, b.'])
  const more = 'every evening list my tasks and tell me if there are more than 2'
  assert.deepEqual(await told(more, { tasks: items('a', 'b') }), [])
  assert.deepEqual(await told(more, { tasks: items('a', 'b', 'c') }), ['3 tasks: a, b, c.'])
})

const page = (text: string): Found => ({
  page: { url: 'https://example.org/', title: 'Shop', text, untrusted: true },
})

test('a condition at the end of what only looks is about what it finds', async () => {
  const many = 'every weekday at 6 pm list my tasks if there are more than 2'
  assert.deepEqual(await told(many, { tasks: items('a', 'b') }), [])
  assert.deepEqual(await told(many, { tasks: items('a', 'b', 'c') }), ['3 tasks: a, b, c.'])
  const some = "every day at 9 read my list but only if it isn't empty"
  assert.deepEqual(await told(some, { tasks: items() }), [])
  assert.deepEqual(await told(some, { tasks: items('a') }), ['1 task: a.'])
  const both = 'every hour list my tasks and list my reminders if there are any'
  assert.deepEqual(await told(both, { tasks: items('a'), reminders: { reminders: [] } }), ['1 task: a.'])
})

test('"otherwise" is said of the condition before it', async () => {
  const sentence =
    'every evening list my tasks and tell me if there are any, then list my notes, if there are none tell me, otherwise tell me that notes are there'
  const [tasks, notes] = [items('a'), { memories: [note('b')] }]
  assert.deepEqual(await told(sentence, { tasks, notes }), ['1 task: a.', 'Notes are there'])
  assert.deepEqual(await told(sentence, { tasks, notes: { memories: [] } }), ['1 task: a.', 'No notes.'])
})

test('words on a page are found in any case, also in one that is huge', async () => {
  const sentence = 'every day at 7 read the page https://example.org and tell me if it says "On Sale"'
  assert.deepEqual(await told(sentence, page('now ON SALE.')), ['Shop: now ON SALE.'])
  assert.deepEqual(await told(sentence, page('sold out')), [])
  const [text = ''] = await told(sentence, page(`on sale ${'x'.repeat(900_000)}`))
  assert.equal(text.length, 'Shop: '.length + 500)
})

test('what an agent has said is told at its end, or why it failed', async () => {
  const sentence = 'when agent 5 finishes, tell me the result'
  const say = async (result: Json) => told(sentence, {}, { agent_number: 5, action: 'calculate', result })
  assert.deepEqual(await say({ success: true, data: { value: 42 }, text: '6 times 7 is 42.' }), [
    'Agent 5 has finished (calculate). 6 times 7 is 42.',
  ])
  assert.deepEqual(await say({ success: false, error: 'AGENT_003: It took too long.' }), [
    'Agent 5 has finished (calculate). AGENT_003: It took too long.',
  ])
  assert.deepEqual(await say({ success: true, data: null, text: 'x'.repeat(3_000) }), [
    `Agent 5 has finished (calculate). ${'x'.repeat(3_000)}`.slice(0, 1_899),
  ])
})

/** What the first step of a workflow is given. */
async function firstGiven(sentence: string, trigger: Json): Promise<Json> {
  const { definition } = await proposed(sentence)
  const { parameters } = definition.steps[0] ?? {}
  const around = scope({ steps: {}, trigger, time_zone: 'Europe/Berlin' })
  return evaluateTemplate(compileTemplate((parameters ?? null) as Json), around, budget())
}

test('"it" is what the agent was asked to keep, else what it has said, and what came with the call of a webhook', async () => {
  const saved = 'when agent 2 remembers something, add it to my reading list'
  const kept: Json = { success: true, data: { text: 'Buy milk' }, text: 'I will remember that.' }
  assert.deepEqual(await firstGiven(saved, { result: kept }), { items: ['Buy milk'], list: 'reading' })
  const said: Json = { success: true, data: null, text: 'All done.' }
  assert.deepEqual(await firstGiven(saved, { result: said }), { items: ['All done.'], list: 'reading' })
  assert.deepEqual(await firstGiven('when the webhook is called, add it to my list', { body: 'Call Tom' }), {
    items: ['Call Tom'],
  })
})

const watches = (at: string): Json => ({
  watches: [
    {
      watch_id: 'w',
      kind: 'file',
      target: '/data/a.csv',
      label: 'a.csv',
      every_seconds: 60,
      state: 'watching',
      last_change: { at, text: 'a.csv has 3 new lines.', added: [], removed: [] },
    },
  ],
})

test('a change is told once, in the run after it, and a watch is made only where there is none', async () => {
  const sentence = 'make a workflow that tells me when /data/a.csv changes'
  const trigger = { due: '2026-11-22T10:00:00.000Z' }
  const fresh = await told(sentence, { watches: watches('2026-11-22T09:45:00.000Z') }, trigger)
  assert.deepEqual(fresh, ['/data/a.csv has changed. a.csv has 3 new lines.'])
  assert.deepEqual(await told(sentence, { watches: watches('2026-11-22T09:30:00.000Z') }, trigger), [])
  const watch = { watch_id: 'w', next_check: '2026-11-22T10:00:00.000Z' }
  assert.deepEqual(await told(sentence, { watches: { watches: [] }, watch }, trigger), [])
})

test('what the other known results say', async () => {
  const feed = { entries: [{ id: '1', title: 'Bees' }], untrusted: true }
  assert.deepEqual(await told('every hour get the headlines from https://example.org/feed.xml', { feed }), [
    '1 entry: Bees.',
  ])
  const event = {
    event: {
      kind: 'event',
      id: '1',
      title: 'Dentist',
      start: '2026-11-23T09:00:00+01:00',
      end: '2026-11-23T10:00:00+01:00',
      all_day: false,
    },
  }
  const briefing = 'every day at 8 make a briefing from my calendar'
  const lead = 'Your briefing for Sunday, 22 November:\n'
  assert.deepEqual(await told(briefing, { next: event }), [`${lead}Next: Dentist (Mon 23 Nov 09:00).`])
  assert.deepEqual(await told(briefing, { next: { event: null } }), [`${lead}Nothing is coming up.`])
  const sum = 'every day at midnight calculate 6 * 7 and tell me the answer'
  assert.deepEqual(await told(sum, { result: { value: 42 } }), ['The result is 42.'])
  const integrity = { ok: false, problems: ['page 3'], lines: 9 }
  const checked = 'every day at 20:00 check the integrity of my data and tell me if there are any problems'
  assert.deepEqual(await told(checked, { integrity }), ['Damaged: page 3'])
  assert.deepEqual(await told(checked, { integrity: { ok: true, problems: [], lines: 9 } }), [])
})

test('a time without a day is that of the day of the run', async () => {
  const { definition } = await proposed(
    'every monday at 9 list my tasks and remind me at 10 to plan the week',
  )
  const [, remind] = definition.steps
  const given = evaluateTemplate(
    compileTemplate((remind?.parameters ?? {}) as Json),
    scope({ time_zone: 'Europe/Berlin' }),
    budget(),
  )
  assert.deepEqual(given, { at: '2026-11-22T09:00:00.000Z', text: 'plan the week' })
})
