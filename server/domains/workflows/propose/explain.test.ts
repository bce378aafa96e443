import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowDefinition, WorkflowStep } from '../../../../contract/workflows.ts'
import { definition as definitionOf } from '../validate/rig.ts'
import { explain } from './explain.ts'
import { FIRST_AGENTS } from './proposal.ts'
import { SKILLS, proposed } from './rig.ts'

const LIST: WorkflowStep = { id: 'a', agent_number: 4, action: 'list', parameters: {} }
const AT_THE_END = 'Each step is tried once, and a run takes at most a minute.'

function said(more: Partial<WorkflowDefinition>): string {
  return explain(definitionOf({ steps: [LIST], ...more }), FIRST_AGENTS)
}

test('a proposal says when it runs, each step, what follows a failure, and how often that is', async () => {
  const { explanation, impact } = await proposed(
    'every 15 minutes check https://example.org and tell me if it is down',
  )
  assert.equal(
    explanation,
    'Every 15 minutes, it runs 2 steps. One after the other: (1) Fetcher: get (url "https://example.org"); ' +
      '(2) tell you what was found, if "page" fails. When a step fails, the others go on all the same, and there is no ' +
      'further notice. Each step is tried up to 3 times, and a run takes at most 4 minutes. That is 96 runs a day.',
  )
  assert.deepEqual(impact, ['Step 1 leaves this machine (Fetcher): check https://example.org.'])
})

test('impact names what is changed, sent and removed, and nothing that is only read or told', async () => {
  const sentence =
    'every day at 8 list my tasks, add milk to my shopping list, delete all my notes and post hi to https://example.org'
  assert.deepEqual((await proposed(sentence)).impact, [
    'Step 2 changes something (Tasks & Lists): add milk to my shopping list.',
    'Step 3 removes something (Notes & Memory): delete all my notes.',
    'Step 4 leaves this machine (Fetcher): post hi to https://example.org.',
  ])
  assert.deepEqual((await proposed('every day at 8 list my tasks and tell me')).impact, [])
})

test('a time that was not said is one that is told', async () => {
  const ending = ' No time was said, so it is in the morning.'
  assert.ok((await proposed('every day list my tasks')).explanation.endsWith(ending))
  assert.ok(!(await proposed('every day at 8 list my tasks')).explanation.endsWith(ending))
})

test('every kind of trigger is said in words', () => {
  const triggers: readonly (readonly [WorkflowDefinition['trigger'], string])[] = [
    [{ type: 'manual', conditions: {} }, 'When you start it'],
    [{ type: 'webhook', conditions: {} }, 'When its webhook is called'],
    [{ type: 'voice_command', conditions: { phrase: 'good night' } }, 'When you say "good night"'],
    [{ type: 'agent_completion', conditions: {}, source_agent: 5 }, 'Each time agent 5, Data, finishes'],
    [
      { type: 'agent_completion', conditions: { success: false, action: 'sum' }, source_agent: 77 },
      'Each time agent 77 fails with sum',
    ],
    [{ type: 'schedule', conditions: { every_ms: 90_000 } }, 'Every 90 seconds'],
    [{ type: 'schedule', conditions: { every_ms: 3_600_000 } }, 'Every hour'],
    [
      { type: 'schedule', conditions: { at: '2026-12-24T18:00' } },
      'Once, on Thursday 24 December 2026 at 18:00',
    ],
    [{ type: 'schedule', conditions: { at: '2026-12-24T18:00Z' } }, 'Once, at 2026-12-24T18:00Z'],
    [{ type: 'schedule', conditions: {} }, 'On a schedule that cannot be read'],
  ]
  for (const [trigger, words] of triggers)
    assert.ok(said({ trigger }).startsWith(`${words}, it runs one step.`), words)
})

test('every cron expression is said as days and times, and what is none is not shown', () => {
  const table: readonly (readonly [cron: string, words: string])[] = [
    ['0 8 * * 1-5', 'Every weekday at 08:00'],
    ['30 7,19 * * *', 'Every day at 07:30 and 19:30'],
    ['0 10 * * 6,0', 'Every Saturday and Sunday at 10:00'],
    ['45 8 * * 1,4,0', 'Every Monday, Thursday and Sunday at 08:45'],
    ['0 8 1 * *', 'On day 1 of every month at 08:00'],
    ['0 8 L * *', 'On the last day of every month at 08:00'],
    ['0 9 * * 5#L', 'On the last Friday of every month at 09:00'],
    ['0 9 29 2 *', 'Every year on 29 February at 09:00'],
    ['0 8 1 */3 *', 'On day 1 of every 3 months at 08:00'],
    ['*/15 9-16 * * 1-5', 'Every weekday every 15 minutes, from 09:00 to 16:59'],
    ['0 9-17/2 * * *', 'Every day every 2 hours, from 09:00 to 17:00'],
    ['0 6-11/2 * * *', 'Every day at 06:00, 08:00 and 10:00'],
    ['*/15 22-23,0-5 * * *', 'Every day every 15 minutes, from 22:00 to 05:59'],
    ['0 8 1 * 1', 'On day 1 of every month and every Monday at 08:00'],
    ['0 8 13 * +FRI', 'On day 13 of every month if it is Friday at 08:00'],
    [
      '0 9 */2 * MON',
      'On days 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29 and 31 of every month if it is Monday at 09:00',
    ],
    ['0 0 8 * * 1', 'Every Monday at 08:00'],
    ['30 0 8 * * 1', 'Every Monday at 08:00, at 30 seconds'],
    ['*/10 * * * * *', 'Every day every minute, every 10 seconds'],
    [
      '0,30 9-12,14 * JAN,MAR SUN',
      'Every Sunday in January and March every 30 minutes, in the hours 9 to 12 and 14',
    ],
    ['5,35 * * * *', 'Every day at 5 and 35 minutes past the hour'],
    ['15 */3 * * *', 'Every day every 3 hours, 15 minutes past'],
    ['0 8 LW * *', 'On the last working day of every month at 08:00'],
    ['0 8 15W * *', 'On the working day nearest to day 15 of every month at 08:00'],
    ['0 9 1-7,20 * *', 'On days 1 to 7 and 20 of every month at 09:00'],
    ['0 8 * * MON,FRI#2', 'Every Monday and the second Friday at 08:00'],
    ['0 8 * 12 5L', 'On the last Friday of December at 08:00'],
    ['@hourly', 'Every day every hour'],
    ['@monthly', 'On day 1 of every month at 00:00'],
    ['7-9 8 * * 8', 'On a schedule that cannot be read'],
  ]
  for (const [cron, words] of table) {
    assert.ok(said({ trigger: { type: 'schedule', conditions: { cron } } }).startsWith(`${words}, it`), cron)
  }
})

test('what follows a failure is what the strategy says', () => {
  const two = [LIST, { ...LIST, id: 'b' }]
  const failure = (
    strategy: WorkflowDefinition['error_handling']['strategy'],
    notification_on_error: boolean,
  ) => said({ steps: two, error_handling: { strategy, notification_on_error, fallback_steps: [LIST] } })
  assert.match(failure('fail_fast', true), /When a step fails, the rest is not done, and you are told\./)
  assert.match(failure('retry', true), /When a step fails, the rest is not done, and you are told\./)
  assert.match(failure('continue', false), /the others go on all the same, and there is no further notice\./)
  assert.match(
    failure('fallback', true),
    /1 other steps are run in its place; if these fail too, you are told\./,
  )
})

const own = (action: string, parameters: WorkflowStep['parameters'], condition?: string): string =>
  said({
    steps: [
      { id: 'x', agent_number: 0, action, parameters, ...(condition === undefined ? {} : { condition }) },
    ],
  })

const that = (words: string): string =>
  `When you start it, it runs one step. That is to: ${words}. When it fails, you are told. ${AT_THE_END}`

test('the steps of agent 0, conditions and expressions are said in words', () => {
  assert.equal(
    own('notify', { text: '{{steps.a.result.n}} of "all" \\{{x}}' }),
    that(`tell you "… of 'all' {{x}}"`),
  )
  assert.equal(own('notify', { text: '{{steps.a.result.text}}' }), that('tell you what was found'))
  assert.equal(
    own('wait', { seconds: 90 }, "steps.a.status !== 'completed'"),
    that('wait 90 seconds, if "a" fails'),
  )
  assert.equal(
    own('wait_for_approval', { text: 'Go?' }, `!(steps.a.status === 'completed')`),
    that('ask you "Go?" and wait for your answer, unless "a" works'),
  )
  assert.equal(own('set', { value: 1 }, 'input.x > 3'), that('work something out, only if input.x > 3'))
})

test('a workflow of many steps is said in a bounded text, whatever is in it', () => {
  const text = `{{${'x'.repeat(3000)}`
  const steps = Array.from({ length: 200 }, (_, index) => ({
    id: `s${index}`,
    agent_number: 4,
    action: 'a\n'.repeat(40),
    parameters: { [text]: [text, { deep: text }], plain: '\u202e"\n"'.repeat(900), n: null },
    condition: text,
    depends_on: [],
  }))
  const words = explain(definitionOf({ steps }), new Map([[4, text]]))
  assert.ok(words.length < 8_000)
  assert.match(
    words,
    /it runs 200 steps\. Each as soon as those before it are done: \(1\) .*; and 188 more\./s,
  )
})

test('the agents that a user begins with are those of the skills', () => {
  assert.deepEqual(
    [...FIRST_AGENTS],
    SKILLS.map(({ agent }) => [agent.number, agent.name]),
  )
})
