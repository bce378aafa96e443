import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowDefinition } from '../contract/workflows.ts'
import { sayCron, startOf } from './starts.ts'

const CRONS: Readonly<Record<string, string>> = {
  '0 8 * * 1-5': 'weekdays at 08:00',
  '0 8 * * MON-FRI': 'weekdays at 08:00',
  '5 7 * * *': 'every day at 07:05',
  '0 0 7 ? * ?': 'every day at 07:00',
  '30 9 * * 1,5': 'Mondays and Fridays at 09:30',
  '0 10 * * sat,sun': 'weekends at 10:00',
  '0 10 * * 6-7': 'weekends at 10:00',
  '0 10 * * 7': 'Sundays at 10:00',
  '0 10 * * 0-6': 'every day at 10:00',
  '0 8,12,18 * * *': 'every day at 08:00, 12:00 and 18:00',
  '0 9 1 * *': 'on day 1 of every month at 09:00',
  '* * * * *': 'every minute',
  '*/15 * * * *': 'every 15 minutes',
  '*/15 * * * 1-5': 'every 15 minutes on weekdays',
  '0 * * * *': 'every hour',
  '0 */6 1 * *': 'every 6 hours on day 1 of every month',
  '20 * * * *': 'every hour, 20 minutes past',
  '@daily': 'every day at 00:00',
  '@hourly': 'every hour',
}

test('a plain cron expression is said in words', () => {
  for (const [cron, words] of Object.entries(CRONS)) assert.equal(sayCron(cron), words, cron)
})

test('one that words would tell wrongly or at length is not said', () => {
  const table = `0 8 * 6 *|0 8 1,15 * *|0 9 13 * FRI|0 9 * * FRI#2|0 9 L * *|*/7 * * * *|0 */5 * * *|0 1,2,3,4,5 * * *|
    0 9-17 * * *|30 0 8 * * *|0 8 * *|0 8 * * * * *|0 8 * * 1-|0 8 * * 8|0 8 * * */2|@yearly|@reboot||nonsense`
  for (const cron of table.split('|')) assert.equal(sayCron(cron.trim()), undefined, cron)
})

function starts(trigger: WorkflowDefinition['trigger']): string {
  return startOf({
    trigger,
    steps: [],
    error_handling: { strategy: 'fail_fast', notification_on_error: false },
    timeout_ms: 1,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
  })
}

test('what is not said in words is shown as it is, and moves nothing on the terminal', () => {
  assert.equal(
    starts({ type: 'schedule', conditions: { cron: '0 9 L * *' } }),
    'by the cron expression 0 9 L * *',
  )
  assert.equal(
    starts({ type: 'schedule', conditions: { cron: '\u001B[2J' } }),
    'by the cron expression \\u001b[2J',
  )
  assert.doesNotMatch(starts({ type: 'voice_command', conditions: { phrase: '\u202Ehalt' } }), /\u202E/)
})

test('lengths are said in the largest unit that is exact', () => {
  const table: readonly (readonly [number, string])[] = [
    [90_000, 'every 90 s'],
    [300_000, 'every 5 min'],
    [7_200_000, 'every 2 h'],
    [86_400_000, 'every day'],
    [172_800_000, 'every 2 days'],
    [60_001, 'every 60001 ms'],
  ]
  for (const [every_ms, words] of table)
    assert.equal(starts({ type: 'schedule', conditions: { every_ms } }), words)
})
