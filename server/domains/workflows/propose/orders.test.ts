import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes, proposed } from './rig.ts'
import type { Sentence } from './rig.ts'

/** A sentence, what starts its workflow, and its steps: of several things in one order, of days left out, of backups. */
const SENTENCES: readonly Sentence[] = [
  [
    'every day from monday to thursday at 10 pm list my reminders',
    'cron 0 22 * * 1,2,3,4',
    'reminders 3/list',
    'tell 0/notify',
  ],
  [
    'every day at 8 except sunday list my reminders',
    'cron 0 8 * * 1,2,3,4,5,6',
    'reminders 3/list',
    'tell 0/notify',
  ],
  ['every weekday except friday at 8 list my tasks', 'cron 0 8 * * 1,2,3,4', 'tasks 4/list', 'tell 0/notify'],
  [
    'every first of the month at 9 list my notes and my tasks',
    'cron 0 9 1 * *',
    'notes 2/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'every day at 7 tell me my shopping list and my to do list',
    'cron 0 7 * * *',
    'tasks 4/list {"list":"shopping"}',
    'tasks_2 4/list {"list":"to do"}',
    'tell 0/notify',
  ],
  [
    'every day at 7 tell me the notes about Anna',
    'cron 0 7 * * *',
    'notes 2/recall {"query":"Anna"}',
    'tell 0/notify',
  ],
  [
    'once a backup is made, list my tasks',
    'agent_completion 9 {"action":"backup","success":true}',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'after every backup check the backup',
    'agent_completion 9 {"action":"backup","success":true}',
    'verify_backup 9/verify_backup',
    'tell 0/notify',
  ],
  [
    'every weekday at 8 list my tasks, in Sydney time',
    'cron 0 8 * * 1-5 Australia/Sydney',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'every evening at 18:30 tell me my reminders for tomorrow',
    'cron 30 18 * * *',
    `reminders 3/list {"day":"{{formatDate(addDays(now, 1), 'YYYY-MM-DD')}}"}`,
    'tell 0/notify',
  ],
  [
    'every monday at 7 list my reminders for this week',
    'cron 0 7 * * 1',
    `reminders 3/list {"day":"{{formatDate(addDays(now, 1 - dayOfWeek(now)), 'YYYY-MM-DD')}}","until":"{{formatDate(addDays(now, 8 - dayOfWeek(now)), 'YYYY-MM-DD')}}"}`,
    'tell 0/notify',
  ],
  [
    'every day at 7 fetch https://example.org and tell me what it says',
    'cron 0 7 * * *',
    'page 8/read_page {"url":"https://example.org"}',
    'tell 0/notify',
  ],
]

test('what is worked out can be kept as a note', async () => {
  for (const [sentence, ...actions] of [
    ['every friday at 17:00 summarise my notes and save the summary', 'list', 'remember', 'notify'],
    [
      'every day at 17:00 summarise https://example.org and save the summary',
      'read_page',
      'summarise',
      'remember',
    ],
    ['every day at 17:00 fetch https://example.org and keep it', 'get', 'remember'],
  ] as const) {
    const { definition, unclear } = await proposed(sentence)
    assert.deepEqual(unclear, [], sentence)
    assert.deepEqual(
      definition.steps.slice(0, actions.length).map(({ action }) => action),
      actions,
    )
    assert.match(
      String(definition.steps.find(({ action }) => action === 'remember')?.parameters['text']),
      /^\{\{/u,
    )
  }
})

test('each thing of an order becomes a step, on the days that are meant', async () => {
  await becomes(SENTENCES)
})
