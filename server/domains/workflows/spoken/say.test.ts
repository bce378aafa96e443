import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listed, sayDidRun, sayFailed, sayMoment, sayRan, sayWhen, sayWhyFailed } from './say.ts'
import type { SaidRun } from './store.ts'

const NOW = Date.parse('2026-11-25T10:30:00+01:00')
const HOW = {
  now: NOW,
  time_zone: 'Europe/Berlin',
  nameOf: (id: string) => ({ b: 'Backup', m: 'Morning' })[id] ?? id,
}
const NIGHT = { since: 0, until: NOW, said: 'last night' }
const TODAY = { since: 0, until: NOW, said: 'today' }

function run(workflow_id: string, at: string, more: Partial<SaidRun> = {}): SaidRun {
  const moment = `2026-11-${at}:00.000Z`
  const times = { created_at: moment, started_at: moment, ended_at: moment }
  return { id: at, workflow_id, status: 'completed', error: null, ...times, ...more }
}
const bad = (workflow_id: string, at: string, error: string | null = 'AGENT_003: The disk is full.') =>
  run(workflow_id, at, { status: 'failed', error })

test('a moment is said by the user’s clock, and further away with its day', () => {
  const table: [string, string][] = [
    ['2026-11-25T07:05:00Z', 'at 08:05'],
    ['2026-11-24T23:30:00Z', 'at 00:30'],
    ['2026-11-24T22:59:00Z', 'yesterday at 23:59'],
    ['2026-11-26T00:00:00Z', 'tomorrow at 01:00'],
    ['2026-11-20T07:00:00Z', 'on Friday at 08:00'],
    ['2026-11-18T07:00:00Z', 'on 18 November at 08:00'],
    ['2025-06-01T07:00:00Z', 'on 1 June 2025 at 09:00'],
  ]
  for (const [moment, said] of table) assert.equal(sayMoment(moment, HOW), said)
  assert.equal(sayWhen('2026-11-25T07:05:00Z', HOW), 'today at 08:05')
  assert.equal(sayWhen('2026-11-24T07:05:00Z', HOW), 'yesterday at 08:05')
})

test('what failed is told with its workflow, its time and why, a few of many by name', () => {
  assert.equal(sayFailed([], [], NIGHT, HOW), 'Nothing failed last night: no workflow ran.')
  const ran = [run('b', '25T02:00'), run('m', '25T02:00', { status: 'stopped' })]
  assert.equal(sayFailed([], ran, NIGHT, HOW), 'Nothing failed last night: 2 runs started, 1 completed.')
  assert.equal(
    sayFailed([bad('b', '25T02:00')], ran, NIGHT, HOW),
    'Last night 1 run failed: “Backup” at 03:00 (The disk is full).',
  )
  const six = ['1', '2', '3', '4', '5', '6'].map((minute) => bad('m', `25T02:0${minute}`, null))
  assert.equal(
    sayFailed(six, six, NIGHT, HOW),
    'Last night 6 runs failed: “Morning” at 03:01, “Morning” at 03:02, “Morning” at 03:03, “Morning” at 03:04 and 2 more.',
  )
  const long = sayFailed([bad('b', '25T02:00', 'x'.repeat(5_000))], [], NIGHT, HOW)
  assert.ok(long.length < 200, String(long.length))
})

test('what ran is told by workflow, with how it stands', () => {
  assert.equal(sayRan([], TODAY, HOW), 'No workflow ran today.')
  const runs = [
    run('b', '25T09:00', { status: 'executing', ended_at: null }),
    run('m', '25T08:00', { status: 'failed' }),
    run('b', '25T02:00'),
  ]
  assert.equal(
    sayRan(runs, TODAY, HOW),
    'Today 3 runs started: “Backup” 2 times, the last at 10:00 (not over yet) and “Morning” at 09:00 (failed).',
  )
  const many = Array.from({ length: 500 }, () => run('b', '25T02:00'))
  assert.match(sayRan(many, TODAY, HOW), /^Today 500 runs or more started: /)
})

const did = (runs: SaidRun[], last: SaidRun | undefined, period = true) =>
  sayDidRun('Backup', { runs, last, period: period ? TODAY : undefined }, HOW)

test('whether a workflow ran is yes or no where a time was said, and else when it last did', () => {
  const last = bad('b', '24T02:00')
  assert.equal(did([], undefined), 'No: “Backup” has never run.')
  assert.equal(did([], undefined, false), 'No: “Backup” has never run.')
  assert.equal(
    did([], last),
    'No: “Backup” did not run today. It last ran yesterday at 03:00 and failed (The disk is full).',
  )
  assert.equal(did([], last, false), '“Backup” last ran yesterday at 03:00 and failed (The disk is full).')
  const done = run('b', '25T02:00')
  assert.equal(did([done], done), 'Yes: “Backup” ran today at 03:00 and completed.')
  const open = run('b', '25T09:00', { status: 'queued', started_at: null, ended_at: null })
  assert.equal(
    did([open, done], open),
    'Yes: “Backup” ran 2 times today, the last time today at 10:00 and is not over yet.',
  )
})

const whyFailed = (failed: SaidRun | undefined, last: SaidRun | undefined, period = false) =>
  sayWhyFailed('Backup', { failed, last, period: period ? TODAY : undefined }, HOW)

test('why a workflow failed is its reason without any code, and what came since', () => {
  assert.equal(whyFailed(undefined, undefined), '“Backup” has never run.')
  const failed = bad('b', '24T02:00', 'fetch: AGENT_003: The net is down.')
  assert.equal(whyFailed(failed, failed), '“Backup” failed yesterday at 03:00: fetch: The net is down.')
  const done = run('b', '25T02:00')
  const since = 'It last ran today at 03:00 and completed.'
  assert.equal(
    whyFailed(failed, done),
    `“Backup” failed yesterday at 03:00: fetch: The net is down. ${since}`,
  )
  assert.equal(whyFailed(undefined, done), `“Backup” has not failed. ${since}`)
  assert.equal(whyFailed(undefined, done, true), `“Backup” did not fail today. ${since}`)
  const mute = bad('b', '25T02:00', null)
  assert.equal(whyFailed(mute, mute), '“Backup” failed today at 03:00, and left no reason.')
  const long = bad('b', '25T02:00', 'x'.repeat(5_000))
  assert.ok(whyFailed(long, long).length < 460)
})

test('names are listed with the last one joined, and too many are counted', () => {
  assert.deepEqual(
    [
      listed([]),
      listed(['a']),
      listed(['a', 'b']),
      listed(['a', 'b', 'c'], 'or'),
      listed('a b c d e f'.split(' ')),
    ],
    ['', 'a', 'a and b', 'a, b or c', 'a, b, c, d and 2 more'],
  )
})
