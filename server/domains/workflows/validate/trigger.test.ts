import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { START } from '../../../../test/app.ts'
import { KNOWN, definition, fallback, found, said, step } from './rig.ts'

type Type = WorkflowTrigger['type']
type Case = readonly [Record<string, unknown>, readonly string[]]
const started = (type: Type, conditions: Record<string, unknown>, source_agent?: number) =>
  definition({ trigger: { type, conditions, ...(source_agent !== undefined && { source_agent }) } })
/** The problems of conditions, below their place. */
const wrong = (type: Type, conditions: Record<string, unknown>, source_agent?: number): string[] =>
  found(started(type, conditions, source_agent)).map((problem) => problem.replace('/trigger/conditions', ''))
const check = (type: Type, cases: readonly Case[], source_agent?: number): void => {
  for (const [conditions, problems] of cases)
    assert.deepEqual(wrong(type, conditions, source_agent), problems, JSON.stringify(conditions))
}

test('a start by hand has no conditions', () => {
  check('manual', [
    [{}, []],
    [{ cron: '0 8 * * *', x: 1 }, ['/cron UNKNOWN_CONDITION', '/x UNKNOWN_CONDITION']],
    [
      JSON.parse('{"__proto__": {}, "a/b": 1}') as Record<string, unknown>,
      ['/__proto__ UNKNOWN_CONDITION', '/a~1b UNKNOWN_CONDITION'],
    ],
  ])
  assert.deepEqual(said(started('manual', { x: 1 })), ['"x" is no condition of manual.'])
})

test('a schedule has exactly one of its three forms', () => {
  check('schedule', [
    [{ cron: '0 8 * * 1-5' }, []],
    [{ every_ms: 60_000, catch_up: 'all' }, []],
    [{ at: '2026-12-24T18:00', timezone: 'America/New_York', catch_up: 'none' }, []],
    [{}, [' MISSING_CONDITION']],
    [{ timezone: 'UTC' }, [' MISSING_CONDITION']],
    [
      { at: '2026-12-24T18:00', cron: '0 8 * * *', every_ms: 1 },
      ['/cron BAD_CONDITION', '/every_ms BAD_CONDITION', '/every_ms TOO_OFTEN'],
    ],
    [{ cron: 8 }, ['/cron BAD_CONDITION']],
    [
      { cron: null, catch_up: 'some', timezone: 1, x: 1 },
      ['/cron BAD_CONDITION', '/catch_up BAD_CONDITION', '/timezone BAD_CONDITION', '/x UNKNOWN_CONDITION'],
    ],
  ])
})

test('an interval is a minute at least, ten years at most, and in whole milliseconds', () => {
  check('schedule', [
    [{ every_ms: 315_576_000_000 }, []],
    [{ every_ms: 315_576_000_001 }, ['/every_ms BAD_CONDITION']],
    [{ every_ms: 59_999 }, ['/every_ms TOO_OFTEN']],
    [{ every_ms: 0 }, ['/every_ms TOO_OFTEN']],
    [{ every_ms: -60_000 }, ['/every_ms TOO_OFTEN']],
    [{ every_ms: 60_000.5 }, ['/every_ms BAD_CONDITION']],
    [{ every_ms: '60000' }, ['/every_ms BAD_CONDITION']],
  ])
})

test('a cron expression has five or six fields that can be read and that some time fits', () => {
  for (const cron of [
    '* * * * *',
    '30 */5 * * * *',
    '0 0 29 2 *',
    '0 8 * JAN-MAR MON-FRI',
    '0 12 L * *',
    '30 7 * * 1#2',
  ])
    check('schedule', [[{ cron }, []]])
  for (const cron of ['*/5 * * * * *', '* * * * * *', '0,30 8 * * * *'])
    check('schedule', [[{ cron }, ['/cron TOO_OFTEN?']]])
  const bad = [
    '',
    '* * * *',
    '* * * * * * *',
    '0 0 * * * * 2026',
    '60 * * * *',
    '* 24 * * *',
    '0 0 32 * *',
    '* * * 13 *',
    '* * * * 8',
  ]
  for (const cron of [
    ...bad,
    '0 0 30 2 *',
    '0 0 31 4,6 *',
    '2026-12-24T18:00:00',
    '0 8 * * MOO',
    `${'1,'.repeat(200)}1 * * * *`,
  ])
    check('schedule', [[{ cron }, ['/cron BAD_CRON']]])
  assert.deepEqual(said(started('schedule', { cron: '0 0 30 2 *' })), ['"cron" never happens.'])
  assert.match(
    said(started('schedule', { cron: '60 * * * *' }))[0] ?? '',
    /^"cron" has "60" where the minute \(0 to 59\) belongs/,
  )
})

test('a leap second is a time that no clock shows, with an offset and without one', () => {
  for (const at of ['2026-12-31T23:59:60Z', '2026-12-31T23:59:60', '2026-12-31 23:59:60.5+01:00'])
    check('schedule', [[{ at }, ['/at BAD_CONDITION']]])
  check('schedule', [[{ at: '2026-12-31T23:59:59Z' }, []]])
})

test('a time zone has a name, and an offset is none', () => {
  const cron = '0 8 * * *'
  for (const timezone of ['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'america/new_york'])
    check('schedule', [[{ cron, timezone }, []]])
  for (const timezone of ['', 'Berlin', '+01:00', 'Mars/Olympus', 'Europe/Berlin ', 'x'.repeat(10_000)])
    check('schedule', [[{ cron, timezone }, ['/timezone UNKNOWN_TIME_ZONE']]])
  // An unknown zone hides nothing about the rest.
  check('schedule', [
    [{ cron: '60 * * * *', timezone: 'x' }, ['/cron BAD_CRON', '/timezone UNKNOWN_TIME_ZONE']],
  ])
  assert.deepEqual(found(started('schedule', { cron }), { ...KNOWN, time_zone: 'Mars/Olympus' }), [])
})

test('a time is an ISO time, and one that has passed is worth a warning', () => {
  const past = ['/at IN_THE_PAST?']
  const bad = ['/at BAD_CONDITION']
  assert.equal(new Date(START).toISOString(), '2026-11-22T10:00:00.000Z')
  const cases: readonly Case[] = [
    [{ at: '2026-11-22T10:00:00Z' }, past],
    [{ at: '2026-11-22T10:00:00.001Z' }, []],
    // The user lives an hour east of it.
    [{ at: '2026-11-22T11:00' }, past],
    [{ at: '2026-11-22T11:01' }, []],
    [{ at: '2026-11-22T10:59', timezone: 'UTC' }, []],
    [{ at: '2026-11-22T12:00+02:00' }, past],
    [{ at: '2026-11-22T12:00+01:00' }, []],
    [{ at: '2026-11-22' }, bad],
    [{ at: 'tomorrow' }, bad],
    [{ at: '2026-02-30T10:00' }, bad],
    [{ at: '2026-12-24T25:00' }, bad],
    [{ at: '9999-12-24T10:00Z' }, bad],
    [{ at: '' }, bad],
    [{ at: START }, bad],
  ]
  check('schedule', cases)
  // In the hour that the clocks leave out.
  check('schedule', [[{ at: '2027-03-28T02:30' }, []]])
})

test('a webhook has one of the methods, in capitals, and names its secret', () => {
  for (const method of ['GET', 'POST', 'PUT']) check('webhook', [[{ method, signed: true }, []]])
  check('webhook', [
    [{}, []],
    [{ method: 'DELETE' }, ['/method BAD_CONDITION']],
    [{ signed: 'yes' }, ['/signed BAD_CONDITION']],
    [{ signed: true, secret: 's' }, ['/secret BAD_CONDITION']],
    [{ signed: true, secret: 'cred:01a' }, []],
    [{ signed: false, secret: 'cred:01a' }, ['/signed BAD_CONDITION']],
    [{ method: 'post' }, ['/method BAD_CONDITION']],
    [
      { method: 'HEAD', secret: '', path: '/x' },
      ['/method BAD_CONDITION', '/secret BAD_CONDITION', '/path UNKNOWN_CONDITION'],
    ],
  ])
})

test('a sentence is one that agents would understand', () => {
  check('voice_command', [
    [{ phrase: 'good night [everybody]', language: 'en' }, []],
    [{}, ['/phrase MISSING_CONDITION']],
    [{ phrase: '' }, ['/phrase BAD_CONDITION']],
    [{ phrase: 7, language: 'in English' }, ['/phrase BAD_CONDITION', '/language BAD_CONDITION']],
    [{ phrase: 'good (night' }, ['/phrase BAD_PHRASE']],
    [{ phrase: '{anything}' }, ['/phrase BAD_PHRASE']],
    [{ phrase: 'x'.repeat(501) }, ['/phrase BAD_CONDITION']],
  ])
  assert.deepEqual(said(started('voice_command', { phrase: 'good (night' })), [
    'This bracket is not closed by ")" (at character 6).',
  ])
})

test('a completion names an agent of the user, and nothing else does', () => {
  check('agent_completion', [[{ action: 'recall', success: true, match: { x: { y: 1 } } }, []]], 2)
  check(
    'agent_completion',
    [
      [
        { action: '', success: 'yes', match: [] },
        ['/action BAD_CONDITION', '/success BAD_CONDITION', '/match BAD_CONDITION', '/action NEVER_STARTS?'],
      ],
    ],
    2,
  )
  assert.deepEqual(wrong('agent_completion', {}), ['/trigger/source_agent MISSING_SOURCE_AGENT'])
  assert.deepEqual(wrong('agent_completion', {}, 9), ['/trigger/source_agent UNKNOWN_AGENT'])
  assert.deepEqual(wrong('agent_completion', {}, 3), ['/trigger/source_agent AGENT_OFF?'])
  assert.deepEqual(wrong('agent_completion', { action: 'fly' }, 2), ['/action NEVER_STARTS?'])
  assert.deepEqual(wrong('agent_completion', { action: 'fly' }, 20), [])
  assert.deepEqual(wrong('agent_completion', { action: 'What did I say' }, 2), [])
  for (const type of ['manual', 'webhook'] as const)
    assert.deepEqual(wrong(type, {}, 2), ['/trigger/source_agent UNUSED_SOURCE_AGENT'])
})

const completed = (conditions: Record<string, unknown>) => ({
  trigger: { type: 'agent_completion' as const, conditions, source_agent: 2 },
})

test('a workflow that does what starts it is worth a warning, also where a fallback step does it', () => {
  const warning = ['/trigger/source_agent STARTS_ITSELF?']
  const recall = step('a', { agent_number: 2, action: 'recall', parameters: { query: 'x' } })
  for (const conditions of [{}, { action: 'recall' }, { action: 'what did i say' }])
    assert.deepEqual(found(definition({ ...completed(conditions), steps: [recall] })), warning)
  assert.deepEqual(found(definition({ ...completed({ action: 'remember' }), steps: [recall] })), [])
  assert.deepEqual(found(definition({ ...completed({}), steps: [step('a')] })), [])
  assert.deepEqual(found(fallback([{ ...recall, id: 'f' }], completed({}))), warning)
})

test('conditions may be as deep as any other data, and no deeper', () => {
  let match: Record<string, unknown> = {}
  for (let level = 0; level < 62; level += 1) match = { match }
  check(
    'agent_completion',
    [
      [{ match }, []],
      [{ match: { match } }, [' BAD_CONDITION']],
    ],
    2,
  )
  for (let level = 0; level < 20_000; level += 1) match = { match }
  check('agent_completion', [[{ match }, [' BAD_CONDITION']]], 2)
})
